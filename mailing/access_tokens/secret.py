"""What a token looks like.

`mailing_`, 256 random bits, and a checksum over them, all in characters that are safe in URLs: no dot is among them, so
none of them can be taken for a JWT. The prefix lets people and scanners of repositories see what they have found; by
the checksum a mistyped token is known without asking the database; whoever makes one up can reckon it, too.
"""

import re
from base64 import urlsafe_b64encode
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final
from zlib import crc32

PREFIX: Final = "mailing_"
START_LENGTH: Final = len(PREFIX) + 6
"""36 of the 256 bits are known to those who may see the list of tokens."""

_has_shape = re.compile(rf"{PREFIX}([A-Za-z0-9_-]{{43}})([A-Za-z0-9_-]{{6}})").fullmatch


def make_secret() -> str:
    """A token that nobody has seen yet."""
    random = token_urlsafe(32)
    return PREFIX + random + _checksum(random)


def is_plausible(token: str) -> bool:
    """Whether it can be a token: of the right shape, and with the right checksum."""
    match = _has_shape(token)
    return match is not None and _checksum(match[1]) == match[2]


def digest(token: str) -> str:
    """What is kept of a token. Random bits, unlike passwords, cannot be guessed one after another: no slow hash."""
    return sha256(token.encode()).hexdigest()


def _checksum(random: str) -> str:
    return urlsafe_b64encode(crc32(random.encode()).to_bytes(4, "big")).decode().rstrip("=")
