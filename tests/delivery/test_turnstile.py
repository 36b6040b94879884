"""Who may send next: pumps without a database, permits without Redis."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from mailing.delivery.turnstile import Lane, Turnstile

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


@dataclass(eq=False)
class Pump:
    """Stands before a turnstile with `ready` messages and begins a request whenever it may."""

    turnstile: Turnstile
    name: str
    ready: int
    ends_in_hours: float = 1
    log: list[str] = field(default_factory=list)
    in_flight: int = 0
    permits: "Limit | None" = None

    def __post_init__(self) -> None:
        self.lane = Lane(lambda: self.ready, lambda: NOON + timedelta(hours=self.ends_in_hours), self.go, self.permits)

    def go(self) -> None:
        if self.ready and self.turnstile.try_pass(self.lane):
            self.ready -= 1
            self.in_flight += 1
            self.log.append(self.name)

    def go_all(self) -> None:
        for _ in range(self.ready):
            self.go()

    def finish_one(self) -> None:
        self.in_flight -= 1
        self.turnstile.leave()
        self.go()
        self.turnstile.give_way(self.lane)


@dataclass(eq=False)
class Limit:
    """Permits handed out by the test."""

    left: int = 0
    wanted: int = 0
    rate: int = 100
    coming: int = 0
    """That can be used a little later."""

    @property
    def held(self) -> int:
        return self.left + self.coming

    def usable(self) -> int:
        return self.left

    def take(self) -> bool:
        self.left -= 1
        return True

    def want(self, count: int) -> None:
        self.wanted = count


@dataclass(eq=False)
class Expiring(Limit):
    """Its permits become too old right after somebody has looked whether there are any."""

    def take(self) -> bool:
        self.left = 0
        return False


def finish_until(pumps: list[Pump], log: list[str], passages: int) -> None:
    """Finish requests, always of the pump with most in flight, until so many have begun."""
    while len(log) < passages:
        max(pumps, key=lambda pump: pump.in_flight).finish_one()


def test_no_more_requests_are_in_flight_than_there_are_connections() -> None:
    # Given
    pump = Pump(Turnstile(3), "a", ready=10)

    # When
    pump.go_all()

    # Then
    assert (pump.in_flight, pump.ready) == (3, 7)


def test_each_that_ends_lets_the_next_one_pass_until_nothing_is_left() -> None:
    # Given
    pump = Pump(Turnstile(3), "a", ready=10)
    pump.go_all()

    # When
    finished = 0
    while pump.in_flight:
        pump.finish_one()
        finished += 1

    # Then
    assert (finished, pump.ready) == (10, 0)


def test_who_could_not_pass_is_called_when_another_leaves() -> None:
    # Given
    turnstile = Turnstile(1)
    first, second = Pump(turnstile, "first", ready=1), Pump(turnstile, "second", ready=1)
    first.go()
    second.go()
    assert second.in_flight == 0

    # When
    first.finish_one()

    # Then
    assert second.in_flight == 1


def test_of_four_three_are_of_the_one_whose_time_is_over_first() -> None:
    # Given
    turnstile, log = Turnstile(8), list[str]()
    late = Pump(turnstile, "late", 1_000, ends_in_hours=5, log=log)
    soon = Pump(turnstile, "soon", 1_000, ends_in_hours=1, log=log)
    late.go_all()
    soon.go_all()
    finish_until([late, soon], log, 16)
    log.clear()

    # When
    finish_until([late, soon], log, 400)

    # Then
    assert Counter(log) == {"soon": 300, "late": 100}


def test_nobody_waits_longer_than_four_passages_for_each_that_stands_there() -> None:
    # Given
    turnstile, log = Turnstile(8), list[str]()
    pumps = [Pump(turnstile, str(n), 10_000, ends_in_hours=n + 1, log=log) for n in range(5)]
    for pump in pumps:
        pump.go_all()
    log.clear()

    # When
    finish_until(pumps, log, 1_000)

    # Then
    for pump in pumps:
        places = [place for place, name in enumerate(log) if name == pump.name]
        assert max(b - a for a, b in pairwise(places)) <= 4 * len(pumps)


def test_a_newcomer_passes_within_four_passages_of_a_crowd() -> None:
    # Given
    turnstile, log = Turnstile(8), list[str]()
    large = Pump(turnstile, "large", 10_000, ends_in_hours=1, log=log)
    large.go_all()
    finish_until([large], log, 100)

    # When
    small = Pump(turnstile, "small", 1, ends_in_hours=9, log=log)
    small.go()
    begun = len(log)
    finish_until([large], log, begun + 5)

    # Then
    assert "small" in log[begun : begun + 4]


@pytest.mark.parametrize("has_been_here", [False, True])
def test_who_has_just_come_is_not_ahead_of_those_who_have_waited(has_been_here: bool) -> None:
    # Given a crowd, one that has passed before and waits again, and one that comes (again) after it
    turnstile, log = Turnstile(8), list[str]()
    large = Pump(turnstile, "large", 10_000, ends_in_hours=1, log=log)
    waiting = Pump(turnstile, "waiting", 1, ends_in_hours=9, log=log)
    newcomer = Pump(turnstile, "newcomer", int(has_been_here), ends_in_hours=8, log=log)
    for pump in (newcomer, waiting, large):
        pump.go_all()
    finish_until([large], log, 100)
    waiting.ready = newcomer.ready = 1
    waiting.go()
    newcomer.go()
    begun = len(log)

    # When
    finish_until([large], log, begun + 9)

    # Then
    assert [name for name in log[begun:] if name != "large"] == ["waiting", "newcomer"]


def test_without_a_permit_nothing_passes_and_others_do() -> None:
    # Given
    turnstile = Turnstile(20)
    limit = Limit()
    limited, free = Pump(turnstile, "limited", 5, permits=limit), Pump(turnstile, "free", 5)

    # When
    limited.go_all()
    free.go_all()

    # Then
    assert (limited.in_flight, free.in_flight, limit.wanted) == (0, 5, 5)


def test_permits_that_become_valid_are_used_at_once_and_no_more_than_there_are() -> None:
    # Given
    turnstile = Turnstile(8)
    limit = Limit()
    limited = Pump(turnstile, "limited", 5, permits=limit)
    limited.go_all()

    # When
    limit.left = 3
    turnstile.let_pass()

    # Then
    assert (limited.in_flight, limit.left, limit.wanted) == (3, 0, 2)


def test_nobody_asks_for_permits_who_has_nothing_to_send() -> None:
    # Given
    turnstile = Turnstile(8)
    limit = Limit()
    limited = Pump(turnstile, "limited", 5, permits=limit)
    limited.go_all()

    # When
    limited.ready = 0
    turnstile.give_way(limited.lane)

    # Then
    assert limit.wanted == 0


def test_pumps_of_one_limit_want_its_permits_together() -> None:
    # Given
    turnstile = Turnstile(8)
    limit = Limit()
    pumps = [Pump(turnstile, str(n), 3, permits=limit) for n in range(2)]

    # When
    for pump in pumps:
        pump.go_all()

    # Then
    assert limit.wanted == 6


@pytest.mark.parametrize("way", ["withdraw", "give_way"])
def test_what_was_granted_and_not_begun_is_for_others(way: str) -> None:
    # Given one that is called and does not come
    turnstile = Turnstile(1)
    first, other = Pump(turnstile, "first", 1), Pump(turnstile, "other", 1, ends_in_hours=9)
    absent = Pump(turnstile, "absent", 1, ends_in_hours=0.5)
    absent.lane.call = lambda: None
    first.go()
    absent.go()
    other.go()
    first.finish_one()
    assert (absent.lane.granted, other.in_flight) == (1, 0)

    # When
    absent.ready = 0
    getattr(turnstile, way)(absent.lane)

    # Then
    assert (absent.lane.granted, other.in_flight) == (0, 1)


def test_with_a_limit_of_the_provider_a_request_takes_a_permit_of_each() -> None:
    # Given
    turnstile = Turnstile(8)
    provider, mailing = Limit(left=3), Limit(left=2)
    turnstile.provider = provider
    limited, free = Pump(turnstile, "limited", 5, permits=mailing), Pump(turnstile, "free", 5)

    # When
    limited.go_all()
    free.go_all()

    # Then
    assert (limited.in_flight, free.in_flight) == (2, 1)
    assert (mailing.left, provider.left) == (0, 0)


def test_permits_of_the_provider_are_wanted_only_for_those_whom_nothing_else_holds_back() -> None:
    # Given
    turnstile = Turnstile(20)
    provider, mailing = Limit(), Limit(coming=2)
    turnstile.provider = provider
    limited, free = Pump(turnstile, "limited", 5, permits=mailing), Pump(turnstile, "free", 4)

    # When
    limited.go_all()
    free.go_all()

    # Then
    assert (mailing.wanted, provider.wanted) == (5, 2 + 4)


def test_nobody_wants_more_permits_than_there_are_free_connections() -> None:
    # Given
    limit = Limit()

    # When
    Pump(Turnstile(3), "limited", 5, permits=limit).go_all()

    # Then
    assert limit.wanted == 3


def test_a_slow_mailing_finds_the_permit_of_the_provider_that_its_own_next_one_needs() -> None:
    """Its permit is good for some milliseconds only: others would have taken each of the provider's by then."""
    # Given
    turnstile = Turnstile(8)
    provider, slow_limit = Limit(), Limit(rate=5, coming=1)
    turnstile.provider = provider
    slow, large = Pump(turnstile, "slow", 5, permits=slow_limit), Pump(turnstile, "large", 5)
    slow.go_all()
    large.go_all()

    # When
    provider.left = 2
    turnstile.let_pass()
    assert (slow.in_flight, large.in_flight) == (0, 1)
    slow_limit.left, slow_limit.coming = 1, 0
    turnstile.let_pass()

    # Then
    assert (slow.in_flight, large.in_flight, provider.left) == (1, 1, 0)


