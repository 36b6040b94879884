"""Overall statistics (B5) and detailed ones (B6), compared with what the outside service knows."""

from collections import Counter
from typing import Any

from tests.e2e.office import Office, by_status
from tests.e2e.outside import Outside
from tests.e2e.window_times import closed_in, local_hour
from tests.gql_api.api import Api
from tests.waiting import until


async def test_overall_statistics_group_mailings_and_their_messages_by_status(
    office: Office, outside: Outside, api: Api
) -> None:
    # Given one mailing that is sent, one that waits for its window, and one that is cancelled, all of the same day
    starts_at = "2003-03-03T03:00:00Z"
    await office.add_clients(5)
    sent = await office.create(startsAt=starts_at)
    assert await office.result(sent) == Counter(SENT=5)
    closed = closed_in(local_hour("Europe/Moscow"))
    waiting = await office.create(startsAt=starts_at, window=closed)
    cancelled = await office.create(startsAt=starts_at, window=closed)
    for mailing in (waiting, cancelled):
        await office.until_counts(mailing, PENDING=5)
    await office.change("cancelMailing", id=cancelled)

    # When the statistics of that day are asked for
    answer = await api.ask(
        """{ statistics(from: "2003-03-03T00:00:00Z", to: "2003-03-04T00:00:00Z") {
            mailings messages byMailingStatus { status count } byMessageStatus { status count } } }"""
    )

    # Then
    overall = answer["statistics"]
    assert (overall["mailings"], overall["messages"]) == (3, 15)
    assert by_status(overall["byMailingStatus"]) == {"FINISHED": 1, "RUNNING": 1, "CANCELLED": 1}
    assert by_status(overall["byMessageStatus"]) == {"SENT": 5, "PENDING": 5, "CANCELLED": 5}
    assert len(await outside.taken(office.name)) == 5
    # And the list of mailings has the same for each
    listed = await api.ask("{ mailings(last: 3) { nodes { id statistics { total byStatus { status count } } } } }")
    assert {
        each["id"]: (each["statistics"]["total"], by_status(each["statistics"]["byStatus"]))
        for each in listed["mailings"]["nodes"]
    } == {sent: (5, {"SENT": 5}), waiting: (5, {"PENDING": 5}), cancelled: (5, {"CANCELLED": 5})}


async def test_detailed_statistics_are_what_the_outside_service_knows(office: Office, outside: Outside) -> None:
    # Given clients of two operators and two zones, and an outside service that refuses some of them for good
    await outside.play(refuse_share=0.4, seed=7)
    clients = [
        *await office.add_clients(20, operatorCode="901", timezone="Asia/Omsk"),
        *await office.add_clients(20, operatorCode="902", timezone="Asia/Omsk"),
        *await office.add_clients(10, operatorCode="902", timezone="Europe/Samara"),
    ]

    # When
    mailing = await office.create()
    result = await office.result(mailing)

    # Then each group has as many messages SENT as the outside service has accepted of its clients
    accepted = {taken.phone for taken in await outside.taken(office.name)}
    assert result == Counter(SENT=len(accepted), FAILED=50 - len(accepted))
    statistics = await office.statistics(mailing)
    assert (statistics["total"], by_status(statistics["byStatus"])) == (50, dict(result))
    for group, attribute in (
        ("byOperatorCode", "operatorCode"),
        ("byTag", "tag"),
        ("byTimezone", "timezone"),
    ):
        assert _groups(statistics[group]) == _expected(clients, attribute, accepted), group
    assert statistics["failures"] == [{"reason": "HTTP 400", "count": result["FAILED"]}]

    # And the deletion of a client takes nothing away from them
    await office.change("deleteClient", id=clients[0]["id"])
    await office.change("deleteClient", id=clients[-1]["id"])
    assert await office.statistics(mailing) == statistics


async def test_every_message_can_be_looked_into(office: Office, outside: Outside) -> None:
    # Given an outside service that first says no
    await outside.play(error_share=1)
    client = await office.add_client()
    mailing = await office.create()
    await office.until_counts(mailing, PENDING=1)
    await until(outside.unfulfilled)
    await outside.play()
    assert await office.result(mailing) == Counter(SENT=1)

    # When the message is asked for, by way of its client
    fields = "id status sentAt createdAt reason attempts { number outcome httpStatus providerCode response durationMs }"
    query = f"query ($id: ID!) {{ client(id: $id) {{ messages {{ nodes {{ mailing {{ id }} {fields} }} }} }} }}"
    (message,) = (await office.api.ask(query, id=client["id"]))["client"]["messages"]["nodes"]

    # Then it tells everything: the number is the one that the outside service knows
    (taken,) = await outside.taken()
    assert (message["id"], message["mailing"], message["status"]) == (f"message_{taken.id}", {"id": mailing}, "SENT")
    assert message["createdAt"] < message["sentAt"]
    *failures, success = message["attempts"]
    assert [failure["number"] for failure in failures] == list(range(1, len(failures) + 1))
    assert {(failure["outcome"], failure["httpStatus"]) for failure in failures} == {("DEFERRED", 500)}
    assert (success["number"], success["outcome"], success["httpStatus"], success["providerCode"]) == (
        len(failures) + 1,
        "ACCEPTED",
        200,
        0,
    )


def _groups(groups: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    for group in groups:
        assert group["total"] == sum(each["count"] for each in group["byStatus"])
    return {group["value"]: by_status(group["byStatus"]) for group in groups}


def _expected(clients: list[dict[str, Any]], attribute: str, accepted: set[int]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for client in clients:
        status = "SENT" if int(client["phone"]) in accepted else "FAILED"
        counts.setdefault(client[attribute], Counter())[status] += 1
    return {value: dict(count) for value, count in counts.items()}
