"""Property tests here measure no time: a loaded machine would fail them by chance."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
