"""What must have become of the processes."""

from tests.faults.bound import BrokenLease, broken_leases
from tests.faults.evidence import Evidence
from tests.faults.keeper import UnplannedEnd
from tests.faults.violation import none_of

_RESCUE_SECONDS = 3
"""How late a sweep of a busy scheduler may come to a lease that is over."""

_BOOT_SECONDS = 5
"""How long after a server has come back a start may still fail for having met it away."""

_SERVERS = frozenset({"PostgreSQL", "Valkey"})


def leases_break_for_a_reason(evidence: Evidence) -> None:
    """A lease is broken off only after a fault that breaks leases: never by a graceful stop, by Valkey or by the
    provider."""
    leases = (lease for lease in broken_leases(evidence) if not _has_a_reason(lease, evidence))
    none_of("leases broken off without a reason", leases)


def nobody_ends_by_itself(evidence: Evidence) -> None:
    """But those who start while a server is away: a wrong address must show, so they end at once."""
    ends = (end for end in evidence.unplanned_ends if not _could_not_start(end, evidence))
    none_of("processes that ended by themselves", ends)


def _has_a_reason(lease: BrokenLease, evidence: Evidence) -> bool:
    silence = evidence.limits.lease + _RESCUE_SECONDS
    return any(
        fault.breaks_leases and fault.began_at < lease.taken_back_at < fault.ended_at + silence
        for fault in evidence.faults
    )


def _could_not_start(end: UnplannedEnd, evidence: Evidence) -> bool:
    return not end.was_up and any(
        fault.target in _SERVERS and fault.began_at < end.ended_at and end.launched_at < fault.ended_at + _BOOT_SECONDS
        for fault in evidence.faults
    )
