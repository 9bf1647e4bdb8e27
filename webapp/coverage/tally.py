"""The counts of design 3.3 with what follows from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from webapp.accounts.models import Community
from webapp.coverage.rates import rate, to_target


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of a building or a sum over several; the fields are those of `models.COUNTS`."""

    households: int = 0
    vacant: int = 0
    knocked: int = 0
    reached: int = 0
    installed: int = 0
    no_smartphone: int = 0
    refused: int = 0
    leaflets: int = 0

    def __add__(self, other: Tally) -> Tally:
        return total((self, other))

    def __sub__(self, other: Tally) -> Tally:
        return Tally(*(a - b for a, b in zip(self.counts, other.counts, strict=True)))

    @property
    def counts(self) -> tuple[int, ...]:
        """The fields in their order; written out, because a page adds up hundreds."""
        return (
            self.households,
            self.vacant,
            self.knocked,
            self.reached,
            self.installed,
            self.no_smartphone,
            self.refused,
            self.leaflets,
        )

    @property
    def occupied(self) -> int:
        """Households that are not vacant."""
        return self.households - self.vacant

    @property
    def untouched(self) -> int:
        """Households nobody has knocked at."""
        return self.households - self.knocked

    @property
    def knocked_rate(self) -> int | None:
        """Knocked / households, in basis points."""
        return rate(self.knocked, self.households)

    @property
    def publicity_rate(self) -> int | None:
        """Reached / occupied, in basis points."""
        return rate(self.reached, self.occupied)

    @property
    def app_rate(self) -> int | None:
        """Installed / occupied, in basis points."""
        return rate(self.installed, self.occupied)

    @property
    def app_rate_smartphone(self) -> int | None:
        """Installed / (occupied − no smartphone), in basis points."""
        return rate(self.installed, self.occupied - self.no_smartphone)


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum; all zero over nothing."""
    return Tally(*map(sum, zip(*(tally.counts for tally in tallies), strict=True)))


@dataclass(frozen=True, slots=True)
class Headline:
    """One of the two rates with a target: what a community is measured by."""

    kind: str
    part: int
    whole: int
    target: int

    @property
    def rate(self) -> int | None:
        """Basis points, rounded down; none over zero doors."""
        return rate(self.part, self.whole)

    @property
    def missing(self) -> int:
        """Homes still to do until the target is reached."""
        return to_target(self.part, self.whole, self.target)

    @property
    def met(self) -> bool:
        """Whether the target is reached; never over zero doors."""
        return self.whole > 0 and self.missing == 0


def publicity(tally: Tally, community: Community) -> Headline:
    """Publicity coverage against the community's target."""
    return Headline("publicity", tally.reached, tally.occupied, community.publicity_target)


def app(tally: Tally, community: Community) -> Headline:
    """App coverage against the community's target."""
    return Headline("app", tally.installed, tally.occupied, community.app_target)


def headline(tally: Tally, community: Community) -> Headline:
    """The rate that the community has chosen to be measured by."""
    return app(tally, community) if community.headline == "app" else publicity(tally, community)


def other(tally: Tally, community: Community) -> Headline:
    """The rate with a target that is not the headline."""
    return publicity(tally, community) if community.headline == "app" else app(tally, community)
