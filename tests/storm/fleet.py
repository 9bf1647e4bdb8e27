"""The handsets: who holds which phone, and what happens to it in a turn."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from tests.storm import times
from tests.storm.desk import Desk
from tests.storm.disk import AppKilledError
from tests.storm.hand import Hand
from tests.storm.ledger import Ledger
from tests.storm.phone import Phone, ServerError, SignedOutError
from tests.storm.wire import CALM, STORMY, Line, LostError
from tests.storm.world import Community, Member, World

JUMP = 3 * times.DAY
TRIES = 60


@dataclass
class Handset:
    """One phone as people hold it: a browser, a clock, and one database for each member on it."""

    place: Community
    line: Line
    rng: Random
    ledger: Ledger
    hands: list[Hand]
    old: list[Hand] = field(default_factory=list)
    """Databases of revoked devices: they stay until their last push."""
    active: int = 0
    calm: bool = False
    desk: Desk | None = None

    @property
    def hand(self) -> Hand:
        """Whose turn it is."""
        return self.hands[self.active]

    def turn(self, size: int) -> int:
        """Somebody records something, the weather happens, the phone syncs or does not."""
        rng = self.rng
        if rng.random() < 0.06:
            self._jump()
        count = self.hand.record(rng.randrange(1, 2 * size))
        if rng.random() < 0.04:
            self._hand_in_file()
        if rng.random() < 0.15:
            self._take_alert()
        if rng.random() < 0.8:
            self.try_sync()
        if len(self.hands) > 1 and rng.random() < 0.15:
            self._swap()
        return count

    def try_sync(self, *, receipt: bool = False) -> bool:
        """One run, as the network and the app's life allow; whether it came to its end."""
        phone = self.hand.phone
        phone.faults = CALM if self.calm else STORMY
        phone.deadly = 0.0 if self.calm else 0.015
        try:
            phone.sync(receipt=receipt or self.rng.random() < 0.1)
        except SignedOutError:
            self._sign_in()
            return False
        except (LostError, AppKilledError):
            return False
        if phone.revoked and not self.calm:
            self._start_anew()
        return True

    def finish(self) -> None:
        """In calm weather: everybody on this phone sends all that is left."""
        self.calm = True
        for hand in self.old:
            self._last_push(hand.phone)
        for index in range(len(self.hands)):
            if index != self.active:
                self._leave(index)
            for _ in range(TRIES):
                if self.try_sync(receipt=True) and not self.hand.phone.disk.unsent:
                    break
            else:
                raise ServerError(f"{self.hand.phone.member.login} never comes to an end")

    def _last_push(self, phone: Phone) -> None:
        """Of a device that was revoked (which a restore may have undone for a while)."""
        phone.faults, phone.deadly = CALM, 0.0
        for _ in range(TRIES):
            try:
                phone.sync(receipt=True)
            except SignedOutError:
                phone.sign_in()
            except (LostError, AppKilledError):
                continue
            else:
                return

    def phones(self) -> list[Phone]:
        """All databases on it."""
        return [hand.phone for hand in (*self.hands, *self.old)]

    def _hand_in_file(self) -> None:
        """No network all day: the desk takes the phone's backup in, also a revoked one's."""
        made = self.rng.choice([self.hand, *self.old]).phone.file()
        if made is None or self.desk is None:
            return
        file, operations = made
        windows = self.desk.import_file(file)
        for operation in operations:
            operation.pushes += windows

    def _take_alert(self) -> None:
        """On line, or not at all: of what is offered somebody takes one."""
        rows = self.hand.phone.disk.rows.get("community", {})
        offered = [key[1] for key, row in rows.items() if key[0] == "alert" and row.get("offered")]
        if not offered or self.hand.phone.revoked:
            return
        with suppress(LostError, SignedOutError, AppKilledError):
            self.hand.phone.take(self.rng.choice(offered))

    def _jump(self) -> None:
        """Somebody sets the clock, or it sets itself."""
        offset = self.rng.choice((0, 0, self.rng.randrange(-JUMP, JUMP)))
        for hand in self.hands:
            hand.phone.offset = offset

    def _swap(self) -> None:
        """The other member takes the phone: an own database, the same browser."""
        try:
            self.hand.phone.sign_out()
        except (LostError, SignedOutError):
            self.line.cookies.clear()
        except (AppKilledError, ServerError):
            return
        self.active = (self.active + 1) % len(self.hands)
        self._sign_in()

    def _leave(self, index: int) -> None:
        self.line.cookies.clear()
        self.active = index
        self._sign_in()

    def _sign_in(self) -> bool:
        for _ in range(TRIES):
            try:
                self.hand.phone.sign_in()
            except LostError:
                if not self.calm:
                    return False
                continue
            except SignedOutError:
                return False
            return True
        return False

    def _start_anew(self) -> None:
        """A revoked phone's member signs in with a new database; the old one keeps its cookie."""
        before = self.hand
        line = Line(self.line.port, self.line.address)
        device = times.uuid7(times.now(), self.rng)
        phone = Phone(line, before.phone.member, device, self.rng)
        phone.offset = before.phone.offset
        self.old.append(before)
        self.line = line
        self.hands[self.active] = Hand(self.place, phone, self.ledger, self.rng)
        self._sign_in()


def handsets(world: World, ledger: Ledger, port: int, count: int) -> list[Handset]:
    """The fleet: every third phone is shared by two members."""
    seats = {place.id: list(place.volunteers) for place in world.communities}
    made: list[Handset] = []
    for number in range(count):
        place = world.communities[number % len(world.communities)]
        rng = Random(f"handset {world.options.seed} {number}")
        line = Line(port, f"10.9.{number // 250}.{number % 250 + 1}")
        members = [_member(place, seats, number)]
        if number % 3 == 0:
            members.append(seats[place.id].pop())
        hands = [
            Hand(place, Phone(line, member, times.uuid7(times.now(), rng), rng), ledger, rng)
            for member in members
        ]
        made.append(Handset(place, line, rng, ledger, hands))
    return made


def _member(place: Community, seats: dict[int, list[Member]], number: int) -> Member:
    """One of the coordinators goes out as well; some member has two phones."""
    if number % 11 == 5:
        return place.coordinator
    if number % 13 == 7:
        return place.volunteers[0]
    return seats[place.id].pop()
