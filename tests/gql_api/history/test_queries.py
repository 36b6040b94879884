"""`Mailing.history` and `dailyStatistics`, as a chart asks for them."""

from datetime import UTC, datetime, timedelta

import pytest

from mailing.models.message import MessageStatus
from tests.conftest import Sql
from tests.gql_api.api import Api
from tests.messages.stored import set_status, store_mailing, store_many

HISTORY = """
query ($id: ID!, $mostSteps: Int) {
  mailing(id: $id) {
    history(mostSteps: $mostSteps) {
      stepSeconds countedSince updatedAt
      steps { startsAt ... on EndedMessages { sent failed expired unconfirmed cancelled } }
    }
  }
}
"""
DAYS = """
query ($days: Int, $timezone: TimeZone) {
  dailyStatistics(days: $days, timezone: $timezone) {
    timezone countedSince
    days { date startsAt endsAt sent failed expired unconfirmed cancelled requests failedRequests }
  }
}
"""


async def test_a_history_tells_of_each_step_what_ended_in_it(api: Api, sql: Sql) -> None:
    # Given a mailing of three seconds
    mailing_id = await store_mailing(sql, status="FINISHED")
    start = datetime(2026, 11, 21, 12, tzinfo=UTC)
    await sql(
        "UPDATE mailing SET started_at = $2, ended_at = $2::timestamptz + interval '2.5 s' WHERE id = $1",
        mailing_id,
        start,
    )
    await store_many(sql, mailing_id, 3)
    for id, status, seconds in ((1, "SENT", 0.5), (2, "FAILED", 2), (3, "SENT", 2.5)):
        await sql(
            "UPDATE message SET status = $2, ended_at = $3, sent_at = $3 WHERE id = $1",
            id,
            status,
            start + timedelta(seconds=seconds),
        )

    # When
    history = (await api.ask(HISTORY, id=f"mailing_{mailing_id}"))["mailing"]["history"]

    # Then
    nothing = {"sent": 0, "failed": 0, "expired": 0, "unconfirmed": 0, "cancelled": 0}
    assert history == {
        "stepSeconds": 1,
        "countedSince": None,
        "updatedAt": history["updatedAt"],
        "steps": [
            {"startsAt": "2026-11-21T12:00:00Z", **nothing, "sent": 1},
            {"startsAt": "2026-11-21T12:00:01Z", **nothing},
            {"startsAt": "2026-11-21T12:00:02Z", **nothing, "sent": 1, "failed": 1},
        ],
    }


async def test_a_history_has_no_more_steps_than_wanted(api: Api, sql: Sql) -> None:
    mailing_id = await store_mailing(sql, started_seconds_ago=60)

    history = (await api.ask(HISTORY, id=f"mailing_{mailing_id}", mostSteps=10))["mailing"]["history"]

    assert history["stepSeconds"] == 15
    assert len(history["steps"]) in (5, 6)


@pytest.mark.parametrize("most_steps", [9, 201, -1])
async def test_another_number_of_steps_is_refused(api: Api, sql: Sql, most_steps: int) -> None:
    mailing_id = await store_mailing(sql)

    assert await api.errors(HISTORY, id=f"mailing_{mailing_id}", mostSteps=most_steps) == [
        {
            "message": f"mostSteps: must be 10 to 200; given: {most_steps}",
            "extensions": {"code": "BAD_USER_INPUT", "argument": "mostSteps"},
        }
    ]


async def test_histories_of_a_page_are_one_statement_for_each_number_of_steps(
    api: Api, sql: Sql, statements: list[str]
) -> None:
    for _ in range(3):
        await store_mailing(sql)
    statements.clear()

    await api.ask("{ mailings { nodes { a: history { stepSeconds } b: history(mostSteps: 50) { stepSeconds } } } }")

    assert len([statement for statement in statements if "history_tally" in statement]) == 2


async def test_the_last_days_are_those_of_the_reports_zone(api: Api, sql: Sql) -> None:
    # Given three that have just ended, and a request that failed
    mailing_id = await store_mailing(sql)
    await store_many(sql, mailing_id, 3)
    await set_status(sql, [1, 2, 3], MessageStatus.FAILED)
    await sql("INSERT INTO request_tally VALUES (quarter_of(now()), 1, 5, 2, 5, 100, 0)")

    # When
    statistics = (await api.ask(DAYS))["dailyStatistics"]

    # Then
    assert (statistics["timezone"], statistics["countedSince"]) == ("UTC", None)
    assert len(statistics["days"]) == 14
    today = statistics["days"][-1]
    assert today == {
        "date": today["date"],
        "startsAt": today["startsAt"],
        "endsAt": today["endsAt"],
        "sent": 0,
        "failed": 3,
        "expired": 0,
        "unconfirmed": 0,
        "cancelled": 0,
        "requests": 5,
        "failedRequests": 2,
    }
    assert datetime.fromisoformat(today["startsAt"]) <= datetime.now(UTC) < datetime.fromisoformat(today["endsAt"])
    assert today["startsAt"].endswith("T00:00:00Z")


async def test_days_can_be_those_of_another_zone(api: Api) -> None:
    statistics = (await api.ask(DAYS, days=1, timezone="Asia/Kathmandu"))["dailyStatistics"]

    assert statistics["timezone"] == "Asia/Kathmandu"
    assert [day["startsAt"][10:] for day in statistics["days"]] == ["T18:15:00Z"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"days": 0}, "days: must be 1 to 90; given: 0"),
        ({"days": 91}, "days: must be 1 to 90; given: 91"),
        ({"timezone": "MSK"}, 'timezone: must be an IANA time zone, such as Europe/Moscow; given: "MSK"'),
        ({"timezone": ""}, 'timezone: must be an IANA time zone, such as Europe/Moscow; given: ""'),
    ],
)
async def test_days_that_there_are_not_are_refused(api: Api, arguments: dict[str, object], message: str) -> None:
    (error,) = await api.errors(DAYS, **arguments)

    assert error == {
        "message": message,
        "extensions": {"code": "BAD_USER_INPUT", "argument": message.partition(":")[0]},
    }
