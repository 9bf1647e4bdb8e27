"""An alert's state from its operations: a pure function of the set (design 5.6, 5.7).

Neither the order of arrival nor repeats matter: operations are put in order by moment, then by id.
The same fold runs on the phone (static/app/features/alerts/fold.ts); both are tested against
tests/vectors/alert.json.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct, field

from webapp.alerts.codes import FACE_TO_FACE, IN_CONTACT, IN_TIME, OTHERS


class StopPayment(Struct, frozen=True, gc=False, omit_defaults=True):
    """The decision about a protective stop-payment, and what became of it. `amount` in fen."""

    decision: str
    via: str | None = None
    bank: str | None = None
    amount: int | None = None
    at: str | None = None


class Participant(Struct, frozen=True, gc=False, omit_defaults=True):
    """Somebody who helps; without name and phone where these were erased."""

    role: str
    name: str | None = None
    phone: str | None = None


class Signed(Struct, frozen=True, gc=False, omit_defaults=True):
    """Who took over an alert that is not ours, and when."""

    office: str
    at: str
    name: str | None = None


class Fact(Struct, frozen=True, gc=False, kw_only=True):
    """One operation as the fold sees it, of any of the four types; what a type lacks is none.

    `moment` in ms; `by` its author; `coordinator`: recorded with a coordinator's right. Amounts in
    fen.
    """

    type: str
    id: str
    moment: int
    by: str
    coordinator: bool = False
    action: str | None = None
    channel: str | None = None
    result: str | None = None
    participant: Participant | None = None
    suspected: str | None = None
    confirmed: str | None = None
    reaction: tuple[str, ...] | None = None
    at_risk: int | None = None
    remaining: int | None = None
    frozen: bool | None = None
    stop_payment: StopPayment | None = None
    residency: str | None = None
    outcome: str | None = None
    avoided: int | None = None
    recovered: int | None = None
    stopped: int | None = None
    lost: int | None = None
    grade: str | None = None
    helped_by: tuple[str, ...] = ()
    risk: str | None = None
    case: bool = False
    signed: Signed | None = None
    gift_declined: bool = False
    thanked: bool = False
    follow_up: str | None = None
    reached: bool = False
    next_on: date | None = None
    again: bool = False


class Last(Struct, frozen=True, gc=False):
    """The latest attempt."""

    channel: str
    result: str
    at: int
    by: str


class State(Struct):
    """What is known of an alert (design 5.7). Moments in ms, amounts in fen.

    `left`: who has left, and when. `attempts`: how many by channel. `outcome` is the one that
    holds, also while the alert is open again; `closed_at` is none while it is open. `settled_at`:
    since when it counts as on time by its outcome.
    """

    working: list[str] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)
    help: bool = False
    attempts: dict[str, int] = field(default_factory=dict)
    last: Last | None = None
    first_at: int | None = None
    in_contact_at: int | None = None
    step: str = "new"
    outcome: str | None = None
    outcome_id: str | None = None
    outcome_at: int | None = None
    closed_at: int | None = None
    settled_at: int | None = None
    reopened: bool = False
    look_again: bool = False
    again: bool = False
    avoided: int | None = None
    recovered: int | None = None
    stopped: int | None = None
    lost: int | None = None
    grade: str | None = None
    case: bool = False
    helped_by: list[str] = field(default_factory=list)
    gift_declined: bool = False
    thanked: bool = False
    signed: Signed | None = None
    at_risk: int | None = None
    remaining: int | None = None
    frozen: bool | None = None
    stop_payment: StopPayment | None = None
    suspected: str | None = None
    confirmed: str | None = None
    reactions: list[str] = field(default_factory=list)
    residency: str | None = None
    participants: list[Participant] = field(default_factory=list)
    risk: str | None = None

    @property
    def closed(self) -> bool:
        """Whether nobody has to do anything more, follow-ups apart."""
        return self.closed_at is not None


def in_order(facts: Iterable[Fact]) -> list[Fact]:
    """By moment, then by id; a repeated id counts once."""
    once = {fact.id: fact for fact in facts}
    return sorted(once.values(), key=lambda fact: (fact.moment, fact.id))


def fold(facts: Iterable[Fact]) -> State:
    """The state after these operations."""
    state, ordered = State(), in_order(facts)
    for fact in ordered:
        if fact.type == "alert_attempt":
            _attempt(state, fact)
        elif fact.type == "alert_join":
            _join(state, fact)
        if fact.stop_payment is not None:
            state.stop_payment = fact.stop_payment  # said in between, or when closing
    state.help = _help_wanted(ordered)
    _close(state, ordered)
    state.step = "closed" if state.closed else _step(ordered)
    return state


def on_time(state: State, deadline: int, now: int) -> bool | None:
    """In contact, or closed as dissuaded, already paid or a false alarm, by the deadline; none
    while that is still possible (design 5.2)."""
    return timely(state.in_contact_at, state.settled_at, state.closed, deadline, now)


def timely(
    in_contact_at: int | None, settled_at: int | None, closed: bool, deadline: int, now: int
) -> bool | None:
    """The same of an alert's columns."""
    reached = [at for at in (in_contact_at, settled_at) if at is not None]
    if reached and min(reached) <= deadline:
        return True
    return None if not closed and not reached and now <= deadline else False


def reached(channel: str, result: str) -> bool:
    """Whether an attempt reached the person: a bank that answers has not seen them."""
    return result in IN_CONTACT and not (result == "answered" and channel in OTHERS)


