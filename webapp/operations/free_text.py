"""What an operation says of persons, kept beside it where it can be erased (design 3).

Most types have a note and nothing else. A type that names more fields keeps them as one JSON object
of the same shape as the operation, so that putting the two together gives back what was recorded.
"""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from webapp.operations.registry import Kind

Fields = dict[str, Any]


class PersonalKind(Kind):
    """A type with several personal fields; `a.b` is the field `b` of the object in `a`."""

    personal: ClassVar[tuple[str, ...]]

    def free_text(self, operation: Any, recorded: str) -> str | None:
        """The personal fields that are filled, as JSON."""
        _kept, apart = take_apart(msgspec.json.decode(recorded), self.personal)
        return msgspec.json.encode(apart).decode() if apart else None

    def without_text(self, recorded: str) -> str:
        """All other fields."""
        kept, _apart = take_apart(msgspec.json.decode(recorded), self.personal)
        return msgspec.json.encode(kept).decode()

    def with_text(self, kept: str, text: str) -> str:
        """Both together."""
        return msgspec.json.encode(put_together(msgspec.json.decode(kept), text)).decode()


def take_apart(fields: Fields, paths: tuple[str, ...]) -> tuple[Fields, Fields]:
    """The fields without the personal ones, and the personal ones that are filled."""
    kept, apart = dict(fields), dict[str, Any]()
    for path in paths:
        outer, _, inner = path.partition(".")
        value = kept.get(outer)
        if not inner:
            if value:
                apart[outer] = kept.pop(outer)
        elif isinstance(value, dict) and value.get(inner):
            kept[outer] = {name: part for name, part in value.items() if name != inner}
            apart.setdefault(outer, {})[inner] = value[inner]
    return kept, apart


def put_together(kept: Fields, text: str | None) -> Fields:
    """The fields as they were recorded; without the personal ones when these were erased."""
    if not text:
        return kept
    whole = dict(kept)
    for name, value in msgspec.json.decode(text).items():
        known = whole.get(name)
        whole[name] = {**known, **value} if isinstance(known, dict) else value
    return whole
