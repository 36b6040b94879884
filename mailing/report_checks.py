"""What the settings about the daily report must look like, and what they mean.

Each check answers the value, or raises ValueError that says what is allowed. Those of `MAILING_SMTP_URL` show nothing
of it: it may hold a password.
"""

import re
from dataclasses import dataclass, field
from datetime import time
from email.headerregistry import Address
from email.policy import default
from enum import Enum
from typing import Final, cast
from urllib.parse import unquote, urlsplit

from mailing.sign_in_checks import is_loopback
from mailing.timezones import is_known_zone
from mailing.wording import shown

MOST_ADDRESSES: Final = 50

_ADDRESSES = "must be addresses with commas between them: ann@example.com, Bob <bob@example.com>"
_SENDER = "must be one address: Mailing <mailing@example.com>"
_CLOCK = "must be HH:MM from 00:00 to 23:59"
_SMTP = (
    "must be smtps://[user:password@]host[:465] (TLS), smtp://[user:password@]host[:587] (STARTTLS), or "
    "smtp+plain://host[:25] (nothing is encrypted)"
)

_is_clock = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]").fullmatch
_is_mailbox = re.compile(r"[^\s@]+@[^\s@]+").fullmatch


class Encryption(Enum):
    """How the way to the mail server is encrypted; each with the port that is usual for it."""

    TLS = 465
    """From the first byte on."""
    STARTTLS = 587
    """Right after the greeting; a server that does not offer it gets nothing."""
    NONE = 25


@dataclass(frozen=True, slots=True)
class MailServer:
    """The mail server that takes the report."""

    host: str
    port: int
    encryption: Encryption
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def at(cls, url: str) -> "MailServer":
        """The server that a URL names. Raises ValueError."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise ValueError(_SMTP) from None
        encryption = _ENCRYPTIONS.get(parts.scheme)
        bare = parts.path in ("", "/") and not (parts.query or parts.fragment)
        halves = (parts.username is None) == (parts.password is None)
        if encryption is None or not parts.hostname or not bare or not halves or not url.isprintable() or " " in url:
            raise ValueError(_SMTP)
        if parts.username is not None and encryption is Encryption.NONE and not is_loopback(parts.hostname):
            raise ValueError("must not send a password unencrypted: smtps:// or smtp:// encrypt it")
        return cls(
            host=parts.hostname,
            port=port or encryption.value,
            encryption=encryption,
            user=None if parts.username is None else unquote(parts.username),
            password=None if parts.password is None else unquote(parts.password),
        )


_ENCRYPTIONS: Final = {"smtps": Encryption.TLS, "smtp": Encryption.STARTTLS, "smtp+plain": Encryption.NONE}


def checked_addresses(text: str) -> str:
    addresses(text)
    return text


def checked_sender(text: str) -> str:
    if len(_addresses(text, _SENDER)) != 1:
        raise ValueError(_SENDER)
    return text


def checked_clock(text: str) -> str:
    if not _is_clock(text):
        raise ValueError(_CLOCK)
    return text


def checked_zone(name: str) -> str:
    if not is_known_zone(name):
        raise ValueError("must be an IANA name, letter for letter, such as Europe/Moscow")
    return name


def checked_smtp_url(url: str) -> str:
    MailServer.at(url)
    return url


def clock(text: str) -> time:
    """A time of day that was checked."""
    return time.fromisoformat(text)


def addresses(text: str) -> tuple[Address, ...]:
    """Those that stand between the commas; of equal ones the first. Raises ValueError."""
    found: dict[str, Address] = {}
    for address in _addresses(text, _ADDRESSES):
        found.setdefault(address.addr_spec, address)
    if len(found) > MOST_ADDRESSES:
        raise ValueError(f"must be at most {MOST_ADDRESSES} addresses; a mailing list reaches more people")
    return tuple(found.values())


def _addresses(text: str, allowed: str) -> tuple[Address, ...]:
    """Mail servers of today take UTF-8 in names, and few of them in addresses."""
    if not text.strip():
        return ()
    if not text.isprintable():
        raise ValueError(allowed)
    header = default.header_factory("to", text)
    found = cast(tuple[Address, ...], header.addresses)
    for address in found:
        if not _is_mailbox(address.addr_spec) or not address.addr_spec.isascii():
            raise ValueError(f"{allowed}; {shown(str(address))} is none")
    if header.defects or not found:
        raise ValueError(allowed)
    return found
