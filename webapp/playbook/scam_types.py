"""What the trick is: the eleven kinds of telecom fraud that alerts name and cards explain."""

from __future__ import annotations

from typing import Literal, get_args

ScamType = Literal[
    "task",
    "investment",
    "shopping",
    "customer_service",
    "loan",
    "acquaintance",
    "authorities",
    "romance",
    "game",
    "ticket",
    "other",
]

SCAM_TYPES: tuple[ScamType, ...] = get_args(ScamType)
