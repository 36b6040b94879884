"""What the settings about who may come in must look like, and what they mean.

Each check answers the value, or raises ValueError that says what is allowed.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from mailing.roles import Role

ALGORITHMS: Final = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "Ed25519"),
)
"""Those with a public key to check by (RFC 7518, 3.1; RFC 9864, 2.2). What is signed with a shared secret can be
written by everybody who can check it."""

_SAFE_URL = "must be https://host[:port][/path], or http:// with a loopback address"
_PUBLIC_URL = "must be https://host[:port], or http:// with a loopback address; no path"
_SCOPES = "must be names with spaces between them, openid among them"
_ORIGINS = "must be origins with commas between them: https://host[:port],…"


def checked_safe_url(url: str) -> str:
    if not is_safe_url(url):
        raise ValueError(_SAFE_URL)
    return url


def checked_public_url(url: str) -> str:
    """The origin, without the slash that may stand at its end."""
    origin = url.removesuffix("/")
    if not is_safe_url(origin) or urlsplit(origin).path:
        raise ValueError(_PUBLIC_URL)
    return origin


def checked_scopes(text: str) -> str:
    # RFC 6749, 3.3, but for what it forbids in a scope: that is the provider's to refuse.
    if "openid" not in text.split() or not text.isascii() or not text.isprintable():
        raise ValueError(_SCOPES)
    return text


def checked_algorithms(text: str) -> str:
    names = listed(text)
    if not names or not set(names) <= set(ALGORITHMS):
        raise ValueError(f"must be some of these, with commas between them: {', '.join(ALGORITHMS)}")
    return text


def checked_roles(text: str) -> str:
    roles_by_value(text)
    return text


def checked_origins(text: str) -> str:
    for origin in listed(text):
        parts = _split(origin)
        if parts is None or not (parts.scheme and parts.hostname) or origin != f"{parts.scheme}://{parts.netloc}":
            raise ValueError(_ORIGINS)
    return text


def listed(text: str) -> Sequence[str]:
    """What stands between the commas."""
    return tuple(part for part in (part.strip() for part in text.split(",")) if part)


def roles_by_value(text: str) -> Mapping[str, Role]:
    """`staff=viewer; cn=chiefs,o=us=admin`: which value of the claim gives which role. Raises ValueError."""
    names = [role.name.lower() for role in Role]
    found: dict[str, Role] = {}
    for line in filter(None, (part.strip() for part in text.split(";"))):
        value, _, role = (part.strip() for part in line.rpartition("="))
        if not value or role not in names:
            raise ValueError(f"must be value=role; value=role; … and a role one of {', '.join(names)}")
        found[value] = Role[role.upper()]
    return found


def is_safe_url(url: str) -> bool:
    """Whether what is read there cannot have been written by somebody on the way."""
    parts = _split(url)
    if parts is None or not parts.hostname or parts.username or parts.query or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))


@lru_cache(128)  # Asked for each request, of the few names that a service has.
def is_loopback(host: str) -> bool:
    """Whether only this machine itself can reach the address, or name, which may stand in brackets.

    `localhost` never means anything else (RFC 6761, 6.3); what other names mean is in somebody else's hands.
    """
    host = host.removeprefix("[").removesuffix("]")
    if host.lower() == "localhost":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # Raises where it is no port number.
    except ValueError:
        return None
    return parts if url.isprintable() and " " not in url else None
