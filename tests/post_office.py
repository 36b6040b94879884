"""A mail server that keeps what it gets, on this event loop."""

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.provider.tls import server_context

Taken = Callable[[EmailMessage], object]


class PostOffice:
    """What it took, and how it behaves: both may be changed while it runs."""

    def __init__(self) -> None:
        self.host = "127.0.0.1"
        self.port = 0
        self.mails: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.sessions: list[Session] = []
        self.logins: list[tuple[str, str]] = []
        self.refuses: dict[str, str] = {}
        """What it says to which recipient."""
        self.answer = "250 OK"
        """To a mail. It keeps those that it answers with 250."""
        self.before_answer = asyncio.Event()
        """It has kept the mail and answers when this is set."""
        self.before_answer.set()

    @property
    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails]

    def url(self, scheme: str = "smtp+plain", login: str = "", host: str | None = None) -> str:
        """Where it is, for `MAILING_SMTP_URL`."""
        return f"{scheme}://{login}{host or self.host}:{self.port}"

    async def handle_RCPT(  # noqa: N802  # aiosmtpd names it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.mails.append(message_from_bytes(envelope.content, policy=default))
            self.envelopes.append(envelope)
            self.sessions.append(session)
        await self.before_answer.wait()
        return self.answer

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _way: str, data: object
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password == b"p/a:ss", handled=False)


@asynccontextmanager
async def post_office(*, tls: bool = False, starttls: bool = False, login: bool = False) -> AsyncIterator[PostOffice]:
    """One that runs for the length of the block. `login`: it takes nothing from who has none."""
    office = PostOffice()
    loop = asyncio.get_running_loop()
    options: dict[str, Any] = {"tls_context": server_context(), "require_starttls": True} if starttls else {}
    if login:
        options |= {"authenticator": office.authenticate, "auth_required": True, "auth_require_tls": starttls}

    def connected() -> SMTP:
        with warnings.catch_warnings(action="ignore"):  # It warns of passwords without encryption.
            return SMTP(office, hostname="post.example.com", loop=loop, enable_SMTPUTF8=True, **options)

    context: ssl.SSLContext | None = server_context() if tls else None
    server = await loop.create_server(connected, office.host, 0, ssl=context)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        office.before_answer.set()
        server.close()
        await server.wait_closed()
