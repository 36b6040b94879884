"""What never reaches a line, or only where it is switched on.

Secrets are taken out always: under the names that they go by, in the shapes that they have, and the very values that
the settings hold. Phones and texts are personal: of a phone a few digits stay, of a text its length.

Values of our own are concealed by name. What others have written (an error, a traceback, a library's prose) may hold
anything anywhere, and is gone through for shapes. A text in it cannot be told from other words: there, whatever is
quoted and is more than a name goes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import Enum
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
_NAMED: Final = r"(?i:password|secret|token|api_key|authorization|cookie)"
_SHAPES: Final = (
    r"eyJ[\w-]{5,1000}\.[\w-]+\.[\w-]*",  # a JWT
    r"(?<=mailing_)[\w-]{49}",  # an API token
    r"(?<=://)[^\s/:]*:[^\s/]*(?=@)",  # user and password of a URL
    r"(?i:(?<=bearer )|(?<=basic ))[\w.~+/=-]+",
    r"(?i:(?<=cookie: )|(?<=cookie=)|(?<=authorization: ))[^\r\n]+",
    rf"""(?P<quoted>{_NAMED}["']?\s?[:=]\s?["'])[^"'\r\n]+""",  # as in a dictionary
    rf"""(?P<bare>{_NAMED}=)[^\s&"']+""",  # as in a query
)
"""None takes longer than in proportion to what it reads: others may choose that."""
_PHONE: Final = re.compile(r"(?<![\w.])(?P<start>\+?7\d{3})\d{5}(?P<end>\d\d)(?![\w.]\d|\w)")
_PHONES: Final = range(70_000_000_000, 80_000_000_000)
_QUOTED: Final = re.compile(r"""(?<!\w)(['"])(?=[^'"\n]*[^\x21-\x7e'"\n])([^\n]*?)(?:\1(?!\w)|$)""")
"""With a space in it, or a letter that no name of ours has; to the line's end where the quote has none."""
_ROW: Final = re.compile(r"(?<=Failing row contains \()(.*?)(?=\)\.?(?:\n|\Z)|\Z)", re.DOTALL)
"""What PostgreSQL quotes of a row that it does not take, unlike others without quotes."""
_MOST_AT_BEGINNING: Final = 5_000
_MOST_AT_END: Final = 15_000
"""Of any text: the end of a traceback tells most."""


class Concealment:
    """Makes values fit to be read by whoever may read logs."""

    def __init__(self, secrets: Iterable[str] = (), *, personal_data: bool = False) -> None:
        """`secrets`: values that must not be seen. `personal_data`: phones and texts may."""
        known = [re.escape(secret) for secret in secrets if len(secret) >= _SHORTEST_SECRET]
        self._secret = re.compile("|".join([*known, *_SHAPES]))
        self._personal_data = personal_data

    def of(self, name: str, value: Any) -> Any:
        """The value as a field of that name may show it."""
        plain = name.lower().replace("-", "_")
        if plain in SECRET_NAMES:
            return HIDDEN
        if plain in PHONE_NAMES:
            return self.of_phone(value)
        if plain in TEXT_NAMES and not self._personal_data:
            return _length(value)
        return self._of_any(name, value)

    def of_phone(self, value: Any) -> Any:
        """What is a phone by its name, or several of them."""
        return value if self._personal_data else _masked(value)

    def of_prose(self, text: str) -> str:
        """Without what looks like a secret or a phone, and not longer than a line may be."""
        return _shortened(self._without_shapes(text))

    def of_exception(self, traceback: str) -> str:
        """A traceback, or an error's prose: also without what is quoted in it, but for its lines of source code."""
        text = self._without_shapes(traceback)
        return _shortened(text if self._personal_data else "\n".join(_without_quoted(_ROW.sub(_length_of, text))))

    def _without_shapes(self, text: str) -> str:
        text = self._secret.sub(rf"\g<quoted>\g<bare>{HIDDEN}", text)
        return text if self._personal_data else _PHONE.sub(r"\g<start>*****\g<end>", text)

    def _of_any(self, name: str, value: Any) -> Any:
        match value:
            case None | bool() | float() | date() | Enum():
                return value
            case int():
                return _masked(value) if value in _PHONES and not self._personal_data else value
            case str():
                return self.of_prose(value)
            case Mapping():
                return {str(key): self.of(str(key), item) for key, item in value.items()}
            case list() | tuple() | set() | frozenset():
                return [self.of(name, item) for item in value]
        return self.of_prose(repr(value))


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


def _without_quoted(text: str) -> Iterator[str]:
    is_source = False
    for line in text.split("\n"):
        # Those of a group of exceptions have a bar before them.
        is_place = line.lstrip(" |").startswith('File "')
        yield line if is_place or is_source else _QUOTED.sub(_length_of_quoted, line)
        is_source = is_place


def _length_of_quoted(match: re.Match[str]) -> str:
    return _length_of(match, group=2)


def _length_of(match: re.Match[str], group: int = 1) -> str:
    return f"<{len(match[group])} characters>"


def _shortened(text: str) -> str:
    left_out = len(text) - _MOST_AT_BEGINNING - _MOST_AT_END
    if left_out <= 0:
        return text
    return f"{text[:_MOST_AT_BEGINNING]} <{left_out} characters more> {text[-_MOST_AT_END:]}"
