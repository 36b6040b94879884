"""The scalars of the contract.

As input each takes any JSON string: whether it holds a phone, a zone or a time is for the product's validation to
say, so that a mutation can answer with all problems at once instead of an error of the transport. Only a value that
is no string is refused here.
"""

from datetime import date, datetime, time
from typing import Any, Final, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from mailing.moments import written_moment

PhoneNumber = NewType("PhoneNumber", str)
TimeZone = NewType("TimeZone", str)
DateTimeText = NewType("DateTimeText", str)
"""A DateTime as the caller wrote it; not checked yet."""
LocalTimeText = NewType("LocalTimeText", str)
"""A LocalTime as the caller wrote it; not checked yet."""
DateText = NewType("DateText", str)
"""A Date as the caller wrote it; not checked yet."""


def written_local_time(local: time) -> str:
    """As every answer has it."""
    return f"{local:%H:%M}"


def _text(name: str, example: str) -> Any:
    def parse(value: object) -> str:
        if not isinstance(value, str):
            raise GraphQLError(f'{name} must be a string, such as "{example}"', extensions={"code": "BAD_USER_INPUT"})
        return value

    return parse


_DATE_TIME: Final = strawberry.scalar(
    name="DateTime",
    description=(
        "A moment: ISO 8601 date and time with an offset, such as 2030-01-31T09:00:00+03:00. "
        "Answers are in UTC, such as 2030-01-31T06:00:00Z."
    ),
    specified_by_url="https://scalars.graphql.org/andimarek/date-time",
    serialize=written_moment,
    parse_value=_text("DateTime", "2030-01-31T09:00:00+03:00"),
)

_LOCAL_TIME: Final = strawberry.scalar(
    name="LocalTime",
    description="A wall-clock time in the client's own time zone, HH:MM from 00:00 to 23:59.",
    serialize=written_local_time,
    parse_value=_text("LocalTime", "09:00"),
)

_DATE: Final = strawberry.scalar(
    name="Date",
    description="A day: YYYY-MM-DD, such as 2030-01-31. Where it begins and ends, the field says.",
    specified_by_url="https://scalars.graphql.org/andimarek/local-date",
    serialize=date.isoformat,
    parse_value=_text("Date", "2030-01-31"),
)

SCALARS: dict[object, ScalarDefinition] = {
    date: _DATE,
    DateText: _DATE,
    datetime: _DATE_TIME,
    DateTimeText: _DATE_TIME,
    time: _LOCAL_TIME,
    LocalTimeText: _LOCAL_TIME,
    PhoneNumber: strawberry.scalar(
        name="PhoneNumber",
        description="A Russian phone number: 7 and ten digits, without spaces or signs, such as 79161234567.",
        serialize=str,
        parse_value=_text("PhoneNumber", "79161234567"),
    ),
    TimeZone: strawberry.scalar(
        name="TimeZone",
        description="A time zone by its IANA name, letter for letter, such as Europe/Moscow.",
        specified_by_url="https://www.iana.org/time-zones",
        serialize=str,
        parse_value=_text("TimeZone", "Europe/Moscow"),
    ),
}
"""What stands for each Python type in the schema: two types for one scalar where what is read is not checked yet."""
