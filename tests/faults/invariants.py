"""The table of what must hold after every run, whatever was played."""

from collections.abc import Callable, Mapping

from tests.faults.evidence import Evidence
from tests.faults.invariants_of_books import (
    counters_are_exact,
    every_mailing_ends,
    every_message_ends_as_it_should,
    every_try_is_noted,
    histories_are_exact,
    nothing_is_left_behind,
    nothing_is_lost,
    tallies_are_exact,
)
from tests.faults.invariants_of_events import (
    every_event_sums_to_the_audience,
    no_older_state_follows_a_newer,
    the_last_event_is_the_end,
)
from tests.faults.invariants_of_processes import leases_break_for_a_reason, nobody_ends_by_itself
from tests.faults.invariants_of_requests import (
    nothing_after_the_end,
    nothing_outside_the_window,
    nothing_while_paused_or_cancelled,
    provider_and_books_agree,
    repeats_stay_within_their_bound,
)
from tests.faults.violation import InvariantViolatedError

Invariant = Callable[[Evidence], None]

INVARIANTS: tuple[Invariant, ...] = (
    nothing_is_lost,
    every_mailing_ends,
    every_message_ends_as_it_should,
    nothing_is_left_behind,
    counters_are_exact,
    tallies_are_exact,
    histories_are_exact,
    every_try_is_noted,
    provider_and_books_agree,
    repeats_stay_within_their_bound,
    nothing_after_the_end,
    nothing_outside_the_window,
    nothing_while_paused_or_cancelled,
    every_event_sums_to_the_audience,
    no_older_state_follows_a_newer,
    the_last_event_is_the_end,
    leases_break_for_a_reason,
    nobody_ends_by_itself,
)


def violations(evidence: Evidence) -> Mapping[str, str]:
    """What does not hold, by the invariant's name, with the evidence of it."""
    found = {}
    for invariant in INVARIANTS:
        try:
            invariant(evidence)
        except InvariantViolatedError as e:
            found[invariant.__name__] = str(e)
    return found
