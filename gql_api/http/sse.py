"""The protocol graphql-sse, "distinct connections mode": https://github.com/enisdenjo/graphql-sse

Lines end in LF alone, for urql splits events at LF LF.
"""

from typing import Final

BEAT: Final = ":\n\n"
"""A comment. It begins a stream, so that a proxy passes the headers on, and fills its silences."""

BEAT_SECONDS: Final = 15.0

END: Final = "event: complete\ndata:\n\n"

HEADERS: Final = {
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",  # Nginx would collect events before it hands them on.
}


def event(payload: str) -> str:
    """One result, which is JSON on one line."""
    return f"event: next\ndata: {payload}\n\n"
