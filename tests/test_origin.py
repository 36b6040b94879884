"""Whence what is being done arises."""

import pytest
from structlog.contextvars import get_contextvars

from mailing.origin import Origin, arising_from, current


def test_what_is_done_in_the_block_arises_from_the_operation_and_its_lines_name_it() -> None:
    # Given
    origin = Origin("5f0c", "alice")

    # When
    with arising_from(origin):
        inside, bound = current(), get_contextvars()

    # Then
    assert inside == origin
    assert {"operation_id": "5f0c", "user": "alice"}.items() <= bound.items()
    assert current() is None
    assert not {"operation_id", "user"} & get_contextvars().keys()


def test_a_user_that_is_not_known_stands_on_no_line() -> None:
    with arising_from(Origin("5f0c")):
        assert "user" not in get_contextvars()


def test_an_origin_comes_through_a_job_as_it_was() -> None:
    assert Origin.of(Origin("5f0c", "alice").as_data()) == Origin("5f0c", "alice")
    assert Origin.of(Origin("5f0c").as_data()) == Origin("5f0c")


@pytest.mark.parametrize("data", [None, "5f0c", {}, {"operation_id": 7, "user": None}, {"operation_id": "5f0c"}])
def test_what_another_version_sent_is_no_origin(data: object) -> None:
    assert Origin.of(data) is None
