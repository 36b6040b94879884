"""What never reaches a line, or only where it is switched on.

Secrets are taken out always: under the names that they go by, in the shapes that they have, and the very values that
the settings hold. Phones and texts are personal: of a phone a few digits stay, of a text its length.

Values of our own are concealed by name. What others have written (an error, a traceback, a library's prose) may hold
anything anywhere, and is gone through for shapes. A text in it cannot be told from other words: there, whatever is
quoted and is more than a name goes.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

SECRET_NAMES: Final = frozenset(
    {
        *("token", "access_token", "id_token", "refresh_token", "provider_token", "secret", "client_secret"),
        *("password", "authorization", "cookie", "set_cookie", "code_verifier", "jwt", "api_key"),
    }
)
PHONE_NAMES: Final = frozenset({"phone", "phones"})
TEXT_NAMES: Final = frozenset({"text", "texts", "excerpt", "body"})
"""Among them what the provider answers, for it may quote what it was sent."""

HIDDEN: Final = "***"

_SHORTEST_SECRET = 6
"""A password of fewer characters would be found in innocent words."""
_SHAPES: Final = (
    r"eyJ[\w-]{5,}\.[\w-]+\.[\w-]*",  # a JWT
    r"(?<=mailing_)[\w-]{49}",  # an API token
    r"(?<=://)[^\s/@]*:[^\s/@]*(?=@)",  # user and password of a URL
    r"(?i:(?<=bearer )|(?<=basic ))[\w.~+/=-]+",
    r"(?i:(?<=cookie: )|(?<=cookie=)|(?<=authorization: ))[^\r\n]+",
)
_PHONE: Final = re.compile(r"(?<![\w.])(?P<start>\+?7\d{3})\d{5}(?P<end>\d\d)(?![\w.]\d|\w)")
_PHONES: Final = range(70_000_000_000, 80_000_000_000)
_QUOTED: Final = re.compile(r"""(?<!\w)(['"])(?=[^'"\n]*[^\x21-\x7e'"\n])[^\n]*?\1(?!\w)""")
"""With a space in it, or a letter that no name of ours has."""


class Concealment:
    """Makes values fit to be read by whoever may read logs."""

    def __init__(self, secrets: Iterable[str] = (), *, personal_data: bool = False) -> None:
        """`secrets`: values that must not be seen. `personal_data`: phones and texts may."""
        known = [re.escape(secret) for secret in secrets if len(secret) >= _SHORTEST_SECRET]
        self._secret = re.compile("|".join([*known, *_SHAPES]))
        self._personal_data = personal_data

    def of(self, name: str, value: Any) -> Any:
        """The value as a field of that name may show it."""
        if name in SECRET_NAMES:
            return HIDDEN
        if name in PHONE_NAMES and not self._personal_data:
            return _masked(value)
        if name in TEXT_NAMES and not self._personal_data:
            return _length(value)
        return self._of_any(name, value)

    def of_prose(self, text: str) -> str:
        """Without what looks like a secret or a phone."""
        text = self._secret.sub(HIDDEN, text)
        return text if self._personal_data else _PHONE.sub(r"\g<start>*****\g<end>", text)

    def of_exception(self, traceback: str) -> str:
        """A traceback: also without what its errors quote. Lines of source code, which are indented, stay."""
        text = self.of_prose(traceback)
        if self._personal_data:
            return text
        return "\n".join(
            line if line.startswith(" ") else _QUOTED.sub(_quoted_length, line) for line in text.split("\n")
        )

    def _of_any(self, name: str, value: Any) -> Any:
        match value:
            case bool():
                return value
            case int() if value in _PHONES and not self._personal_data:
                return _masked(value)
            case str():
                return self.of_prose(value)
            case Mapping():
                return {str(key): self.of(str(key), item) for key, item in value.items()}
            case list() | tuple() | set() | frozenset():
                return [self.of(name, item) for item in value]
        return value


def _masked(value: Any) -> Any:
    """`7900*****67`; of what is no phone nothing stays."""
    if type(value) is int and value in _PHONES:  # As in every line of a request.
        return f"{value // 10_000_000}*****{value % 100:02}"
    match value:
        case list() | tuple() | set() | frozenset():
            return [_masked(item) for item in value]
        case None:
            return None
    digits = str(value)
    return f"{digits[:4]}*****{digits[-2:]}" if re.fullmatch(r"7\d{10}", digits) else HIDDEN


def _length(value: Any) -> Any:
    match value:
        case list() | tuple() | set() | frozenset():
            return [_length(item) for item in value]
        case None:
            return None
    return f"<{len(str(value))} characters>"


def _quoted_length(match: re.Match[str]) -> str:
    return f"<{len(match[0]) - 2} characters>"
