"""One line for each operation, and one for each follower of a subscription: who asked what, about what, and how it
ended. Never the document or the variables: phones and texts stand in them."""

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

import orjson
import structlog
from graphql import GraphQLError, get_operation_ast
from strawberry.types import ExecutionContext

from gql_api.http.follower import Follower

if TYPE_CHECKING:
    from gql_api.http.sharing import Subscription

MOST_IDS = 50
"""Of a kind on one line."""

_LONGEST_NAME: Final = 100
"""Of an operation: callers choose it."""
_DEEPEST: Final = 5
_MOST_VALUES: Final = 1_000
_ID: Final = re.compile(r"(client|mailing|message|token)_[1-9]\d{0,18}")
_QUOTED_ID: Final = re.compile(rf'"({_ID.pattern})"')

_facts: ContextVar[list[str] | None] = ContextVar("facts", default=None)

log = structlog.get_logger(__name__)


@contextmanager
def told(operation: ExecutionContext) -> Iterator[None]:
    """Tell of a query or a mutation that is executed in the block, when that is over."""
    began, facts = time.perf_counter(), list[str]()
    token = _facts.set(facts)
    try:
        yield
    finally:
        _facts.reset(token)
        errors = getattr(operation.result, "errors", None) or []
        kind = _kind(operation)
        log.info(
            "graphql.operation_executed",
            operation=named(operation.operation_name),
            kind=kind,
            outcome="failed" if errors or kind is None else "refused" if facts else "done",
            facts=facts or None,
            error_codes=sorted({_code(error) for error in errors}) or None,
            duration_ms=round((time.perf_counter() - began) * 1000, 1),
            **ids_on_line([operation.query or ""], operation.variables, _created(operation)),
        )


@contextmanager
def follower_told(following: AbstractContextManager[Follower], subscription: "Subscription") -> Iterator[Follower]:
    """The same follower; tells that it comes, and that it has gone."""
    about = ids_on_line([subscription.query], orjson.loads(subscription.variables), None)
    name, began = named(subscription.operation_name), time.monotonic()
    with following as follower:
        log.info("graphql.subscription_begun", operation=name, **about)
        try:
            yield follower
        finally:
            seconds = round(time.monotonic() - began, 1)
            log.info("graphql.subscription_ended", operation=name, lasted_seconds=seconds, **about)


def note_fact(fact: str) -> None:
    """The operation that is being executed is answered, in part, with this fact instead of a change."""
    facts = _facts.get()
    if facts is not None and len(facts) < MOST_IDS:
        facts.append(fact)


def named(operation_name: str | None) -> str | None:
    """The name of an operation as the log shows it."""
    return operation_name[:_LONGEST_NAME] if operation_name else None


def ids_on_line(documents: Iterable[str], *values: object) -> Mapping[str, str | list[str]]:
    """The fields that tell which rows an operation is about: `mailing_id` of one, `mailing_ids` of several."""
    ids = dict.fromkeys(match[1] for text in documents for match in _QUOTED_ID.finditer(text))
    for value in values:
        ids |= dict.fromkeys(_ids_in(value))
    fields: dict[str, str | list[str]] = {}
    for noun in ("mailing", "client", "message", "token"):
        of_noun = [id for id in ids if id.startswith(f"{noun}_")][:MOST_IDS]
        if of_noun:
            fields |= {f"{noun}_id": of_noun[0]} if len(of_noun) == 1 else {f"{noun}_ids": of_noun}
    return fields


def _ids_in(value: object) -> list[str]:
    """What is an id among the values, as far as they are looked at."""
    found: list[str] = []
    waiting: list[tuple[object, int]] = [(value, 0)]
    for item, depth in waiting:  # It grows meanwhile.
        if isinstance(item, str):
            if _ID.fullmatch(item):
                found.append(item)
        elif depth < _DEEPEST and len(waiting) < _MOST_VALUES:
            if isinstance(item, Mapping):
                waiting += [(each, depth + 1) for each in item.values()]
            elif isinstance(item, list):
                waiting += [(each, depth + 1) for each in item[:_MOST_VALUES]]
    return found


def _created(operation: ExecutionContext) -> object:
    """What a mutation answers: only there is the id of what it has made. A query's answer may name thousands."""
    data: Any = getattr(operation.result, "data", None)
    if _kind(operation) != "mutation" or not isinstance(data, dict):
        return None
    return [field.get("id") for field in data.values() if isinstance(field, dict)]


def _kind(operation: ExecutionContext) -> str | None:
    """None where the document holds no such operation."""
    document = operation.graphql_document
    found = get_operation_ast(document, operation.operation_name) if document else None
    return found.operation.value if found else None


def _code(error: GraphQLError) -> str:
    return str((error.extensions or {}).get("code"))
