"""In which form the caller wants the answer: the Accept header, as RFC 9110 reads it."""

from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

_MOST_HEADERS = 256
_LONGEST_KEPT = 512
"""Anybody can write headers: few browsers' and programs' have a hundred characters."""


class Form(StrEnum):
    """Media types that there are answers in."""

    GRAPHQL = "application/graphql-response+json"
    JSON = "application/json"
    EVENTS = "text/event-stream"
    PARTS = "multipart/mixed"


class Accepted(NamedTuple):
    """What suits the caller best; None: nothing does."""

    one: Form | None
    """For one result. A stream only where it is preferred to JSON: urql names it beside JSON on every query."""
    many: Form | None
    """For a subscription's results. Wildcards do not count: who sends them reads to an end that may never come."""


class _Range(NamedTuple):
    type: str
    parameters: dict[str, str]
    quality: float


def accepted(header: str | None) -> Accepted:
    """Without a header everything is accepted, and JSON is given."""
    header = header or "*/*"
    return _kept(header) if len(header) <= _LONGEST_KEPT else _accepted(header)


@lru_cache(_MOST_HEADERS)
def _kept(header: str) -> Accepted:
    return _accepted(header)


def _accepted(header: str) -> Accepted:
    ranges = [_range(part) for part in header.split(",") if part.strip()]
    graphql, events = _quality(ranges, Form.GRAPHQL), _quality(ranges, Form.EVENTS)
    json = _quality(ranges, Form.JSON, "application/*", "*/*")
    parts = _quality([one for one in ranges if one.parameters.get("subscriptionspec", "").startswith("1.")], Form.PARTS)
    return Accepted(
        one=_best((graphql, Form.GRAPHQL), (json, Form.JSON), (events, Form.EVENTS)),
        many=_best((events, Form.EVENTS), (parts, Form.PARTS)),
    )


def _range(text: str) -> _Range:
    type_, *parameters = (part.strip() for part in text.split(";"))
    named = {}
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        named[name.strip().lower()] = value.strip().strip("\"'")
    return _Range(type_.lower(), named, _weight(named.pop("q", "1")))


def _weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 1
    return weight if 0 <= weight <= 1 else 1


def _quality(ranges: list[_Range], *types: str) -> float:
    """That of the first of these types that is named: the most specific decides."""
    for type_ in types:
        named = [one.quality for one in ranges if one.type == type_]
        if named:
            return max(named)
    return 0


def _best(*offers: tuple[float, Form]) -> Form | None:
    """The first of those with the highest quality."""
    quality, form = max(offers, key=lambda offer: offer[0])
    return form if quality > 0 else None
