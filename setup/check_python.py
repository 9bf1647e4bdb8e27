"""Stops early, in plain words, where Python is too old or lacks venv (runs on any Python 3)."""

import importlib.util
import sys

if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        "Qiaomen needs Python 3.11 or newer; this is %s. Try: make PYTHON=python3.12 …"
        % sys.version.split()[0]
    )
if importlib.util.find_spec("ensurepip") is None:
    sys.exit(
        "This Python cannot make virtual environments. On Debian: apt-get install python3-venv"
    )
