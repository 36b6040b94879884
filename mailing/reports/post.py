"""Hands mail to a mail server."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from email.message import EmailMessage
from typing import Final

from aiosmtplib import SMTP, SMTPException, SMTPRecipientsRefused, SMTPResponseException

from mailing.report_checks import Encryption, MailServer
from mailing.reports.wording import one_line

MOST_SECONDS: Final = 25.0
"""From connecting until the server has taken the mail, whatever each step of it may take: less than a mutation has."""
_GOODBYE_SECONDS: Final = 2.0

_FAILURES = (SMTPException, OSError, TimeoutError)

Refused = Mapping[str, str]
"""Those of the addresses that the server did not take, and what it said."""


class MailNotTakenError(Exception):
    """Raised when the mail server did not say that it has taken the mail. It may have, where the answer was lost."""


async def hand_over(
    mail: EmailMessage,
    server: MailServer,
    *,
    step_seconds: float,
    taken: Callable[[], Awaitable[None]] | None = None,
) -> Refused:
    """Let the server take the mail for those in its To. `taken` runs the moment it has, before anything else.

    `step_seconds`: most time to connect, and for each answer. Raises MailNotTakenError; a server that takes it for some
    of the addresses has taken it.
    """
    smtp = smtp_client(server, step_seconds)
    try:
        refused = await _transfer(smtp, mail)
        if taken is not None:
            await taken()
        with suppress(*_FAILURES):
            await smtp.quit(timeout=min(_GOODBYE_SECONDS, step_seconds))
    finally:
        smtp.close()
    return refused


def smtp_client(server: MailServer, step_seconds: float, *, own_name: str | None = None) -> SMTP:
    """A client of that server, not connected yet.

    `own_name`: what it greets with; None is this machine's full name, which may take long to find.
    """
    return SMTP(
        hostname=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        use_tls=server.encryption is Encryption.TLS,
        # Neither left to the server: what it offers can be changed by whoever sits on the way.
        start_tls=server.encryption is Encryption.STARTTLS,
        tls_context=None if server.encryption is Encryption.NONE else ssl.create_default_context(),
        timeout=step_seconds,
        local_hostname=own_name,
    )


async def _transfer(smtp: SMTP, mail: EmailMessage) -> Refused:
    try:
        async with asyncio.timeout(MOST_SECONDS):
            await smtp.connect()
            refused, _ = await smtp.send_message(mail)
    except _FAILURES as e:
        raise MailNotTakenError(_reason(e)) from e
    return {address: one_line(f"{answer.code} {answer.message}", 200) for address, answer in refused.items()}


def _reason(e: Exception) -> str:
    if isinstance(e, SMTPRecipientsRefused):
        return one_line("; ".join(f"{r.recipient}: {r.code} {r.message}" for r in e.recipients), 300)
    if isinstance(e, SMTPResponseException):
        return one_line(f"{e.code} {e.message}", 300)
    return one_line(str(e), 300) or f"no answer within {MOST_SECONDS:g} s"