def test_a_permit_that_a_slow_mailing_is_about_to_need_is_not_for_who_has_just_come() -> None:
    # Given a turnstile that many have passed, and a slow mailing whose next permit comes soon
    turnstile = Turnstile(8)
    large = Pump(turnstile, "large", 100)
    large.go_all()
    while large.in_flight:
        large.finish_one()
    turnstile.provider = provider = Limit()
    slow = Pump(turnstile, "slow", 5, permits=Limit(rate=5, coming=1))
    slow.go_all()
    newcomer = Pump(turnstile, "newcomer", 5)
    newcomer.go_all()

    # When
    provider.left = 1
    turnstile.let_pass()

    # Then
    assert (newcomer.in_flight, provider.left) == (0, 1)


def test_slow_mailings_that_need_all_permits_of_the_provider_leave_others_their_share() -> None:
    """Each of theirs is promised one of the provider's, which has fewer."""
    # Given
    turnstile, log = Turnstile(100), list[str]()
    turnstile.provider = provider = Limit()
    slow = [Pump(turnstile, f"slow {n}", 1_000, permits=Limit(rate=5, left=1_000), log=log) for n in range(3)]
    other = Pump(turnstile, "other", 1_000, ends_in_hours=9, log=log)
    for pump in [*slow, other]:
        pump.go_all()

    # When
    for _ in range(400):
        provider.left = 1
        turnstile.let_pass()
        for pump in [*slow, other]:
            for _ in range(pump.in_flight):
                pump.finish_one()

    # Then
    assert len(log) == 400
    assert log.count("other") >= 400 / 4 / 8


@pytest.mark.parametrize("whose", ["the mailing's", "the provider's"])
def test_a_permit_that_becomes_too_old_between_look_and_use_lets_nothing_pass(whose: str) -> None:
    # Given
    turnstile, expiring, log = Turnstile(10), Expiring(left=2), list[str]()
    turnstile.provider = expiring if whose == "the provider's" else Limit(left=5)
    permits = expiring if whose == "the mailing's" else Limit(left=5)
    pump = Pump(turnstile, "one", ready=3, log=log, permits=permits)

    # When
    pump.go()

    # Then nothing has left, and it still waits for permits
    assert (log, turnstile.in_flight, expiring.wanted > 0) == ([], 0, True)

    # When there are some that last, then it goes on
    pump.lane.permits = turnstile.provider = None
    turnstile.let_pass()
    assert log == ["one"] * 3
