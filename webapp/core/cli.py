"""What all commands share: answers for programs and people, errors as sentences, exit codes.

0: done; 1: a row was not imported or a check found differences; 2: wrong use. With `--json`
exactly one object goes to standard output, everything else to standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, NoReturn, TypeVar

import click
import msgspec
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from webapp.core.errors import Problem
from webapp.core.i18n import _

WRONG_USE = 2
_NO_TABLES = ("no such table", "no such column", "UndefinedTable", "UndefinedColumn")
View = TypeVar("View", bound=Callable[..., Any])

as_json = click.option(
    "--json", "as_json", is_flag=True, help="Answer with one JSON object on standard output."
)


def emit(body: Mapping[str, Any], json: bool) -> None:
    """The command's answer: an object for programs, lines `name: value` for people."""
    if json:
        click.echo(msgspec.json.encode(body).decode())
        return
    for line in _lines(body):
        click.echo(line)


def tell(sentence: str) -> None:
    """Something worth knowing, on standard error."""
    click.echo(sentence, err=True)


def fail(sentence: str, code: int = WRONG_USE) -> NoReturn:
    """One line on standard error, then end."""
    click.echo(sentence, err=True)
    sys.exit(code)


def explained(command: View) -> View:
    """Turn a command's problems, and a database that is not there, into a sentence and code 2."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except Problem as problem:
            fail(_(problem.message, **problem.params))
        except (OperationalError, ProgrammingError) as error:
            fail(_why(error))

    return run  # type: ignore[return-value]  # wraps keeps the signature


def _why(error: DBAPIError) -> str:
    """What to do about a database that does not answer, or has not the tables of this version."""
    text = f"{type(error.orig).__name__} {error.orig}"
    if any(sign in text for sign in _NO_TABLES):
        return _("command.database_old")
    return _("command.database_away", reason=str(error.orig).strip().split("\n")[0])


def _lines(body: Mapping[str, Any], indent: str = "") -> list[str]:
    lines: list[str] = []
    for name, value in body.items():
        if isinstance(value, Mapping):
            lines += [f"{indent}{name}:", *_lines(value, indent + "  ")]
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            lines.append(f"{indent}{name}: {len(value)}")
            lines += [
                f"{indent}  " + "  ".join(f"{key}={one}" for key, one in row.items())
                for row in value
            ]
        else:
            lines.append(f"{indent}{name}: {value}")
    return lines
