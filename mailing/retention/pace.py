"""How removing gives way to sending: after each step it rests, and longer where messages are due."""

from typing import Final

REST: Final = 1
"""As many times as long as the step took: half of the time nobody removes anything,"""
REST_BESIDE_SENDING: Final = 4
"""and four fifths of it while messages wait to be sent."""
_LEAST_SECONDS: Final = 0.05
"""Of a rest: a step that had nothing to do is no reason to take the next at once."""


def rest_after(seconds: float, *, is_sending: bool) -> float:
    """How many seconds to rest after a step of so many."""
    return max(_LEAST_SECONDS, seconds * (REST_BESIDE_SENDING if is_sending else REST))
