"""What the API says of a mailing before and after its messages were removed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mailing.models.message import MessageStatus
from mailing.reports.day import ReportDay
from mailing.reports.service import figures_of
from mailing.retention import remover
from mailing.retention.remover import Remover, Step
from tests.conftest import Sql
from tests.gql_api.api import Api, Json
from tests.messages.stored import set_status, store_mailing, store_many
from tests.retention.mailings import store_varied_mailing

COUNTED = """
query ($id: ID!) {
  mailing(id: $id) {
    status text startsAt endsAt createdAt updatedAt risk { kind: __typename }
    filter { operatorCodes tags }
    progress { total pending sending sent failed expired unconfirmed cancelled messagesPerSecond estimatedFinishAt }
    statistics {
      total
      byStatus { status count }
      byOperatorCode { value total byStatus { status count } }
      byTag { value total byStatus { status count } }
      byTimezone { value total byStatus { status count } }
      failures { reason count }
    }
    history { stepSeconds countedSince steps { startsAt sent failed expired unconfirmed cancelled } }
  }
  statistics { mailings messages byMailingStatus { status count } byMessageStatus { status count } }
  dailyStatistics(days: 90, timezone: "Europe/Moscow") {
    countedSince
    days { date sent failed expired unconfirmed cancelled requests failedRequests }
  }
  audience { total byOperatorCode { value total } byTag { value total } byTimezone { value total } }
  mailings(statuses: [FINISHED]) { totalCount nodes { id progress { total sent } } }
}
"""
SHOWN = """
query ($id: ID!, $message: ID!, $client: ID!) {
  mailing(id: $id) {
    messagesRemovedAt
    all: messages(first: 100) { totalCount nodes { id } pageInfo { hasNextPage } }
    sent: messages(statuses: [SENT]) { totalCount nodes { id } }
    timeline(last: 1) { nodes { kind text messages user } }
  }
  message(id: $message) { id attempts { number } timeline { totalCount } }
  node(id: $message) { id }
  timeline(id: $message) { nodes { kind } }
  client(id: $client) {
    messages { totalCount nodes { mailing { id } } }
    timeline { nodes { kind } }
  }
}
"""
EXPLAIN = """
query ($id: ID!, $client: ID!) {
  explain(mailingId: $id, clientId: $client) {
    outcome cause text decidedAt tries message { id } mailing { id messagesRemovedAt }
  }
}
"""


@pytest.fixture
async def mailing_id(sql: Sql) -> int:
    """One that ended forty days ago, beside one that runs, to the same twenty clients."""
    await sql(
        """
        INSERT INTO client (phone, operator_code, tag, timezone, created_at)
        SELECT 79160000000 + n, '916', 'vip', 'Europe/Moscow', now() - interval '50 days' FROM generate_series(1, 20) n
        """
    )
    await sql("UPDATE event SET at = at - interval '50 days' WHERE subject = 'client'")
    old = await store_varied_mailing(sql, days_ago=40)
    await sql("UPDATE mailing SET selected_at = ended_at - interval '1 hour' WHERE id = $1", old)
    await sql(
        """
        INSERT INTO event (subject, subject_id, at, kind, details)
        SELECT 'mailing', id, selected_at, 'AUDIENCE_SELECTED', '{"messages": 20}' FROM mailing WHERE id = $1
        """,
        old,
    )
    running = await store_mailing(sql)
    await store_many(sql, running, 20)
    sent = await sql("SELECT id FROM message WHERE mailing_id = $1 ORDER BY id LIMIT 3", running)
    await set_status(sql, [row["id"] for row in sent], MessageStatus.SENT)
    await sql("DELETE FROM mailing_tally")  # As happens within the hour: it says how quick sending is right now.
    return old


async def remove() -> Remover:
    removing = Remover(datetime.now(UTC) - timedelta(days=30), days=30)
    while await removing.step() is Step.TAKEN:
        pass
    return removing


async def report_of_today() -> Any:
    figures = await figures_of(ReportDay((datetime.now(UTC) + timedelta(hours=3)).date(), "Europe/Moscow"))
    return replace(figures, made_at=datetime(2000, 1, 1, tzinfo=UTC))


async def test_whatever_is_counted_is_said_as_before(api: Api, mailing_id: int) -> None:
    # Given
    before = await api.ask(COUNTED, id=f"mailing_{mailing_id}")
    report = await report_of_today()
    assert before["mailing"]["statistics"]["total"] == before["mailing"]["progress"]["total"] == 20
    assert before["dailyStatistics"]["days"][-1]["requests"] == 25

    # When
    removed = await remove()

    # Then
    assert (removed.messages, removed.attempts) == (20, 25)
    assert await api.ask(COUNTED, id=f"mailing_{mailing_id}") == before
    assert await report_of_today() == report


async def test_no_message_is_shown_from_the_mark_on_and_the_timeline_says_why(
    api: Api, sql: Sql, mailing_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    (of_first,) = await sql("SELECT id FROM message WHERE mailing_id = $1 AND client_id = 1", mailing_id)
    asked = {"id": f"mailing_{mailing_id}", "message": f"message_{of_first['id']}", "client": "client_1"}
    before = await api.ask(SHOWN, **asked)
    assert before["mailing"]["messagesRemovedAt"] is None
    assert before["mailing"]["all"]["totalCount"] == len(before["mailing"]["all"]["nodes"]) == 20
    assert before["message"]["timeline"]["totalCount"] > 2
    assert before["client"]["messages"]["totalCount"] == 2

    # When only the mark is there, and when all is gone
    monkeypatch.setattr(remover, "MESSAGES_A_STEP", 7)
    removing = Remover(datetime.now(UTC) - timedelta(days=30), days=30)
    await removing.step()
    assert removing.messages == 0
    marked = await api.ask(SHOWN, **asked)
    await remove()
    gone = await api.ask(SHOWN, **asked)

    # Then
    assert marked == gone
    assert datetime.fromisoformat(gone["mailing"].pop("messagesRemovedAt")) > datetime.now(UTC) - timedelta(minutes=5)
    assert gone["mailing"] == {
        "all": {"totalCount": 0, "nodes": [], "pageInfo": {"hasNextPage": False}},
        "sent": {"totalCount": 0, "nodes": []},
        "timeline": {
            "nodes": [
                {
                    "kind": "MAILING_MESSAGES_REMOVED",
                    "text": "The mailing's messages and the tries to send them were removed, which are kept for "
                    "30 days after its end: 20 messages. What was counted of them stays.",
                    "messages": 20,
                    "user": None,
                }
            ]
        },
    }
    assert (gone["message"], gone["node"]) == (None, None)
    assert gone["timeline"] == {"nodes": []}
    assert gone["client"]["messages"]["totalCount"] == 1
    assert [node["mailing"]["id"] for node in gone["client"]["messages"]["nodes"]] == [f"mailing_{mailing_id + 1}"]
    assert [node["kind"] for node in gone["client"]["timeline"]["nodes"]] == [
        "CLIENT_CREATED",
        "MESSAGE_CREATED",
        "MESSAGE_ENDED",
    ]


async def explain(api: Api, mailing_id: int, client: str) -> Json:
    answer = await api.ask(EXPLAIN, id=f"mailing_{mailing_id}", client=client)
    explained: Json = answer["explain"]
    return explained


async def test_an_explanation_says_that_it_is_not_known_any_more_and_since_when(api: Api, mailing_id: int) -> None:
    # Given
    before = await explain(api, mailing_id, "client_1")
    assert before["outcome"] == "SENT"

    # When only the mark is there, and when all is gone
    await Remover(datetime.now(UTC) - timedelta(days=30), days=30).step()
    marked = await explain(api, mailing_id, "client_1")
    await remove()

    # Then
    after = await explain(api, mailing_id, "client_1")
    assert after == marked
    removed_at = after["mailing"]["messagesRemovedAt"]
    day = datetime.fromisoformat(removed_at)
    assert after == {
        "outcome": "UNKNOWN",
        "cause": "MESSAGES_REMOVED",
        "text": f"Not known any more: the mailing's messages were removed on {day:%Y-%m-%d %H:%M:%S} UTC, for they are "
        "kept for 30 days after a mailing's end. Its statistics are still there.",
        "decidedAt": removed_at,
        "tries": 0,
        "message": None,
        "mailing": {"id": f"mailing_{mailing_id}", "messagesRemovedAt": removed_at},
    }


async def test_of_a_client_who_came_too_late_it_is_still_known(api: Api, sql: Sql, mailing_id: int) -> None:
    await sql("INSERT INTO client (phone, operator_code, tag, timezone) VALUES (79169999999, '916', '', 'UTC')")
    before = await explain(api, mailing_id, "client_21")
    assert before["cause"] == "CLIENT_ADDED_LATER"

    await remove()

    after = await explain(api, mailing_id, "client_21")
    assert {**after, "mailing": None} == {**before, "mailing": None}
