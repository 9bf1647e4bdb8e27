"""Pinyin of what cards are searched by: `python -m webapp.playbook.pinyin` reads and writes JSON.

The dictionaries of pypinyin take 57 MB, and a server that only answers phones never needs them: a
child process knows them for as long as a card is published. For the cards that come with the
product it was done once (`cards/pinyin.json`, by `make cards`).
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct

FILE = Path(__file__).parent / "cards" / "pinyin.json"
SECONDS = 60
_CHILD = "webapp.playbook.pinyin_child"
_ROOT = Path(__file__).parents[2]


class Known(Struct, forbid_unknown_fields=True):
    """`table`: the common characters of each syllable, as `ba八巴 …`; `texts`: text → syllables."""

    table: str
    texts: dict[str, str]


@lru_cache(maxsize=1)
def known() -> Known:
    """What was worked out for the product's own cards."""
    return msgspec.json.decode(FILE.read_bytes(), type=Known)


def pinyin_of(texts: Sequence[str]) -> list[str]:
    """The syllables of each text, without tones, with a space between two: `yin hang ka`.

    What is no Chinese character is left out.
    """
    new = [text for text in texts if text not in known().texts]
    found = dict(zip(new, _ask(new), strict=True)) if new else {}
    return [found.get(text) or known().texts.get(text, "") for text in texts]


def unlike_table(texts: Sequence[str]) -> list[str]:
    """The same, but nothing for a text that is spelled as the table says: phones have that."""
    found = zip(texts, pinyin_of(texts), strict=True)
    return ["" if spelled == by_table(text) else spelled for text, spelled in found]


def by_table(text: str) -> str:
    """The syllables of a text's characters one by one, as a phone spells them."""
    return " ".join(table()[character] for character in text if character in table())


@lru_cache(maxsize=1)
def table() -> dict[str, str]:
    """The syllable of each common character."""
    entries = (re.fullmatch("([a-z]+)(.*)", entry) for entry in known().table.split(" "))
    return {character: found[1] for found in entries if found for character in found[2]}


def initials(syllables: str) -> str:
    """`yhk` for `yin hang ka`."""
    return "".join(syllable[0] for syllable in syllables.split())


def _ask(texts: Sequence[str]) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", _CHILD],
        input=msgspec.json.encode(texts),
        capture_output=True,
        cwd=_ROOT,
        timeout=SECONDS,
        check=True,
    )
    return msgspec.json.decode(done.stdout, type=list[str])
