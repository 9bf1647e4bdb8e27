"""Many phones at once: bodies made beforehand, sent together, answers looked at afterwards."""

from __future__ import annotations

import gzip
import json
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from tests.bench.measures import Measured
from tests.bench.served import Client, Server

PUSH = "/api/v1/sync/push"


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one phone sends, as the wire carries it."""

    client: Client
    body: bytes
    operations: int


def parcel(client: Client, operations: Sequence[Any]) -> Parcel:
    """A push of these operations, compressed as the field app does."""
    body = gzip.compress(json.dumps({"operations": operations}).encode(), 6)
    return Parcel(client, body, len(operations))


def send_all(
    server: Server, parcels: Sequence[Parcel], *, path: str = PUSH, status: str | None = None
) -> Measured:
    """Send all parcels at once. `status`: what must have become of every operation."""
    with ThreadPoolExecutor(len(parcels)) as pool:
        list(pool.map(lambda p: p.client.connect(), parcels))
        used, begin = server.cpu(), time.perf_counter()
        answers = list(pool.map(lambda p: p.client.post_packed(path, p.body), parcels))
        spent = time.perf_counter() - begin
        used = server.cpu() - used
    if status:
        _check(answers, status)
    operations = sum(p.operations for p in parcels)
    return {
        "ops_per_s": operations / spent,
        "server_cpu_s": used,
        "bytes_up": sum(len(p.body) for p in parcels),
        "wall_s": spent,
    }


def unpacked(answer: bytes) -> bytes:
    """An answer without its compression."""
    return gzip.decompress(answer) if answer.startswith(b"\x1f\x8b") else answer


def _check(answers: Sequence[bytes], status: str) -> None:
    results = [result for answer in answers for result in json.loads(unpacked(answer))["results"]]
    found = Counter(result["status"] for result in results)
    if set(found) != {status}:
        raise RuntimeError(found)
