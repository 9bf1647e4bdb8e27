"""Numbers that do not belong into a note: ID cards, bank cards, phones (design 7)."""

from __future__ import annotations

import re
import unicodedata

_RUN = re.compile(r"(?<![0-9])[0-9](?:[ -]?[0-9]){9,18}[ -]?[0-9Xx]?(?![0-9])")
_MOBILE = re.compile(r"(?:86)?1[3-9][0-9]{9}")
_ID_CARD = re.compile(r"[1-9][0-9]{5}(?:18|19|20)[0-9]{9}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


def personal_number(text: str) -> str | None:
    """`id_card`, `phone` or `bank_card` if the text holds such a number, else none.

    ID cards by GB 11643 (ISO 7064 MOD 11-2), bank cards by the Luhn check of ISO/IEC 7812.
    """
    for run in _RUN.findall(unicodedata.normalize("NFKC", text)):
        digits = re.sub(r"[ -]", "", run).upper()
        if _ID_CARD.fullmatch(digits) and _id_card(digits):
            return "id_card"
        if _MOBILE.fullmatch(digits):
            return "phone"
        if 13 <= len(digits) <= 19 and digits.isdigit() and _luhn(digits):
            return "bank_card"
    return None


def _id_card(digits: str) -> bool:
    total = sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=False))
    return _CHECK[total % 11] == digits[17]


def _luhn(digits: str) -> bool:
    doubled = (int(d) * 2 if i % 2 else int(d) for i, d in enumerate(reversed(digits)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0
