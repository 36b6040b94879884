"""What an issuer calls somebody, made fit for lists, logs and terminals."""

import re
from collections.abc import Mapping
from typing import Any, Final

from joserfc.errors import InvalidClaimError

MOST_OF_A_SUBJECT: Final = 255
"""Characters (OpenID Connect Core, 2)."""
LONGEST_NAME: Final = 200

_is_ours = re.compile(r"token_\d+|everyone|command line").fullmatch
"""What the service itself calls those who are let in by anything but an issuer."""


def check_subject(subject: object) -> None:
    """Raises InvalidClaimError for what could not be told from others, or not be shown."""
    is_fit = isinstance(subject, str) and subject.isprintable() and 0 < len(subject) <= MOST_OF_A_SUBJECT
    if not is_fit or _is_ours(str(subject)):
        raise InvalidClaimError("sub")


def shown_name(claims: Mapping[str, Any], *names: str) -> str | None:
    """The first of these claims that holds a name, without what cannot be seen; None without one."""
    given = (claims.get(name) for name in names)
    shown = ("".join(filter(str.isprintable, name)).strip() for name in given if isinstance(name, str))
    return next((name[:LONGEST_NAME] for name in shown if name), None)
