"""Mailings, from the outside: delete (B8)."""

from tests.e2e.crowd import Crowd
from tests.e2e.office import Office
from tests.e2e.outside import Outside
from tests.gql_api.api import Api


async def test_a_deleted_mailing_stops_at_once_and_is_gone_from_every_answer(
    office: Office, outside: Outside, api: Api, crowd: Crowd
) -> None:
    # Given a mailing in the midst of being sent, slowly
    await outside.play(latency_ms=300)
    since = "2002-01-01T00:00:00Z"
    mailing = await office.create(filter=crowd.audience(2_000), startsAt=since)
    await office.until_counts(mailing, SENT=100)
    message, *_ = (await office.mailing(mailing, "messages(first: 1) { nodes { id client { id } } }"))["messages"][
        "nodes"
    ]

    # When it is deleted
    assert await office.change("deleteMailing", id=mailing) == {"id": mailing}

    # Then every answer is as if it had never been
    query = """query ($mailing: ID!, $message: ID!, $client: ID!, $from: DateTime!, $to: DateTime!) {
        mailing(id: $mailing) { id } node(id: $mailing) { id } message(id: $message) { id }
        client(id: $client) { messages(last: 1) { nodes { mailing { text } } } }
        mailings(last: 100) { nodes { text } }
        statistics(from: $from, to: $to) { mailings messages }
    }"""
    to = "2002-01-02T00:00:00Z"
    values = {"mailing": mailing, "message": message["id"], "client": message["client"]["id"], "from": since, "to": to}
    seen = await api.ask(query, **values)
    assert office.name not in str(seen)
    assert {name: seen[name] for name in ("mailing", "node", "message", "statistics")} == {
        "mailing": None,
        "node": None,
        "message": None,
        "statistics": {"mailings": 0, "messages": 0},
    }
    assert (await office.mutate("deleteMailing", id=mailing))["__typename"] == "NotFound"

    # And nothing more is sent
    await outside.falls_silent(within=0.8)
    assert len(await outside.taken(office.name)) < 2_000
