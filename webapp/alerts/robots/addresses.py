"""Addresses of robots: those of the library (apprise), and those that people copy from the chat."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qs, quote, urlsplit

from apprise import Apprise

from webapp.core.errors import Problem

LONGEST = 500
KINDS: Final = {
    "wecombot": "wecom",
    "dingtalk": "dingtalk",
    "feishu": "feishu",
    "mailto": "mail",
    "mailtos": "mail",
    "json": "json",
    "jsons": "json",
}
"""What a robot is, by the scheme of its address."""

PER_MINUTE: Final = {"wecom": 20, "dingtalk": 20, "feishu": 100, "mail": 20, "json": 60}
"""What these services bear; DingTalk shuts out for ten minutes who sends more."""

_WECOM = re.compile(r"https://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\b")
_DINGTALK = re.compile(r"https://oapi\.dingtalk\.com/robot/send\b")
_FEISHU = re.compile(r"https://open\.feishu\.cn/open-apis/bot/v2/hook/([\w-]+)/?")


def understand(typed: str, *, secret: str = "", local: bool = False) -> tuple[str, str]:
    """(kind, address) of what was typed; `secret` is the one with which DingTalk wants messages
    signed. `json` addresses, for trying, only where the installation is on its own machine.

    Problem `robot_address` for anything that is no address of a robot.
    """
    address = _translated(typed.strip(), secret.strip())
    scheme = address.split("://", 1)[0].lower()
    kind = KINDS.get(scheme)
    if kind is None or len(address) > LONGEST or (kind == "json" and not local):
        raise Problem("robot_address", field="address")
    if Apprise.instantiate(address, suppress_exceptions=True) is None:
        raise Problem("robot_address", field="address")
    return kind, address


def _translated(typed: str, secret: str) -> str:
    """A webhook as the chat shows it becomes the library's address."""
    if _WECOM.match(typed):
        key = parse_qs(urlsplit(typed).query).get("key", [""])[0]
        return f"wecombot://{quote(key)}"
    if _DINGTALK.match(typed):
        token = parse_qs(urlsplit(typed).query).get("access_token", [""])[0]
        return f"dingtalk://{quote(secret)}@{quote(token)}" if secret else f"dingtalk://{token}"
    if found := _FEISHU.fullmatch(typed):
        return f"feishu://{found[1]}"
    return typed
