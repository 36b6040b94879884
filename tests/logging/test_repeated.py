"""Lines that come for every message."""

import pytest

from tests.logging.process import logged_by, said_by

TWICE = """
    from structlog.contextvars import bind_contextvars
    from mailing.logging import Repeated
    log = structlog.get_logger("mailing.delivery.journal")
    told = Repeated(log, "message.requested", "client_id", "message_id", "attempt", "phone", outcome="100 %")
    bind_contextvars(job="mailing.pump", user='"client_id":"client_1", or so')
    told.tell(7, 42, 1001, 1, 79001234567)
    told.tell(7, 43, 1002, 25, 79007654321)
    told.tell(8, 44, 1003, 2, 79001112233)
"""


@pytest.mark.parametrize(
    ("personal_data", "phones"),
    [(False, ["7900*****67", "7900*****21", "7900*****33"]), (True, [79001234567, 79007654321, 79001112233])],
)
def test_later_lines_are_as_if_each_had_been_made_by_itself(personal_data: bool, phones: list[object]) -> None:
    # When
    lines = logged_by(TWICE, log_personal_data=personal_data)

    # Then
    moments = [line.pop("timestamp") for line in lines]
    assert moments == sorted(moments)
    assert [line["phone"] for line in lines] == phones
    first, *others = lines
    assert others == [
        first | {"client_id": "client_43", "message_id": "message_1002", "attempt": 25, "phone": phones[1]},
        first
        | {
            "mailing_id": "mailing_8",
            "client_id": "client_44",
            "message_id": "message_1003",
            "attempt": 2,
            "phone": phones[2],
        },
    ]
    assert [*others[0]] == [*first], "the same order"


def test_another_task_has_its_own_line() -> None:
    lines = logged_by(
        """
        import asyncio
        from structlog.contextvars import bind_contextvars
        from mailing.logging import Repeated
        told = Repeated(structlog.get_logger(), "message.requested", "client_id")

        async def work(user):
            bind_contextvars(user=user)
            for client in (1, 2):
                told.tell(7, client)
                await asyncio.sleep(0)

        async def both():
            await asyncio.gather(work("ada"), work("bob"))

        asyncio.run(both())
        """
    )

    assert [(line["user"], line["client_id"]) for line in lines] == [
        ("ada", "client_1"),
        ("bob", "client_1"),
        ("ada", "client_2"),
        ("bob", "client_2"),
    ]


def test_what_its_area_does_not_let_through_is_not_told() -> None:
    assert logged_by(TWICE, log_level="INFO,messages=WARNING") == []


def test_for_people_each_line_is_made_by_itself() -> None:
    shown = said_by(TWICE, log_format="console")
    assert [word in shown for word in ("client_42", "message_1002", "mailing_8", "Template")] == [
        True,
        True,
        True,
        False,
    ]
