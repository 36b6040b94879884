"""What is known of somebody who signs in, and of somebody who is signed in."""

from dataclasses import dataclass

from mailing.roles import Role


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of whom an OpenID provider has said who it is."""

    issuer: str
    subject: str
    """By which the issuer tells them from all others."""
    name: str
    """To show to people."""
    role: Role
    id_token: str
    """What the issuer said, as it said it."""


@dataclass(frozen=True, slots=True)
class Session:
    """One that is not over."""

    subject: str
    name: str
    role: Role
    remaining_seconds: float


@dataclass(frozen=True, slots=True)
class EndedSession:
    """One that was ended before its time."""

    subject: str
    id_token: str
