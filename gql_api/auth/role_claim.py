"""Which role a token gives."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mailing.roles import Role


@dataclass(frozen=True, slots=True)
class RoleClaim:
    """The claim that says it, and what its values mean: issuers agree on neither."""

    path: str
    """The claim's name, or the way to it through objects: `realm_access.roles`."""
    roles: Mapping[str, Role]

    def highest(self, claims: Mapping[str, Any]) -> Role | None:
        """Of the roles that the claims give; None: they give none."""
        return max((self.roles[value] for value in _texts(self._found(claims)) if value in self.roles), default=None)

    def _found(self, claims: Mapping[str, Any]) -> object:
        if self.path in claims:  # Names that are URLs have dots of their own.
            return claims[self.path]
        found: object = claims
        for name in self.path.split("."):
            found = found.get(name) if isinstance(found, dict) else None
        return found


def _texts(value: object) -> Iterable[str]:
    """A list of texts, or one text with spaces between them as in `scope` (RFC 6749, 3.3)."""
    if isinstance(value, str):
        return [value, *value.split()]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
