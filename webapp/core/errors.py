"""Errors that a person can act on: a code for programs, a sentence for people."""

from __future__ import annotations


class Problem(Exception):
    """Something the user can mend. `message` is a catalogue key, filled with `params`.

    Raised by actions, answered at the edge: as JSON `{"code", "message"}` under /api, as a page
    or a flash elsewhere, as one line on standard error in commands.
    """

    status = 400

    def __init__(self, code: str, *, status: int | None = None, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
        if status is not None:
            self.status = status

    @property
    def message(self) -> str:
        """The catalogue key of the sentence."""
        return f"error.{self.code}"


class NotFound(Problem):
    """The thing is not there, or not for this person: both look the same from outside."""

    status = 404

    def __init__(self, code: str = "not_found", **params: object) -> None:
        super().__init__(code, status=None, **params)
