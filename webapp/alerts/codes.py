"""The codes of alerts, each in one place; what they are called on screens is in the catalogues."""

from __future__ import annotations

from typing import Final, Literal, get_args

Level = Literal["very_high", "high", "medium", "low"]
AlertChannel = Literal["call", "foreign_call", "sms", "app", "website", "social", "other"]
Source = Literal["paste", "form", "import", "api", "resident", "handover", "demo"]
Status = Literal["draft", "open", "closed", "dropped"]
Step = Literal["new", "contact", "door", "closed"]
Sex = Literal["f", "m"]

Action = Literal["on", "off", "help"]
Channel = Literal["call", "message", "door", "workplace", "family", "bank", "police"]
Result = Literal[
    "answered",
    "no_answer",
    "busy",
    "refused",
    "denied",
    "evaded",
    "wrong_number",
    "family_reached",
    "met",
    "at_bank",
    "at_police",
    "paid",
    "still_at_risk",
    "sent",
]
Outcome = Literal[
    "dissuaded", "already_paid", "unreachable", "not_ours", "false_alarm", "duplicate"
]
Grade = Literal["claimed", "bank", "police"]
Risk = Literal["high", "medium", "low", "none"]
PlaceKind = Literal["home", "work", "bank", "police", "other"]
Role = Literal["family", "colleague", "bank", "police", "neighbour", "grid_worker", "guardian"]
Reaction = Literal[
    "denies",
    "says_investment",
    "one_more_order",
    "hides_phone",
    "hesitates",
    "cries",
    "agrees",
]
Decision = Literal["requested", "not_needed", "declined"]
Via = Literal["police", "hotline", "bank"]
Residency = Literal["yes", "no", "unknown"]
How = Literal["call", "door", "message", "family"]
Bucket = Literal[
    "romance_investment",
    "loan",
    "commerce",
    "authorities",
    "acquaintance",
    "foreign_call",
    "app",
    "website",
    "other",
]

LEVELS: Final[tuple[Level, ...]] = get_args(Level)
CHANNELS: Final[tuple[AlertChannel, ...]] = get_args(AlertChannel)
SOURCES: Final[tuple[Source, ...]] = get_args(Source)
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)
RESULTS: Final[tuple[Result, ...]] = get_args(Result)
RISKS: Final[tuple[Risk, ...]] = get_args(Risk)
BUCKETS: Final[tuple[Bucket, ...]] = get_args(Bucket)
"""In the order in which they stand everywhere."""

IN_CONTACT: Final = frozenset(
    {
        "answered",
        "denied",
        "refused",
        "met",
        "evaded",
        "paid",
        "still_at_risk",
        "at_bank",
        "at_police",
    }
)
"""Results that reached the person (design 5.2), but for `answered` on the channels to others."""

OTHERS: Final = frozenset({"family", "bank", "police"})
"""Channels that lead to somebody else: who answers there is not the person."""

IN_TIME: Final = frozenset({"dissuaded", "already_paid", "false_alarm"})
"""Outcomes that make an alert on time without contact, if by the deadline."""

NOT_COUNTED: Final = frozenset({"not_ours", "false_alarm", "duplicate"})
"""Outcomes that success is not measured on."""

FACE_TO_FACE: Final = frozenset({"door", "workplace"})
"""Channels by which one goes to see the person."""

_BY_TYPE: Final[dict[str, Bucket]] = {
    "romance": "romance_investment",
    "investment": "romance_investment",
    "loan": "loan",
    "customer_service": "commerce",
    "ticket": "commerce",
    "authorities": "authorities",
    "acquaintance": "acquaintance",
}
_BY_CHANNEL: Final[dict[str, Bucket]] = {
    "foreign_call": "foreign_call",
    "app": "app",
    "website": "website",
}


def bucket_of(scam_type: str | None, channel: str | None) -> Bucket:
    """Under which of the nine an alert is counted (design 5.9): some types have their own, all
    others go by the channel."""
    by_type = _BY_TYPE.get(scam_type or "")
    return by_type or _BY_CHANNEL.get(channel or "", "other")
