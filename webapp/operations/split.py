"""Cut a push (or a rescue file) into its elements where a strict reader gives up.

One element that is no JSON (half an emoji, NaN, nested too deep) would make the whole body
unreadable, and the phone would send it again for ever, with everything that waits behind it.
"""

from __future__ import annotations

import re

LARGEST = 20_000_000
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{},]', re.DOTALL)


def split(body: bytes, most: int) -> list[bytes] | None:
    """The elements of `operations`, by brackets and strings alone; none if that cannot be told.

    `most`: more elements than that are no push.
    """
    body = body.strip()
    if len(body) > LARGEST or not (body.startswith(b"{") and body.endswith(b"}")):
        return None
    elements: list[bytes] = []
    depth, start, key = 0, -1, b""
    for token in _TOKEN.finditer(body):
        mark = token[0]
        if mark in (b"[", b"{"):
            depth += 1
            if depth == 2 and mark == b"[" and key == b'"operations"':
                start = token.end()
        elif mark in (b"]", b"}"):
            depth -= 1
            if depth == 1 and start >= 0:
                last = body[start : token.start()].strip()
                elements += [last] if last else []
                return elements if len(elements) <= most else None
        elif depth == 2 and start >= 0 and mark == b",":
            elements.append(body[start : token.start()].strip())
            start = token.end()
            if len(elements) > most:
                return None
        elif depth == 1 and mark != b",":
            key = mark
    return None
