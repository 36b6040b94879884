"""Who asks."""

from dataclasses import dataclass

from mailing import origin
from mailing.roles import Role


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person or a program that has come in."""

    subject: str
    """By which the issuer tells it from all others: the claim `sub` (RFC 7519, 4.1.2)."""
    name: str
    """To show to people; not unique."""
    role: Role


EVERYONE = Viewer(subject=origin.EVERYONE, name="Everyone", role=Role.ADMIN)
"""Who asks where nobody has to sign in."""
