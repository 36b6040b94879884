"""What schemathesis asks with, and what it checks of every answer.

Its own check takes each error in an answer for a failure of the server. A mistake of the caller is one here only if it
has no code by which the caller could tell what is wrong, or the code of what nobody expected.
"""

from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis import Case, CheckContext, Response
from schemathesis.graphql import nodes

ANYTHING = st.text(max_size=20)


def _scalar(name: str, *valid: str) -> None:
    """Values that are valid, and others."""
    schemathesis.graphql.scalar(name, (st.sampled_from(valid) | ANYTHING).map(nodes.String))


_scalar("PhoneNumber", *(f"7916000000{digit}" for digit in range(10)), "70000000000")
_scalar("TimeZone", "UTC", "Europe/Moscow", "Asia/Kathmandu")
_scalar("LocalTime", "00:00", "09:30", "23:59", "24:00")
_scalar("Date", "2026-11-21", "2024-02-29", "0001-01-01", "9999-12-31")
_scalar("DateTime", "2030-01-31T09:00:00+03:00", "2100-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z")
_scalar("ID", "client_1", "client_2", "mailing_1", "mailing_2", "message_1", "token_1")
schemathesis.graphql.scalar("Int", (st.integers(1, 100) | st.integers(-(2**31), 2**31 - 1)).map(nodes.Int))


@schemathesis.check
def mistakes_have_a_code(_: CheckContext, response: Response, __: Case[Any]) -> None:
    assert response.status_code in {200, 400}, response.status_code
    answer = response.json()
    assert answer.keys() & {"data", "errors"}
    for error in answer.get("errors", ()):
        code = error.get("extensions", {}).get("code")
        assert code not in {None, "INTERNAL_ERROR"}, error
