"""One transaction of the desk, and in words how it went."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import flash
from sqlalchemy.orm import Session

from webapp.core import db
from webapp.core.errors import Problem
from webapp.core.i18n import _


@contextmanager
def said(done: str) -> Iterator[Session]:
    """Do it and say `alerts.done.<done>`; what can be mended is said on the page that follows."""
    try:
        with db.writing() as session:
            yield session
        flash(_(f"alerts.done.{done}"))
    except Problem as problem:
        if problem.status == 404:
            raise
        flash(_(problem.message, **problem.params), "error")
