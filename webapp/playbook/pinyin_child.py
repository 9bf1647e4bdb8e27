"""The child process that knows pinyin: a JSON list of texts → a JSON list of their syllables.

With `--cards` it writes `cards/pinyin.json` anew.
"""

from __future__ import annotations

import json
import sys

import msgspec
from pypinyin import lazy_pinyin

from webapp.playbook import content, rows
from webapp.playbook.pinyin import FILE

FIRST_LEVEL = range(0xB0, 0xD8)
"""First bytes of the 3,755 characters that GB 2312 calls common."""


def main() -> None:
    """Answer one list, or write the file."""
    if "--cards" in sys.argv:
        FILE.write_text(cards(), encoding="utf-8")
    else:
        texts = msgspec.json.decode(sys.stdin.buffer.read(), type=list[str])
        sys.stdout.buffer.write(msgspec.json.encode([syllables(text) for text in texts]))


def cards() -> str:
    """The file's text; one line a text, so that a change can be read."""
    wanted = {
        text for one in content.builtin().values() for text in rows.searched(one.content.zh).all()
    }
    known = {"table": table(), "texts": {text: syllables(text) for text in sorted(wanted)}}
    return json.dumps(known, ensure_ascii=False, indent=1) + "\n"


def syllables(text: str) -> str:
    """`yin hang ka`; ü is written v, as people type it."""
    return " ".join(lazy_pinyin(text, errors="ignore"))


def table() -> str:
    """The common characters under their most usual syllable, so that a phone can spell out what
    somebody types and find a word by another character of the same sound."""
    found: dict[str, str] = {}
    for character in _common():
        spelled = syllables(character)
        found[spelled] = found.get(spelled, "") + character
    return " ".join(spelled + characters for spelled, characters in sorted(found.items()))


def _common() -> list[str]:
    pairs = (bytes((first, second)) for first in FIRST_LEVEL for second in range(0xA1, 0xFF))
    return [text for pair in pairs if (text := pair.decode("gb2312", errors="ignore"))]


if __name__ == "__main__":
    main()
