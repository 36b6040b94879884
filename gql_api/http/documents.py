"""Documents are parsed once: clients ask the same few again and again."""

from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache

from graphql import DocumentNode, GraphQLError, parse
from strawberry.extensions import SchemaExtension

MOST_DOCUMENTS = 128
MOST_TOKENS = 2_000
"""Of one document: four times what introspection takes. A megabyte of names would be 300 of memory, for as long as it
is kept."""


class ParseOnce(SchemaExtension):
    """Keeps the documents that were asked for last. What cannot be parsed is left to whoever reports it.

    Strawberry's own cache raises here, and what is raised here is lost on its way to a socket.
    """

    def on_parse(self) -> Iterator[None]:
        context = self.execution_context
        if context.query is not None and context.graphql_document is None:
            with suppress(GraphQLError):
                context.graphql_document = parsed(context.query)
        yield


@lru_cache(MOST_DOCUMENTS)
def parsed(query: str) -> DocumentNode:
    """Raises GraphQLError for what is no document, or has more than MOST_TOKENS."""
    return parse(query, max_tokens=MOST_TOKENS)
