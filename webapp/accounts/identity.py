"""What people type as login, phone number, name or region, made comparable."""

from __future__ import annotations

import re
import unicodedata

from webapp.core.errors import Problem

MOBILE = re.compile(r"1\d{10}")
PHONE = re.compile(r"\+?\d{6,15}")
LOGIN = re.compile(r"\S{2,80}")
PREFIX = re.compile(r"^(?:\+86|0086|86(?=1\d{10}$))")
CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


def plain(text: str) -> str:
    """Full-width digits and letters as half-width, no control characters, single spaces."""
    folded = unicodedata.normalize("NFKC", text)
    return " ".join(CONTROLS.sub(" ", folded).split())


def phone_digits(text: str) -> str:
    """A phone number without spaces, dashes, brackets and the country code of the mainland."""
    return PREFIX.sub("", re.sub(r"[\s\-()]", "", plain(text)))


def read_phone(text: str) -> str:
    """A phone number as it is stored; Problem `invalid` when it can be none."""
    number = phone_digits(text)
    if not PHONE.fullmatch(number):
        raise Problem("phone_invalid", field="phone")
    return number


def as_phone(login: str) -> str | None:
    """The phone number that a login is, if it looks like a mobile number."""
    number = phone_digits(login)
    return number if MOBILE.fullmatch(number) or re.fullmatch(r"\+\d{7,15}", number) else None


def fold_login(text: str) -> str:
    """A login as it is compared: without regard to case and width."""
    return plain(text).casefold()


def read_login(text: str) -> str:
    """A login as it is stored; Problem when it is empty, too long or has spaces."""
    login = fold_login(text)
    if not LOGIN.fullmatch(login):
        raise Problem("login_invalid", field="login")
    return login


def read_name(text: str) -> str:
    """A person's or a community's name; Problem when it is empty or too long."""
    name = plain(text)
    if not 1 <= len(name) <= 80:
        raise Problem("name_invalid", field="name")
    return name


def read_region(text: str) -> str:
    """A region path, parts joined by slashes, without empty parts; Problem when it is empty."""
    parts = [plain(part) for part in plain(text).split("/")]
    region = "/".join(part for part in parts if part)
    if not 1 <= len(region) <= 240:
        raise Problem("region_invalid", field="region")
    return region
