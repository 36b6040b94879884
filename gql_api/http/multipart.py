"""Subscriptions over multipart HTTP: https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol

Apollo Client reads a part only once it has seen the boundary behind it, so a part here ends in the next one's.
"""

from typing import Final

BOUNDARY: Final = "graphql"
CONTENT_TYPE: Final = f'multipart/mixed;boundary="{BOUNDARY}";subscriptionSpec=1.0'
BEGIN: Final = f"--{BOUNDARY}"
END: Final = "--\r\n"
BEAT_SECONDS: Final = 5.0


def part(payload: str) -> str:
    """One result, which is JSON."""
    return _part(f'{{"payload":{payload}}}')


def _part(content: str) -> str:
    return f"\r\nContent-Type: application/json; charset=utf-8\r\n\r\n{content}\r\n--{BOUNDARY}"


BEAT: Final = _part("{}")
"""Clients take no notice of it; proxies see that the connection lives."""
