"""Sizes and lengths of time as people read them."""

from datetime import timedelta

_UNITS = ("KB", "MB", "GB", "TB", "PB")


def size(count: int) -> str:
    """Bytes by the thousand: 1.2 GB."""
    amount, unit = float(count), "bytes"
    for larger in _UNITS:
        if amount < 1_000:
            break
        amount, unit = amount / 1_000, larger
    return f"{amount:.1f} {unit}" if amount < 10 and unit != "bytes" else f"{amount:.0f} {unit}"


def span(length: timedelta) -> str:
    """With the unit that fits, down to tenths of seconds: 1.5 s, 4 minutes, 7 hours, 30 days."""
    seconds = abs(length.total_seconds())
    if seconds < 120:
        return f"{seconds:.1f} s"
    if seconds < 2 * 3_600:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3_600:.0f} hours" if seconds < 48 * 3_600 else f"{seconds / 86_400:.0f} days"
