"""The documents that were asked for last, each parsed once: clients ask the same few again and again."""

from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSyntaxError, parse

from gql_api.http.limits import (
    MOST_CHARACTERS,
    MOST_KEPT_CHARACTERS,
    MOST_TOKENS,
    TooLongError,
    TooManyTokensError,
)
from gql_api.http.lines import IndexedSource

MOST_DOCUMENTS = 128


@dataclass(eq=False, slots=True)
class Document:
    """What a text says, or why it says nothing."""

    node: DocumentNode | None
    error: GraphQLError | None = None
    """Why there is no node."""
    checked: dict[Any, Any] = field(default_factory=dict)
    """What those who check documents keep of this one, each under its own key. Nothing else grows with it."""


def document(text: str) -> Document:
    """The document that the text is, and the same one for the same text while it is one of the last."""
    if len(text) > MOST_CHARACTERS:
        return Document(None, TooLongError(MOST_CHARACTERS, len(text)))
    return _kept(text) if len(text) <= MOST_KEPT_CHARACTERS else _document(text)


def parsed(text: str) -> DocumentNode:
    """Raises GraphQLError for what is no document, or too large a one."""
    found = document(text)
    if found.node is None:
        assert found.error is not None, "one of the two is there"
        raise found.error.with_traceback(None)  # Raised again and again, it would remember every time.
    return found.node


def digest(text: str) -> str:
    """What names a document without telling it: the SHA-256 of the text, in hexadecimal, as in persisted operations."""
    return sha256(text.encode()).hexdigest()


@lru_cache(MOST_DOCUMENTS)
def _kept(text: str) -> Document:
    return _document(text)


def _document(text: str) -> Document:
    try:
        return Document(parse(IndexedSource(text), max_tokens=MOST_TOKENS))
    except GraphQLSyntaxError as e:
        error = TooManyTokensError(MOST_TOKENS, MOST_TOKENS + 1) if _TOO_MANY_TOKENS in e.message else e
        return Document(None, error.with_traceback(None))


_TOO_MANY_TOKENS = f"more than {MOST_TOKENS} tokens"
"""What the parser says then, and nothing but the words tells it from other errors."""