def _attempt(state: State, fact: Fact) -> None:
    """What each attempt adds: the last that says something about a matter is believed."""
    channel, result = fact.channel or "", fact.result or ""
    state.attempts[channel] = state.attempts.get(channel, 0) + 1
    state.last = Last(channel, result, fact.moment, fact.by)
    if state.first_at is None:
        state.first_at = fact.moment
    if state.in_contact_at is None and reached(channel, result):
        state.in_contact_at = fact.moment
    for name in (
        "at_risk",
        "remaining",
        "frozen",
        "suspected",
        "confirmed",
        "residency",
    ):
        value = getattr(fact, name)
        if value is not None:
            setattr(state, name, value)
    state.reactions += [code for code in fact.reaction or () if code not in state.reactions]
    if fact.participant is not None and fact.participant not in state.participants:
        state.participants.append(fact.participant)


def _join(state: State, fact: Fact) -> None:
    """Working = joined and not left."""
    if fact.action == "off":
        state.left[fact.by] = fact.moment
        if fact.by in state.working:
            state.working.remove(fact.by)
        return
    state.left.pop(fact.by, None)
    if fact.by not in state.working:
        state.working.append(fact.by)


def _help_wanted(ordered: Sequence[Fact]) -> bool:
    """Somebody called for help, has not taken that back, and nobody joined them since."""
    asked: set[str] = set()
    for fact in ordered:
        if fact.type != "alert_join":
            continue
        if fact.action == "help":
            asked.add(fact.by)
        elif fact.action == "on" and asked - {fact.by}:
            asked.clear()
        else:
            asked.discard(fact.by)
    return bool(asked)


def _step(ordered: Sequence[Fact]) -> str:
    attempts = [fact for fact in ordered if fact.type == "alert_attempt"]
    if any(fact.channel in FACE_TO_FACE for fact in attempts):
        return "door"
    return "contact" if attempts else "new"


def _close(state: State, ordered: Sequence[Fact]) -> None:
    """Outcomes, what opens the alert again, and what only asks to look again."""
    outcomes = [fact for fact in ordered if fact.type == "alert_outcome"]
    holding = _holding(outcomes)
    if holding is None:
        return
    run = _last_run(ordered)
    state.reopened = not run and any(map(closes, outcomes))
    if run and _unsettled_payment(ordered, holding):
        run, state.reopened = [], True
    _take_over(state, holding)
    state.again = any(fact.again for fact in ordered)
    for fact in ordered:
        if fact.type == "follow_up" and fact.risk and _key(fact) > _key(holding):
            state.risk = fact.risk
    if not run:
        return
    state.closed_at = run[0].moment
    if holding.outcome in IN_TIME:
        state.settled_at = min(
            (fact.moment for fact in run if fact.outcome in IN_TIME), default=None
        )
    state.look_again = _to_look_again(ordered, run)


def _holding(outcomes: Sequence[Fact]) -> Fact | None:
    """The outcome that holds: the last, but already_paid wins over dissuaded, at whatever moment,
    until a coordinator's later outcome."""
    if not outcomes:
        return None
    last = outcomes[-1]
    if last.outcome != "dissuaded":
        return last
    paid: Fact | None = None
    for fact in outcomes:
        if fact.outcome == "already_paid":
            paid = fact
        elif fact.coordinator:
            paid = None
    return paid or last


def closes(fact: Fact) -> bool:
    """Whether it closes the alert: what is not ours runs on until somebody has signed for it."""
    return fact.type == "alert_outcome" and (fact.outcome != "not_ours" or fact.signed is not None)


def opens(fact: Fact) -> bool:
    """Whether the alert is open after it, whatever it was before."""
    return (
        fact.result in ("paid", "still_at_risk")
        or fact.again
        or (fact.type == "alert_outcome" and not closes(fact))
    )


def _last_run(ordered: Sequence[Fact]) -> list[Fact]:
    """The outcomes since the alert was last closed, the first of which closed it; none while it
    is open."""
    run: list[Fact] = []
    for fact in ordered:
        if closes(fact):
            run.append(fact)
        elif opens(fact):
            run = []
    return run


def _unsettled_payment(ordered: Sequence[Fact], holding: Fact) -> bool:
    """A payment, at whatever moment, that no outcome answers: neither that it was paid, nor what a
    coordinator decided later."""
    if holding.outcome == "already_paid":
        return False
    open_payment = False
    for fact in ordered:
        if fact.result == "paid":
            open_payment = True
        elif fact.type == "alert_outcome" and fact.coordinator:
            open_payment = False
    return open_payment


def _to_look_again(ordered: Sequence[Fact], run: Sequence[Fact]) -> bool:
    """Somebody saw the person still at risk before the alert was closed, and nobody has looked
    since: no coordinator confirmed it, no follow-up reached the person."""
    closing = _key(run[0])
    if not any(fact.result == "still_at_risk" and _key(fact) < closing for fact in ordered):
        return False
    confirmed = any(fact.coordinator for fact in run[1:])
    return not confirmed and not any(
        fact.type == "follow_up" and fact.reached and _key(fact) > closing for fact in ordered
    )


def _take_over(state: State, holding: Fact) -> None:
    """Amounts, grade and the case mark are those of the outcome that holds, never summed."""
    state.outcome, state.outcome_id = holding.outcome, holding.id
    state.outcome_at = holding.moment
    for name in (
        "avoided",
        "recovered",
        "stopped",
        "lost",
        "grade",
        "case",
        "gift_declined",
        "thanked",
        "signed",
        "risk",
    ):
        setattr(state, name, getattr(holding, name))
    state.helped_by = list(holding.helped_by)


def _key(fact: Fact) -> tuple[int, str]:
    return fact.moment, fact.id
