"""Moments as everyone outside sees them: the same in the API, the logs and the audit trail."""

from datetime import UTC, datetime


def written_moment(at: datetime) -> str:
    """In UTC, as ISO 8601 has it: `2026-11-22T11:08:42.719403Z`."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
