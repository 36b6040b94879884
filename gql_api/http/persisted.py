"""Persisted operations as Apollo has them: a client sends the hash of a document, and the document itself only where
the hash is not known yet. By HTTP POST and GET; on a WebSocket every operation brings its document.

They save bytes on the way. They permit nothing: what comes by its hash is checked like everything else.
"""

import re
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from graphql import GraphQLError

from gql_api.http.documents import digest
from gql_api.http.limits import MOST_KEPT_CHARACTERS

MOST_PERSISTED = 500


class PersistedQueryError(GraphQLError):
    """Raised when `extensions.persistedQuery` does not lead to a document."""


class PersistedQueryNotFoundError(PersistedQueryError):
    """Raised when a hash is not known, or not any more: the client sends it once more, with the document."""

    def __init__(self) -> None:
        # Clients know this one by its very words.
        super().__init__("PersistedQueryNotFound", extensions={"code": "PERSISTED_QUERY_NOT_FOUND"})


class BadPersistedQueryError(PersistedQueryError):
    """Raised when the extension has another shape, or the hash is not that of the document beside it."""

    def __init__(self, message: str) -> None:
        super().__init__(f"extensions.persistedQuery: {message}", extensions={"code": "BAD_REQUEST"})


class PersistedOperations:
    """The documents that were used last, by their hashes. Each process has its own, and forgets them when it ends."""

    def __init__(self) -> None:
        self._texts: OrderedDict[str, str] = OrderedDict()

    def text(self, query: str | None, extensions: Mapping[str, Any] | None) -> str:
        """The document that a request means: its own, or the one that its hash names.

        Raises PersistedQueryError.
        """
        hash_ = _hash(extensions)
        if hash_ is None:
            assert query is not None, "a request without a document names one"
            return query
        if query:
            if digest(query) != hash_:
                raise BadPersistedQueryError("sha256Hash must be that of `query`")
            return query
        if hash_ not in self._texts:
            raise PersistedQueryNotFoundError
        self._texts.move_to_end(hash_)
        return self._texts[hash_]

    def keep(self, query: str, extensions: Mapping[str, Any] | None) -> None:
        """Know the document from now on, if the request came with its hash. Only for what has passed every check:
        what cannot be executed would take the place of what can."""
        hash_ = _hash(extensions)
        if hash_ is not None and len(query) <= MOST_KEPT_CHARACTERS:
            self._texts[hash_] = query
            if len(self._texts) > MOST_PERSISTED:
                self._texts.popitem(last=False)


_is_hash = re.compile(r"[0-9a-f]{64}").fullmatch


def _hash(extensions: Mapping[str, Any] | None) -> str | None:
    if not extensions or "persistedQuery" not in extensions:
        return None
    match extensions["persistedQuery"]:
        case {"version": 1, "sha256Hash": str(hash_)} if _is_hash(hash_):
            return hash_
    raise BadPersistedQueryError("must be an object with version 1 and sha256Hash, 64 digits from 0 to f")
