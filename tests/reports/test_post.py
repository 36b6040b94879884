"""Handing mail to real mail servers."""

import asyncio
import socket
from datetime import UTC, datetime
from email.message import EmailMessage, MIMEPart
from uuid import UUID

import pytest

from mailing.report_checks import MailServer, addresses
from mailing.reports.letter import Letter
from mailing.reports.mail import compose
from mailing.reports.post import MailNotTakenError, Refused, hand_over
from tests.post_office import PostOffice, post_office
from tests.provider.tls import CERTIFICATE

KEY = UUID("5f1f2fb0-6f4f-4a7e-9d59-2d2f4f8f0a01")
LETTER = Letter(
    made_at=datetime(2026, 11, 22, 5, tzinfo=UTC),
    subject="Sat 21 Nov: 7 messages sent",
    html="<p>семь " + "x" * 2_000,
    text="семь\n",
    csv="\ufeffmailing,text\r\nmailing_1,Привет\r\n",
    csv_name="mailings-2026-11-21.csv",
)


def mail(to: str = "Анна <ann@example.com>, bob@example.com") -> EmailMessage:
    (sender,) = addresses("Mailing <mailing@example.com>")
    return compose(LETTER, sender=sender, to=addresses(to), key=KEY)


async def hand(office: PostOffice, url: str | None = None, *, step_seconds: float = 5) -> Refused:
    return await hand_over(mail(), MailServer.at(url or office.url()), step_seconds=step_seconds)


def lines(part: MIMEPart) -> list[str]:
    return str(part.get_content()).splitlines()


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The authority is in the system's store, as far as OpenSSL knows."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


async def test_a_report_arrives_as_it_was_written() -> None:
    async with post_office() as office:
        refused = await hand(office)

    (arrived,) = office.mails
    (envelope,) = office.envelopes
    assert refused == {}
    assert (envelope.mail_from, envelope.rcpt_tos) == ("mailing@example.com", ["ann@example.com", "bob@example.com"])
    assert {name: str(arrived[name]) for name in ("Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted")} == {
        "Subject": "Sat 21 Nov: 7 messages sent",
        "From": "Mailing <mailing@example.com>",
        "To": "Анна <ann@example.com>, bob@example.com",
        "Date": "Sun, 22 Nov 2026 05:00:00 +0000",
        "Message-ID": f"<{KEY}@example.com>",
        "Auto-Submitted": "auto-generated",
    }
    text, html = arrived.get_body(("plain",)), arrived.get_body(("html",))
    assert text is not None
    assert html is not None
    assert (lines(text), lines(html)) == (["семь"], [LETTER.html])
    (attached,) = arrived.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == (LETTER.csv_name, "text/csv")
    assert attached.get_payload(decode=True) == LETTER.csv.encode()
    assert isinstance(envelope.content, bytes)
    assert max(map(len, envelope.content.split(b"\r\n"))) <= 998


@pytest.mark.usefixtures("trusted")
async def test_it_goes_by_tls_with_a_login() -> None:
    async with post_office(tls=True, login=True) as office:
        await hand(office, office.url("smtps", "me%40example.com:p%2Fa%3Ass@", "localhost"))

    assert (len(office.mails), office.logins) == (1, [("me@example.com", "p/a:ss")])
    assert office.sessions[0].ssl is None  # not by STARTTLS: the whole connection is


@pytest.mark.usefixtures("trusted")
async def test_it_goes_by_starttls_with_a_login() -> None:
    async with post_office(starttls=True, login=True) as office:
        await hand(office, office.url("smtp", "me:p%2Fa%3Ass@", "localhost"))

    assert (len(office.mails), office.logins) == (1, [("me", "p/a:ss")])
    assert office.sessions[0].ssl is not None


async def test_a_certificate_of_an_unknown_authority_gets_neither_mail_nor_password() -> None:
    for scheme, kind in (("smtps", {"tls": True}), ("smtp", {"starttls": True})):
        async with post_office(**kind, login=True) as office:
            with pytest.raises(MailNotTakenError, match="certificate verify failed"):
                await hand(office, office.url(scheme, "me:p%2Fa%3Ass@", "localhost"))
            assert (office.mails, office.logins) == ([], [])


@pytest.mark.usefixtures("trusted")
async def test_a_server_that_does_not_encrypt_gets_neither_mail_nor_password() -> None:
    async with post_office(login=True) as office:
        with pytest.raises(MailNotTakenError, match="STARTTLS"):
            await hand(office, office.url("smtp", "me:p%2Fa%3Ass@", "localhost"))

    assert (office.mails, office.logins) == ([], [])


async def test_a_wrong_password_is_told_without_being_shown() -> None:
    async with post_office(login=True) as office:
        with pytest.raises(MailNotTakenError, match=r"^535 5\.7\.8") as caught:
            await hand(office, office.url(login="me:hush@"))

    assert "hush" not in repr(caught.value) + repr(caught.value.__cause__)


async def test_what_the_server_takes_for_some_is_taken() -> None:
    async with post_office() as office:
        office.refuses["bob@example.com"] = "550 5.1.1 no such user"

        assert await hand(office) == {"bob@example.com": "550 5.1.1 no such user"}

    assert [envelope.rcpt_tos for envelope in office.envelopes] == [["ann@example.com"]]


@pytest.mark.parametrize(
    ("behaviour", "message"),
    [
        ({"refuses": dict.fromkeys(("ann@example.com", "bob@example.com"), "550 no such user")}, "550 no such user"),
        ({"answer": "452 4.2.2 mailbox full"}, "^452 4.2.2 mailbox full$"),
        ({"answer": "554 5.7.1 spam"}, "^554 5.7.1 spam$"),
    ],
)
async def test_what_the_server_refuses_is_not_taken(behaviour: dict[str, object], message: str) -> None:
    async with post_office() as office:
        for name, value in behaviour.items():
            setattr(office, name, value)
        with pytest.raises(MailNotTakenError, match=message):
            await hand(office)

    assert office.mails == []


async def test_a_server_that_is_away_or_hangs_holds_nobody_up() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        away = f"smtp+plain://127.0.0.1:{nobody.getsockname()[1]}"
        with pytest.raises(MailNotTakenError, match="Connect call failed"):
            await hand_over(mail(), MailServer.at(away), step_seconds=5)
    async with post_office() as office:
        office.before_answer.clear()
        with pytest.raises(MailNotTakenError, match=r"[Tt]imed out"):
            await hand(office, step_seconds=0.2)


async def test_what_is_to_be_done_when_it_is_taken_is_done_before_the_goodbye() -> None:
    said: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hi\r\n")
        in_mail = False
        while line := await reader.readline():
            if in_mail:
                in_mail = line != b".\r\n"
                writer.write(b"" if in_mail else b"250 taken\r\n")
                continue
            said.append(line.split()[0].decode())
            in_mail = said[-1] == "DATA"
            writer.write(b"354 go on\r\n" if in_mail else b"250 OK\r\n")
        writer.close()

    async def taken() -> None:
        said.append("taken")

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        await hand_over(mail(), MailServer.at(f"smtp+plain://127.0.0.1:{port}"), step_seconds=5, taken=taken)
        server.close()

    assert said == ["EHLO", "MAIL", "RCPT", "RCPT", "DATA", "taken", "QUIT"]
