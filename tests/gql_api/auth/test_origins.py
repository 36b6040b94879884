"""Which pages may make a browser ask with the cookie of whoever is signed in."""

import pytest
from starlette.datastructures import Headers

from gql_api.auth.origins import PREFLIGHT_HEADER, Origins
from gql_api.auth.refusals import ForbiddenError

OWN = "https://mailing.example.com"
DESK = "https://desk.example.com"
ORIGINS = Origins([DESK], own=OWN)


@pytest.mark.parametrize(
    ("kind", "method"), [("http", "POST"), ("http", "GET"), ("websocket", "GET")], ids=["POST", "GET", "socket"]
)
@pytest.mark.parametrize(
    ("origin", "may"),
    [
        (OWN, True),
        ("https://MAILING.example.com:443", True),
        # Whoever is on the way can make pages of our name without TLS.
        ("http://mailing.example.com", False),
        ("https://mailing.example.com:8443", False),
        # Those that are allowed may come in with a token.
        (DESK, False),
        ("null", False),
    ],
)
def test_with_a_cookie_only_our_own_pages_may_ask(kind: str, method: str, origin: str, may: bool) -> None:
    headers = Headers({"Host": "mailing.example.com", "Origin": origin, PREFLIGHT_HEADER: "1"})

    assert _lets_in(kind, method, headers) == may


def test_pages_of_allowed_origins_and_our_own_may_come_in_with_a_token() -> None:
    for origin in (OWN, DESK):
        ORIGINS.check(Headers({"Host": "api.internal", "Origin": origin}))
    with pytest.raises(ForbiddenError):
        ORIGINS.check(Headers({"Host": "api.internal", "Origin": "https://evil.example"}))


def _lets_in(kind: str, method: str, headers: Headers) -> bool:
    try:
        ORIGINS.check_not_forged(kind, method, headers)
    except ForbiddenError:
        return False
    return True
