"""Input objects that several operations take, and how the product's validation gets to see them."""

import strawberry
from strawberry import UNSET

from gql_api.scalars import LocalTimeText
from mailing.changes import UNCHANGED, Unchanged
from mailing.mailings.raw_values import RawFilter, RawWindow


@strawberry.input(description="Clients by their properties. Where both lists hold something, both must match.")
class MailingFilterInput:
    operator_codes: list[str] | None = strawberry.field(
        default=UNSET,
        description="Clients with one of these operator codes, each 1 to 8 digits; at most 100. Null or empty: any.",
    )
    tags: list[str] | None = strawberry.field(
        default=UNSET,
        description='Clients with one of these tags, each at most 100 characters; at most 100. "" are clients without '
        "a tag. Null or empty: any.",
    )


@strawberry.input(
    description="A part of the day by each client's own clock. It crosses midnight if it closes before it opens."
)
class LocalTimeWindowInput:
    opens_at: LocalTimeText = strawberry.field(description="From this minute on, inclusive.")
    closes_at: LocalTimeText = strawberry.field(description="Up to this minute, exclusive; not the same as opensAt.")


def raw_filter(filter: MailingFilterInput | None) -> RawFilter | None:
    """The filter as given; absent and null both choose everyone."""
    if not filter:
        return None
    return RawFilter(operator_codes=filter.operator_codes or (), tags=filter.tags or ())


def raw_window(window: LocalTimeWindowInput | None) -> RawWindow | None:
    """The window as given; absent and null both mean none."""
    return RawWindow(opens_at=window.opens_at, closes_at=window.closes_at) if window else None


def changed_filter(filter: MailingFilterInput | None) -> RawFilter | Unchanged | None:
    """The same for a change: absent keeps the old one."""
    return UNCHANGED if filter is UNSET else raw_filter(filter)


def changed_window(window: LocalTimeWindowInput | None) -> RawWindow | Unchanged | None:
    """The same for a change: absent keeps the old one."""
    return UNCHANGED if window is UNSET else raw_window(window)
