"""Tokens, good and bad, at the whole API over HTTP."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
import structlog

from gql_api.auth.bearer_jwt import MOST_CHARACTERS
from mailing.settings import Settings
from tests.gql_api.api import Api
from tests.gql_api.auth.asking import COUNT, OK, ask, code
from tests.gql_api.auth.conftest import trusting
from tests.gql_api.auth.issuer import AUDIENCE, EC, OTHER_RSA, RSA, Issuer
from tests.gql_api.serving import whole_api

Make = Callable[[Issuer], str]

FOREIGN = "The token is signed with a key that its issuer does not have"
ID_TOKEN = "The token is an ID token, which says who has signed in; show an access token"
UNFIT = "The token does not hold"
LACKS = "The token lacks a claim of iss, aud, exp and sub"


def claim(name: str) -> str:
    return f"The token's claim {name} does not hold here"


def now() -> int:
    return int(time.time())


@pytest.mark.parametrize(
    "make",
    [
        lambda issuer: issuer.token(),
        lambda issuer: issuer.token(EC, alg="ES256"),
        lambda issuer: issuer.token(aud=["another", AUDIENCE]),
        lambda issuer: issuer.token(header={"typ": "at+jwt"}),
        lambda issuer: issuer.token(header={"typ": None}),
        lambda issuer: issuer.token(header={"x5t": "is ignored"}),
        lambda issuer: issuer.token(nbf=None, iat=None, name=None),
        lambda issuer: issuer.token(exp=10**400),
    ],
)
async def test_a_good_token_lets_in(signed: Api, issuer: Issuer, make: Make) -> None:
    assert await ask(signed, {"Authorization": f"Bearer {make(issuer)}"}) == OK


@pytest.mark.parametrize("scheme", ["bearer", "BEARER"])
async def test_the_scheme_is_known_in_any_case(signed: Api, issuer: Issuer, scheme: str) -> None:
    assert await ask(signed, {"Authorization": f"{scheme} {issuer.token()}"}) == OK


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        # Time (RFC 7519, 4.1.4 to 4.1.6)
        (lambda issuer: issuer.token(exp=now() - 1), "The token has expired"),
        (lambda issuer: issuer.token(exp=None), LACKS),
        (lambda issuer: issuer.token(exp="tomorrow"), claim("exp")),
        (lambda issuer: issuer.token(exp=float("nan")), claim("exp")),
        (lambda issuer: issuer.token(nbf=now() + 30), claim("nbf")),
        (lambda issuer: issuer.token(iat=now() + 30), claim("iat")),
        # By whom, for whom, of whom (4.1.1 to 4.1.3)
        (lambda issuer: issuer.token(iss="https://login.example.com"), claim("iss")),
        (lambda issuer: issuer.token(iss=issuer.url + "/"), claim("iss")),
        (lambda issuer: issuer.token(iss=None), LACKS),
        (lambda issuer: issuer.token(aud="another"), claim("aud")),
        (lambda issuer: issuer.token(aud=[]), claim("aud")),
        (lambda issuer: issuer.token(aud=None), LACKS),
        (lambda issuer: issuer.token(sub=None), LACKS),
        (lambda issuer: issuer.token(sub=""), claim("sub")),
        (lambda issuer: issuer.token(sub=1), claim("sub")),
        (lambda issuer: issuer.token(sub="a" * 256), claim("sub")),
        (lambda issuer: issuer.token(sub="ada\n"), claim("sub")),
        # What the service calls those of its own
        (lambda issuer: issuer.token(sub="token_7"), claim("sub")),
        (lambda issuer: issuer.token(sub="everyone"), claim("sub")),
        # What tells who has signed in (RFC 8725, 3.11)
        (lambda issuer: issuer.token(at_hash="x"), ID_TOKEN),
        (lambda issuer: issuer.token(c_hash="x"), ID_TOKEN),
        (lambda issuer: issuer.token(typ="ID"), ID_TOKEN),
        # Signatures (RFC 8725, 3.1 to 3.3)
        (lambda issuer: issuer.token(OTHER_RSA), FOREIGN),
        (lambda issuer: issuer.token(OTHER_RSA, header={"kid": "rsa"}), "The token's signature does not hold"),
        (lambda issuer: issuer.token(OTHER_RSA, header={"kid": None}), FOREIGN),
        (lambda issuer: issuer.token(header={"kid": "ec"}), UNFIT),
        (lambda issuer: issuer.token(header={"kid": "no such key"}), FOREIGN),
        (lambda issuer: issuer.token(alg="RS512"), UNFIT),
        (lambda issuer: issuer.token(header={"typ": "logout+jwt"}), UNFIT),
        (lambda issuer: with_public_key_as_secret(issuer, True), UNFIT),
        (lambda issuer: with_public_key_as_secret(issuer, False), UNFIT),
        (lambda issuer: unsigned(issuer, "none"), UNFIT),
        (lambda issuer: unsigned(issuer, "None"), UNFIT),
        (lambda issuer: unsigned(issuer, "RS256"), "The token's signature does not hold"),
        (lambda issuer: tampered(issuer, roles=["admin"], sub="eve"), "The token's signature does not hold"),
        (lambda issuer: unsigned(issuer, "RS256", crit=["exp"]), UNFIT),
        (lambda issuer: unsigned(issuer, "RS256", crit=1), UNFIT),
        (lambda issuer: unsigned(issuer, "RS256", crit=[[]]), UNFIT),
        (lambda issuer: unsigned(issuer, "RS256", kid=["rsa"]), UNFIT),
        (lambda issuer: unsigned(issuer, "RS256", kid=None, jku=f"{issuer.url}/keys"), FOREIGN),
        (lambda issuer: unsigned(issuer, "RS256", kid=None, jwk={"kty": "oct", "k": "c2VjcmV0"}), FOREIGN),
        (lambda issuer: unsigned(issuer, None), UNFIT),
        (lambda issuer: unsigned(issuer, ["RS256"]), UNFIT),
        (lambda issuer: "..", UNFIT),
        (lambda issuer: "a.b.c", UNFIT),
        (lambda issuer: f"{encoded(1)}.{encoded(1)}.{encoded(1)}", UNFIT),
        (lambda issuer: f"{encoded([])}.{encoded([])}.", UNFIT),
        (lambda issuer: "%%%.%%%.%%%", UNFIT),
        (
            lambda issuer: issuer.token(note="x" * MOST_CHARACTERS),
            f"The token has more than {MOST_CHARACTERS:,} characters, or not only ASCII",
        ),
        # Not a JWT at all
        (lambda issuer: "abc", "The authorization is of a kind that is not accepted here"),
    ],
)
async def test_a_bad_token_does_not(signed: Api, issuer: Issuer, make: Make, reason: str) -> None:
    # When
    token = make(issuer)
    with structlog.testing.capture_logs() as logs:
        async with signed.http.post(
            f"http://{signed.address}/graphql", json={"query": COUNT}, headers={"Authorization": f"Bearer {token}"}
        ) as response:
            answer = await response.json()

    # Then it is refused with a challenge, as RFC 6750 has it, and the log tells of it without the token
    error = {"message": reason, "extensions": {"code": "UNAUTHENTICATED"}}
    challenge = f'Bearer realm="mailing", error="invalid_token", error_description="{reason}"'
    assert (response.status, answer) == (401, {"errors": [error]})
    assert response.headers["WWW-Authenticate"] == challenge
    assert [(entry["event"], entry["reason"]) for entry in logs if entry["event"] == "auth.refused"] == [
        ("auth.refused", reason)
    ]
    assert token not in str(logs)


@pytest.mark.parametrize("headers", [{}, {"Cookie": "session=1"}])
async def test_who_shows_nothing_is_asked_for_a_token(signed: Api, headers: dict[str, str]) -> None:
    headers = {**headers, "Accept": "application/graphql-response+json"}
    async with signed.http.post(f"http://{signed.address}/graphql", data=b"{", headers=headers) as response:
        answer = await response.json(content_type="application/graphql-response+json")

    assert (response.status, response.headers["WWW-Authenticate"]) == (401, 'Bearer realm="mailing"')
    assert answer == {"errors": [{"message": "Sign in first", "extensions": {"code": "UNAUTHENTICATED"}}]}


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer é.é.é", "Digest x"])
async def test_other_schemes_do_not_let_in(signed: Api, authorization: str) -> None:
    status, answer = await ask(signed, {"Authorization": authorization})

    assert (status, answer["errors"][0]["extensions"]) == (401, {"code": "UNAUTHENTICATED"})


async def test_two_tokens_are_none(signed: Api, issuer: Issuer) -> None:
    headers = [("Authorization", f"Bearer {issuer.token()}"), ("Authorization", f"Bearer {issuer.token()}")]
    async with aiohttp.ClientSession(headers=headers) as http:
        assert await code(Api(http, signed.address), {}) == "UNAUTHENTICATED"


async def test_introspection_is_off_with_sign_in_and_where_it_is_switched_on_for_those_who_are_in(
    signed: Api, settings: Settings, issuer: Issuer
) -> None:
    query = "{ __schema { queryType { name } } }"
    viewer = issuer.bearer(roles="viewer")

    assert await code(signed, viewer, query) == "GRAPHQL_VALIDATION_FAILED"
    async with whole_api(settings, **trusting(issuer), graphql_introspection=True) as api:
        assert await code(api, {}, query) == "UNAUTHENTICATED"
        assert await code(api, viewer, query) is None


@pytest.mark.parametrize("roles", [None, [], "", ["guest"], {"admin": True}, [["admin"]], 1])
async def test_a_good_token_without_a_role_here_is_forbidden(signed: Api, issuer: Issuer, roles: Any) -> None:
    status, answer = await ask(signed, issuer.bearer(roles=roles))

    error = {"message": "The token holds, but gives no role here", "extensions": {"code": "FORBIDDEN"}}
    assert (status, answer) == (403, {"errors": [error]})


async def test_leeway_is_for_both_ends(issuer: Issuer, settings: Settings, database: None) -> None:
    async with whole_api(settings, **trusting(issuer) | {"auth_leeway_seconds": 30}) as api:
        good = [await code(api, issuer.bearer(**claims)) for claims in ({"exp": now() - 10}, {"nbf": now() + 10})]
        bad = [await code(api, issuer.bearer(**claims)) for claims in ({"exp": now() - 40}, {"nbf": now() + 40})]

    assert (good, bad) == ([None] * 2, ["UNAUTHENTICATED"] * 2)


async def test_health_is_for_everybody(signed: Api) -> None:
    async with signed.http.get(f"http://{signed.address}/healthz") as response:
        assert response.status == 200


def with_public_key_as_secret(issuer: Issuer, named: bool) -> str:
    """Signed by HMAC with what everybody can read (RFC 8725, 2.1); no library would do that any more."""
    text = unsigned(issuer, "HS256", kid="rsa" if named else None).rstrip(".")
    digest = hmac.digest(RSA.as_pem(private=False), text.encode(), "sha256")
    return f"{text}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def unsigned(issuer: Issuer, alg: object, **header: Any) -> str:
    _, payload, _ = issuer.token().split(".")
    given = {name: value for name, value in {"alg": alg, "kid": "rsa", **header}.items() if value is not None}
    return f"{encoded(given)}.{payload}."


def tampered(issuer: Issuer, **claims: Any) -> str:
    header, payload, signature = issuer.token(roles=["viewer"]).split(".")
    changed = json.loads(base64.urlsafe_b64decode(payload + "==")) | claims
    return f"{header}.{encoded(changed)}.{signature}"


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
