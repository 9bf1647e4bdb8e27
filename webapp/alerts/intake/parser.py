"""A message → what it says. Pure: nothing is looked up, and what is not written stays empty."""

from __future__ import annotations

from datetime import date

from webapp.alerts.intake import moments, money, people, phones, tricks, where
from webapp.alerts.intake.parts import Known, Parsed, Reading

LONGEST = 1_500
"""Signs of one message that are read; a warning has some 200."""


def parse(text: str, known: Known | None = None, *, today: date) -> Parsed:
    """What one message says. `today` turns a year of birth into an age. Never fails.

    What is plain to tell goes first and is taken out of sight (phones, times, money), so that no
    digit of it can be read as a door.
    """
    reading = Reading(text[:LONGEST], known or Known(), today)
    for reader in (phones, moments, money, where, people, tricks):
        reader.read(reading)
    return Parsed(text, reading.parts, tuple(reading.contacts))
