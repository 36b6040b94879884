"""Old and new values as the API shows them."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Any, Final, NamedTuple

import strawberry

from gql_api.scalars import written_local_time
from mailing.moments import written_moment


@strawberry.type(description="A value that was changed.")
class ValueChange:
    field: str = strawberry.field(description="Which, as a path in the API: `endsAt`, `filter.tags`, `window.opensAt`.")
    before: str | None = strawberry.field(
        description="The value until then, as the API writes it; a list as JSON. Null if there was none, and for the "
        "phone of a client who is deleted."
    )
    after: str | None = strawberry.field(description="The value from then on; null if there was none, as for `before`.")


class _Column(NamedTuple):
    """How the API calls a column, and what it makes of its value in JSON."""

    field: str
    show: Callable[[Any], str]


def _moment(value: str) -> str:
    return written_moment(datetime.fromisoformat(value))


def _local_time(value: str) -> str:
    return written_local_time(time.fromisoformat(value))


def _list(value: list[str]) -> str:
    return json.dumps(value, ensure_ascii=False)


_COLUMNS: Final = {
    "phone": _Column("phone", str),
    "operator_code": _Column("operatorCode", str),
    "tag": _Column("tag", str),
    "timezone": _Column("timezone", str),
    "text": _Column("text", str),
    "starts_at": _Column("startsAt", _moment),
    "ends_at": _Column("endsAt", _moment),
    "operator_codes": _Column("filter.operatorCodes", _list),
    "tags": _Column("filter.tags", _list),
    "window_opens_at": _Column("window.opensAt", _local_time),
    "window_closes_at": _Column("window.closesAt", _local_time),
    "max_rate": _Column("maxRate", str),
}
"""In the order in which they are shown."""


def shown_changes(changes: Mapping[str, tuple[Any, Any]]) -> list[ValueChange]:
    """The changes, always in the same order."""
    return [
        ValueChange(field=column.field, before=_shown(column, changes[name][0]), after=_shown(column, changes[name][1]))
        for name, column in _COLUMNS.items()
        if name in changes
    ]


def _shown(column: _Column, value: Any) -> str | None:
    return None if value is None else column.show(value)
