"""How urgent the warning is, how the scammer reaches the person, and what the trick is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from webapp.alerts.intake import cues
from webapp.alerts.intake.parts import Reading
from webapp.places.writing import Span

_TYPE_LABEL = re.compile(
    r"(?:类型|类别|手法|手段|诈骗类|案由|涉嫌|疑似|预警种类)\s*[:为是]?\s*[^,。;:\s]{0,6}$"
)
"""Who names the type as such is believed before a word in passing."""
_WARNED_OF = re.compile("(?:不要|切勿|请勿|谨防|严防|防范|警惕|不是|非|提防|宣传)[^,。;]{0,4}$")


@dataclass(frozen=True, slots=True)
class _Cue:
    code: str
    weight: int
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Hit:
    code: str
    weight: int
    span: Span


def _compiled(lines: cues.Cues) -> tuple[_Cue, ...]:
    return tuple(_Cue(code, n, re.compile(words, re.IGNORECASE)) for code, n, words in lines)


_LEVELS = _compiled(cues.LEVELS)
_TYPES = _compiled(cues.TYPES)
_CHANNELS = _compiled(cues.CHANNELS + cues.ABROAD)


def read(reading: Reading) -> None:
    """Keep level, channel and scam type with the words that say them."""
    _keep(reading, "level", list(_hits(reading.folded.text, _LEVELS)))
    _keep(reading, "channel", list(_hits(reading.folded.text, _CHANNELS)))
    _keep(
        reading, "scam_type", [_named(reading, hit) for hit in _hits(reading.folded.text, _TYPES)]
    )


def _hits(text: str, lines: tuple[_Cue, ...]) -> Iterator[_Hit]:
    for cue in lines:
        for match in cue.pattern.finditer(text):
            span = match.span(next(name for name in match.groupdict() if match[name]))
            if not _WARNED_OF.search(text[max(0, span[0] - 8) : span[0]]):
                yield _Hit(cue.code, cue.weight, span)


def _named(reading: Reading, hit: _Hit) -> _Hit:
    said = _TYPE_LABEL.search(reading.before(hit.span[0], 12))
    return _Hit(hit.code, hit.weight + 3, hit.span) if said else hit


def _keep(reading: Reading, name: str, hits: list[_Hit]) -> None:
    """The code of the heaviest cue, then of the most and the longest, then of the first."""
    if not hits:
        return

    def rank(code: str) -> tuple[int, int, int, int]:
        own = [hit for hit in hits if hit.code == code]
        best = max(own, key=lambda hit: (hit.weight, hit.span[1] - hit.span[0]))
        return best.weight, len(own), best.span[1] - best.span[0], -best.span[0]

    code = max({hit.code for hit in hits}, key=rank)
    spans = sorted({hit.span for hit in hits if hit.code == code})
    reading.keep(name, code, *_apart(spans), take=False)


def _apart(spans: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for start, end in spans:
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept
