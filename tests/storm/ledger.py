"""Everything that was recorded, as the hands recorded it: what the oracle goes by."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

GOOD, STUCK, REFUSED, ORPHAN = "good", "stuck", "refused", "orphan"
"""What is to become of an operation: taken in, held for ever (poison that no release mends),
never stored, or waiting for a subject that does not exist."""

Window = tuple[int, int]
"""From when to when a push was under way, by the machine's clock (ms)."""


@dataclass(slots=True, eq=False)
class Recorded:
    """One operation: its bytes, and what the oracle needs of it. `moment` is at + skew_ms."""

    community: int
    id: str
    raw: bytes
    type: str
    fields: dict[str, Any]
    member: str
    device: str
    moment: int
    building: str | None = None
    fate: str = GOOD
    digest: bytes = b""
    pushes: list[Window] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.digest = sha256(self.raw).digest()


class Ledger:
    """Thread-safe; operations by community, and by (community, id)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.all: list[Recorded] = []
        self.by_id: dict[tuple[int, str], list[Recorded]] = defaultdict(list)
        self.by_digest: dict[tuple[int, bytes], Recorded] = {}
        self.recent: dict[int, list[Recorded]] = defaultdict(list)
        self.targets: set[str] = set()
        self.shared: set[str] = set()
        """Ids that somebody voids, and ids that two operations have: no id is to be both, for then
        it would be open which of the two was meant. Each is noted before the other is looked up."""

    def add(self, operation: Recorded) -> None:
        """Write one down; the same bytes once."""
        with self._lock:
            key = operation.community, operation.digest
            if key in self.by_digest:
                return
            self.by_digest[key] = operation
            self.all.append(operation)
            self.by_id[operation.community, operation.id].append(operation)
            self.recent[operation.community].append(operation)

    def of(self, community: int) -> Iterator[Recorded]:
        """All of one community."""
        return (operation for operation in self.all if operation.community == community)

    def __len__(self) -> int:
        return len(self.all)
