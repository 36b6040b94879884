"""The settings about who may come in."""

import pytest

from mailing.roles import Role
from mailing.settings import PREFIX, SettingsError, load_settings
from mailing.sign_in_checks import ALGORITHMS, is_loopback, is_safe_url, listed, roles_by_value

ISSUER = {"auth_issuer": "https://login.example.com", "auth_audience": "mailing"}
SAFE_URL = "must be https://host[:port][/path], or http:// with a loopback address"
SOME_ALGORITHMS = f"must be some of these, with commas between them: {', '.join(ALGORITHMS)}"
PUBLIC_URL = "must be https://host[:port], or http:// with a loopback address; no path"
SCOPES = "must be names with spaces between them, openid among them"
ROLES = "must be value=role; value=role; … and a role one of viewer, operator, admin"
ORIGINS = "must be origins with commas between them: https://host[:port],…"


@pytest.mark.parametrize(
    ("variable", "value", "allowed"),
    [
        ("AUTH_ISSUER", "http://login.example.com", SAFE_URL),
        ("AUTH_ISSUER", "login.example.com", SAFE_URL),
        ("AUTH_ISSUER", "https://user@login.example.com", SAFE_URL),
        ("AUTH_ISSUER", "https://login.example.com/?tenant=1", SAFE_URL),
        ("AUTH_ISSUER", "https://login.example.com:99999", SAFE_URL),
        ("AUTH_ALGORITHMS", "none", SOME_ALGORITHMS),
        ("AUTH_ALGORITHMS", "RS256,HS256", SOME_ALGORITHMS),
        ("AUTH_ALGORITHMS", ",", SOME_ALGORITHMS),
        ("AUTH_ROLES", "staff", ROLES),
        ("AUTH_ROLES", "staff=boss", ROLES),
        ("AUTH_ROLES", "=admin", ROLES),
        ("ALLOWED_ORIGINS", "*", ORIGINS),
        ("ALLOWED_ORIGINS", "null", ORIGINS),
        ("ALLOWED_ORIGINS", "https://desk.example.com/", ORIGINS),
        ("ALLOWED_ORIGINS", "https://desk.example.com;https://b.example.com", ORIGINS),
        ("PUBLIC_URL", "http://mailing.example.com", PUBLIC_URL),
        ("PUBLIC_URL", "https://mailing.example.com/app", PUBLIC_URL),
        ("PUBLIC_URL", "https://mailing.example.com//", PUBLIC_URL),
        ("PUBLIC_URL", "mailing.example.com", PUBLIC_URL),
        ("AUTH_SCOPES", "profile", SCOPES),
        ("AUTH_SCOPES", "openid\nprofile", SCOPES),
        ("SESSION_HOURS", "0", "Input should be greater than 0"),
        ("AUTH_LEEWAY_SECONDS", "301", "Input should be less than or equal to 300"),
    ],
)
def test_what_would_let_in_others_or_nobody_is_told(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, allowed: str
) -> None:
    monkeypatch.setenv(PREFIX + variable, value)

    with pytest.raises(SettingsError) as caught:
        load_settings()

    assert f"{PREFIX}{variable}: {allowed} (given: {value!r})" in caught.value.problems


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"auth_issuer": ISSUER["auth_issuer"]}, "MAILING_AUTH_AUDIENCE: must be set where MAILING_AUTH_ISSUER is"),
        ({"auth_audience": "a"}, "MAILING_AUTH_AUDIENCE: needs MAILING_AUTH_ISSUER, too (given: 'a')"),
        (
            {"auth_jwks_url": "https://x.example.com"},
            "MAILING_AUTH_JWKS_URL: needs MAILING_AUTH_ISSUER, too (given: 'https://x.example.com')",
        ),
        (
            {"auth_issuer": "x", "auth_audience": "a"},
            f"MAILING_AUTH_ISSUER: {SAFE_URL} (given: 'x')",
        ),
    ],
)
def test_half_a_sign_in_is_none(given: dict[str, str], problem: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(**given)

    assert caught.value.problems == [problem]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (
            {"auth_client_id": "mailing"},
            "MAILING_AUTH_CLIENT_ID: needs MAILING_AUTH_ISSUER and MAILING_PUBLIC_URL, too (given: 'mailing')",
        ),
        (
            {"auth_client_id": "mailing", **ISSUER},
            "MAILING_AUTH_CLIENT_ID: needs MAILING_PUBLIC_URL, too (given: 'mailing')",
        ),
        (
            {"auth_client_id": "mailing", "public_url": "https://a.example"},
            "MAILING_AUTH_CLIENT_ID: needs MAILING_AUTH_ISSUER, too (given: 'mailing')",
        ),
        ({"public_url": "https://a.example"}, "MAILING_AUTH_CLIENT_ID: must be set where MAILING_PUBLIC_URL is"),
        ({"auth_client_secret": "hush"}, "MAILING_AUTH_CLIENT_SECRET: needs MAILING_AUTH_CLIENT_ID, too"),
        (
            {"auth_client_id": "mailing", "public_url": "a.example", **ISSUER},
            f"MAILING_PUBLIC_URL: {PUBLIC_URL} (given: 'a.example')",
        ),
    ],
)
def test_half_a_browser_sign_in_is_none(given: dict[str, str], problem: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(**given)

    assert caught.value.problems == [problem]


def test_a_public_url_is_an_origin() -> None:
    settings = load_settings(**ISSUER, auth_client_id="mailing", public_url="https://mailing.example.com:8443/")

    assert settings.public_url == "https://mailing.example.com:8443"


def test_an_issuer_and_an_audience_are_enough() -> None:
    settings = load_settings(**ISSUER)

    assert listed(settings.auth_algorithms) == ("RS256", "ES256")
    assert roles_by_value(settings.auth_roles) == {
        "viewer": Role.VIEWER,
        "operator": Role.OPERATOR,
        "admin": Role.ADMIN,
    }
    assert (settings.auth_role_claim, settings.auth_leeway_seconds, settings.allowed_origins) == ("roles", 30, "")
    assert settings.let_anyone_in_without_sign_in is False


def test_values_of_the_claim_may_be_of_any_kind() -> None:
    text = "cn=chiefs,ou=people,o=us=admin; Mailing staff = operator;staff=viewer;"

    assert roles_by_value(text) == {
        "cn=chiefs,ou=people,o=us": Role.ADMIN,
        "Mailing staff": Role.OPERATOR,
        "staff": Role.VIEWER,
    }


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True), ("127.8.9.10", True), ("::1", True), ("[::1]", True), ("localhost", True),
        ("LOCALHOST", True), ("::ffff:127.0.0.1", True),
        ("0.0.0.0", False), ("::", False), ("", False), ("10.0.0.1", False), ("::ffff:10.0.0.1", False),
        ("localhost.example.com", False), ("127.0.0.1.example.com", False), ("/run/api.sock", False),
        ("127.1", False), ("2130706433", False),
    ],
)  # fmt: skip
def test_a_loopback_address_is_known(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://login.example.com/realms/main", True), ("http://127.0.0.1:8080", True), ("http://[::1]/keys", True),
        ("http://localhost:1", True), ("http://login.example.com", False), ("ftp://localhost", False),
        ("https://", False), ("https://a b", False), ("https://a#b", False),
    ],
)  # fmt: skip
def test_a_safe_url_cannot_be_read_differently_on_the_way(url: str, expected: bool) -> None:
    assert is_safe_url(url) is expected


@pytest.mark.parametrize(
    ("changed", "is_on", "takes_api_tokens"),
    [
        ({}, False, False),
        ({"auth_api_tokens": False}, False, False),
        ({"auth_api_tokens": True}, True, True),
        ({"auth_api_tokens": True, "let_anyone_in_without_sign_in": True}, True, True),
        (ISSUER, True, True),
        (ISSUER | {"auth_api_tokens": False}, True, False),
    ],
)
def test_sign_in_is_on_with_an_issuer_or_with_api_tokens_alone(
    changed: dict[str, object], is_on: bool, takes_api_tokens: bool
) -> None:
    settings = load_settings(**changed)

    assert (settings.is_sign_in_on, settings.takes_api_tokens) == (is_on, takes_api_tokens)
