"""How large an operation may be, and how what is larger is refused.

Every refusal is a GraphQLError that names the limit and the value, in words and in `extensions`: `code`, `limit`,
`value`. It is an error of that operation alone, whichever way it came.
"""

from dataclasses import dataclass
from typing import Self

from graphql import GraphQLError

from gql_api.auth.loopback import is_open_house
from mailing.settings import Settings

MOST_TOKENS = 2_000
"""Of one document: four times what introspection takes. A megabyte of names would be 300 of memory, for as long as it
is kept."""
MOST_CHARACTERS = 262_144
"""Of one document, comments and literals included: a megabyte takes up to a third of a second to read."""
MOST_KEPT_CHARACTERS = 65_536
"""Of a document that is kept for the next time: the longer ones are full of literals, and come once."""

MOST_LASTING_CHARACTERS = 16_384
"""Of a subscription's document and variables together: they are kept for as long as it lasts."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an operation may take, and what it may find out about the schema."""

    depth: int = 16
    aliases: int = 50
    cost: int = 100_000
    timeout_seconds: float = 30
    introspection: bool = False
    suggestions: bool = False

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Those of the settings."""
        introspection, suggestions = settings.graphql_introspection, settings.graphql_suggestions
        if introspection is None:
            introspection = is_open_house(settings)
        if suggestions is None:
            suggestions = introspection
        return cls(
            depth=settings.graphql_max_depth,
            aliases=settings.graphql_max_aliases,
            cost=settings.graphql_max_cost,
            timeout_seconds=settings.graphql_timeout_seconds,
            introspection=introspection,
            suggestions=suggestions,
        )


class LimitError(GraphQLError):
    """Raised when an operation is larger than a limit allows; the root of the refusals below."""

    code: str
    message_format: str

    def __init__(self, limit: int, value: int) -> None:
        message = self.message_format.format(limit=f"{limit:,}", value=_shown(value))
        super().__init__(message, extensions={"code": self.code, "limit": limit, "value": min(value, _MOST_SHOWN)})


class TooLongError(LimitError):
    """Raised when a document has more than MOST_CHARACTERS."""

    code = "DOCUMENT_TOO_LONG"
    message_format = "The document is {value} characters long; at most {limit} are allowed"


class TooLongSubscriptionError(LimitError):
    """Raised when a subscription's document and variables have more than MOST_LASTING_CHARACTERS."""

    code = "SUBSCRIPTION_TOO_LONG"
    message_format = "The subscription is {value} characters long, variables included; at most {limit} are allowed"


class TooManyTokensError(LimitError):
    """Raised when a document has more than MOST_TOKENS. Nobody counts on: the value is the first that is too much."""

    code = "TOO_MANY_TOKENS"
    message_format = "The document has {value} tokens or more; at most {limit} are allowed"


class TooDeepError(LimitError):
    """Raised when fields are nested deeper than allowed."""

    code = "TOO_DEEP"
    message_format = "The operation nests fields {value} levels deep; at most {limit} are allowed"


class TooManyAliasesError(LimitError):
    """Raised when an operation has more aliases than allowed, those of a fragment counted wherever it is spread."""

    code = "TOO_MANY_ALIASES"
    message_format = "The operation has {value} aliases; at most {limit} are allowed"


class TooCostlyError(LimitError):
    """Raised when the answer could hold more values than allowed."""

    code = "TOO_COSTLY"
    message_format = (
        "The operation asks for up to {value} values, each list counted with all of its page; at most {limit} are "
        "allowed: ask for smaller pages or fewer fields"
    )


class TooManyOperationsError(LimitError):
    """Raised when more operations are asked for on one socket than may run at once."""

    code = "TOO_MANY_OPERATIONS"
    message_format = "This would be operation {value} at once on this socket; at most {limit} are allowed"


class OperationTimeoutError(GraphQLError):
    """Raised when a query or a mutation takes longer than allowed."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"The operation was stopped: it took longer than {seconds:g} seconds, which is the most that is allowed",
            extensions={"code": "OPERATION_TIMEOUT", "limitSeconds": seconds},
        )


_MOST_SHOWN = 2**31 - 1
"""Fragments that each spread the next one twice make numbers that fill a page; more than this is told as this."""


def _shown(value: int) -> str:
    return f"{value:,}" if value <= _MOST_SHOWN else f"more than {_MOST_SHOWN:,}"
