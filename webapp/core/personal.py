"""Numbers of persons that turn up in texts: ID cards, bank cards, phones (design 7)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_RUN = re.compile(r"(?<![0-9])[0-9](?:[ -]?[0-9]){9,18}[ -]?[0-9Xx]?(?![0-9])")
_MOBILE = re.compile(r"(?:86)?1[3-9][0-9]{9}")
_ID_CARD = re.compile(r"[1-9][0-9]{5}(?:18|19|20)[0-9]{9}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"

_GROUPS = re.compile(r"[0-9]+[Xx]?(?:[ \-.·][0-9]+[Xx]?)*")
_SPLIT = re.compile(r"[ \-.·]")
_CARD_LENGTHS = range(15, 20)
_AMEX = [4, 6, 5]


def personal_number(text: str) -> str | None:
    """`id_card`, `phone` or `bank_card` if the text holds such a number, else none.

    ID cards by GB 11643 (ISO 7064 MOD 11-2), bank cards by the Luhn check of ISO/IEC 7812.
    """
    for run in _RUN.findall(unicodedata.normalize("NFKC", text)):
        digits = re.sub(r"[ -]", "", run).upper()
        if _id_card(digits):
            return "id_card"
        if _MOBILE.fullmatch(digits):
            return "phone"
        if 13 <= len(digits) <= 19 and digits.isdigit() and _luhn(digits):
            return "bank_card"
    return None


def account_number(text: str) -> str | None:
    """`id_card` or `bank_card` if the text holds one: numbers that nobody has to type here.

    Stricter than `personal_number`, because it refuses: a bank card has 15 to 19 digits, in one or
    as they are embossed (groups of four), so that `3-2-1204 13812345678` is none.
    """
    for found in _GROUPS.finditer(unicodedata.normalize("NFKC", text)):
        for run in _runs(_SPLIT.split(found[0].upper())):
            if _id_card("".join(run)):
                return "id_card"
            if _embossed(run) and _luhn("".join(run)):
                return "bank_card"
    return None


def _runs(groups: list[str]) -> Iterator[list[str]]:
    """All runs of neighbouring groups that are not longer than a card number."""
    for start in range(len(groups)):
        digits = 0
        for end in range(start, len(groups)):
            digits += len(groups[end])
            if digits > max(_CARD_LENGTHS):
                break
            yield groups[start : end + 1]


def _embossed(run: list[str]) -> bool:
    sizes = [len(group) for group in run]
    if sum(sizes) not in _CARD_LENGTHS or not "".join(run).isdigit():
        return False
    in_fours = all(size == 4 for size in sizes[:-1]) and sizes[-1] <= 4
    return len(run) == 1 or in_fours or sizes == _AMEX


def _id_card(digits: str) -> bool:
    if not _ID_CARD.fullmatch(digits):
        return False
    total = sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=False))
    return _CHECK[total % 11] == digits[17]


def _luhn(digits: str) -> bool:
    doubled = (int(d) * 2 if i % 2 else int(d) for i, d in enumerate(reversed(digits)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0
