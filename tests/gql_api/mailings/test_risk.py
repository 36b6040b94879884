"""`Mailing.risk`."""

from tests.conftest import Sql
from tests.gql_api.api import Api
from tests.messages.stored import store_mailing, store_many

RISK = "query ($id: ID!) { mailing(id: $id) { risk { cause messagesLeft willMiss messagesPerSecond } } }"


async def test_a_mailing_that_will_miss_its_end_says_why_and_by_how_much(api: Api, sql: Sql) -> None:
    # Given 10,000 left with an hour to go, and one sent every two seconds
    mailing_id = await store_mailing(sql, started_seconds_ago=7_200)
    await store_many(sql, mailing_id, 10_000)
    await sql("UPDATE mailing SET ends_at = now() + interval '1 hour' WHERE id = $1", mailing_id)
    await sql(
        """
        INSERT INTO ending_tally (quarter, mailing_id, status, reason, shard, messages)
        VALUES (quarter_of(now()) - interval '30 minutes', $1, 'SENT', '', 1, 450)
        """,
        mailing_id,
    )

    # When
    risk = (await api.ask(RISK, id=f"mailing_{mailing_id}"))["mailing"]["risk"]

    # Then
    assert risk == {
        "cause": "TOO_SLOW",
        "messagesLeft": 10_000,
        "willMiss": risk["willMiss"],
        "messagesPerSecond": 0.5,
    }
    assert 8_200 <= risk["willMiss"] <= 8_210


async def test_a_mailing_that_will_be_done_in_time_has_none(api: Api, sql: Sql) -> None:
    mailing_id = await store_mailing(sql)
    await store_many(sql, mailing_id, 10)

    assert (await api.ask(RISK, id=f"mailing_{mailing_id}"))["mailing"] == {"risk": None}


async def test_the_risks_of_a_page_are_four_statements(api: Api, sql: Sql, statements: list[str]) -> None:
    # Given three that are paused and have messages left, of which one ends too late to be told of
    mailings = [await store_mailing(sql, status="PAUSED") for _ in range(3)]
    for mailing_id in mailings:
        await store_many(sql, mailing_id, 2)
    await sql("UPDATE mailing SET ends_at = now() + interval '32 days' WHERE id = $1", mailings[2])
    statements.clear()

    # When
    data = await api.ask("{ mailings { nodes { risk { cause willMiss } } } }")

    # Then
    paused = {"cause": "PAUSED", "willMiss": 2}
    assert [mailing["risk"] for mailing in data["mailings"]["nodes"]] == [paused, paused, None]
    assert len(statements) == 1 + 4, "\n".join(statements)
