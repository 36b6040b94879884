"""The check of the mail server, against a real one of each kind."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Protocol

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import AuthResult, LoginPassword

from mailing.cli.preconditions import free_port
from mailing.health.finding import Finding, Level
from mailing.health.mail_server import look_at_mail_server
from mailing.settings import load_settings
from tests.provider.tls import CERTIFICATE, server_context

USER = "report"
PASSWORD = "p@ss/word"


class Served(Protocol):
    def __call__(self, **options: Any) -> int: ...


class _NoMail(Sink):
    """Nobody may hand over a mail here."""

    async def handle_MAIL(self, *_: object) -> str:  # noqa: N802  # the name that aiosmtpd wants
        raise AssertionError("a mail was begun")


@pytest.fixture
def served() -> Iterator[Served]:
    """Starts servers with options of aiosmtpd's Controller; each gives its port."""
    with ExitStack() as stack:

        def start(**options: Any) -> int:
            port = free_port()
            server = Controller(_NoMail(), hostname="127.0.0.1", port=port, **options)
            server.start()
            stack.callback(server.stop)
            return port

        yield start


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The certificate of `localhost` is one of a known authority."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


def _authenticator(_server: object, _session: object, _envelope: object, _mechanism: str, given: Any) -> AuthResult:
    assert isinstance(given, LoginPassword)
    # `handled` would say that this function has answered the client already.
    return AuthResult(success=(given.login, given.password) == (USER.encode(), PASSWORD.encode()), handled=False)


async def _look(url: str) -> Finding:
    (found,) = await look_at_mail_server(load_settings(smtp_url=url))
    return found


async def test_none_is_fine_for_then_nobody_gets_a_report() -> None:
    (found,) = await look_at_mail_server(load_settings())
    assert (found.level, found.what) == (Level.OK, "None is set, so no daily report goes out.")


async def test_one_without_any_protection_is_fine_where_it_is_asked_for(served: Served) -> None:
    port = served()
    found = await _look(f"smtp+plain://127.0.0.1:{port}")
    assert (found.level, found.what) == (Level.OK, f"127.0.0.1:{port} answers.")


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
async def test_one_that_takes_user_and_password_under_tls_is_fine(served: Served, scheme: str) -> None:
    # Given
    tls = {"ssl_context": server_context()} if scheme == "smtps" else {"tls_context": server_context()}
    port = served(**tls, authenticator=_authenticator, auth_require_tls=scheme == "smtp")

    # When
    good = await _look(f"{scheme}://{USER}:p%40ss%2Fword@localhost:{port}")
    wrong = await _look(f"{scheme}://{USER}:sesame@localhost:{port}")

    # Then
    name = {"smtps": "TLS", "smtp": "STARTTLS"}[scheme]
    assert (good.level, good.what) == (Level.OK, f"localhost:{port} answers, by {name}, takes user and password.")
    assert (wrong.level, wrong.advice) == (Level.PROBLEM, "Correct user and password (MAILING_SMTP_URL).")
    assert "sesame" not in repr(wrong)


async def test_a_certificate_of_an_unknown_authority_is_a_problem(served: Served) -> None:
    port = served(ssl_context=server_context())

    found = await _look(f"smtps://localhost:{port}")

    assert found.level is Level.PROBLEM
    assert "certificate" in found.what
    assert found.advice == "Correct its certificate, or how it is protected, or its port (MAILING_SMTP_URL)."


async def test_one_that_offers_no_starttls_is_a_problem_where_it_is_asked_for(served: Served) -> None:
    found = await _look(f"smtp://127.0.0.1:{served()}")

    assert (found.level, found.advice) == (
        Level.PROBLEM,
        "It does not offer what is asked of it: correct how it is protected, or its port (MAILING_SMTP_URL).",
    )


async def test_one_that_is_away_is_a_problem() -> None:
    port = free_port()

    found = await _look(f"smtp://{USER}:sesame@127.0.0.1:{port}")

    assert (found.level, found.what) == (Level.PROBLEM, f"127.0.0.1:{port} cannot be used: connection refused.")
    assert "sesame" not in repr(found)
