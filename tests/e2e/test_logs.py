"""R12: a search of the logs for one id tells the whole story of a mailing, of a message or of a client, in order."""

import re
from collections import Counter
from functools import partial

from tests.e2e.office import Office
from tests.e2e.outside import Outside
from tests.e2e.service import Service
from tests.e2e.story import Line, steps, told_of, until_told
from tests.waiting import until

OF_MESSAGES = ("message.created", "message.requested", "message.answered", "message.redirected", "message.taken_back")


async def has_been_tried(office: Office, mailing: str) -> bool:
    return any(message["attempts"] for message in await office.messages(mailing, "attempts { number }"))


async def test_the_story_of_a_message_that_had_to_be_sent_again(
    service: Service, office: Office, outside: Outside
) -> None:
    # Given an outside service that fails at first
    await outside.play(error_share=1)
    client = await office.add_client()
    mailing = await office.create()
    await until(partial(has_been_tried, office, mailing))
    await outside.play()
    assert await office.result(mailing) == Counter(SENT=1)
    (message,) = await office.messages(mailing, "id attempts { number outcome httpStatus }")

    # When
    lines = await until_told(message["id"], "message.answered", service, times=len(message["attempts"]))

    # Then its creation, every request and every answer are there, in order, and nothing else
    tries = len(message["attempts"])
    assert tries > 1
    assert steps(lines) == ["worker message.created", *["worker message.requested", "worker message.answered"] * tries]
    assert [line["attempt"] for line in lines[1:]] == [number for n in range(1, tries + 1) for number in (n, n)]
    assert [(line["outcome"], line["http_status"]) for line in lines[2::2]] == [
        (attempt["outcome"], attempt["httpStatus"]) for attempt in message["attempts"]
    ]
    assert [line["status"] for line in lines[2::2]] == ["PENDING"] * (tries - 1) + ["SENT"]
    assert all(line["due_at"] > line["timestamp"] for line in lines[2:-1:2])
    assert_they_name_everything(lines, mailing, client["id"], message["id"])


async def test_the_story_of_a_mailing_from_the_request_that_created_it_to_its_end(
    service: Service, office: Office, outside: Outside
) -> None:
    # Given
    await outside.play(error_share=0.3, seed=7)
    await office.add_clients(20)

    # When
    mailing = await office.create()
    assert await office.result(mailing) == Counter(SENT=20)
    lines = await until_told(mailing, "mailing.finished", service)

    # Then what people did, what the queue carried and what became of it is there, and arises from one operation
    (operation,) = [line for line in lines if line["event"] == "mailing.created"]
    of_operation = [line for line in lines if line.get("operation_id") == operation["operation_id"]]
    assert (operation["process"], operation["user"], operation["text"]) == (
        "api",
        "everyone",
        f"<{len(office.name)} characters>",
    )
    carried = steps(of_operation, "graphql.operation_executed", "job.sent", "job.begun")
    assert carried[0] == "api job.sent"  # From then on a worker may begin, also before the API has said the rest.
    assert [step for step in carried if step.startswith("api")] == ["api job.sent", "api graphql.operation_executed"]
    assert "worker job.begun" in carried
    milestones = ("mailing.created", "mailing.started", "mailing.audience_selected", "mailing.finished")
    told = [line for line in lines if line["event"] in milestones]
    assert [line["event"] for line in told] == [*milestones]
    created, started, selected, finished = (line["process"] for line in told)
    assert (created, selected) == ("api", "worker")
    assert {started, finished} <= {"worker", "scheduler"}  # Whoever is first: the job, or the sweep that sees it due.
    # And so is every step of each of its messages
    requests = (await outside.totals())["requests"]
    counts = Counter(line["event"] for line in lines if line["event"] in OF_MESSAGES)
    assert requests > 20
    assert counts == {"message.created": 20, "message.requested": requests, "message.answered": requests}


async def test_the_story_of_a_client_who_is_added_sent_a_message_edited_and_deleted(
    service: Service, office: Office, outside: Outside
) -> None:
    # Given a client with a message that waits to be sent again, and one of another mailing
    await outside.play(error_burst_seconds=60)
    client = (await office.add_client())["id"]
    mailing = await office.create()
    await until_told(client, "message.answered", service)
    await office.change("pauseMailing", id=mailing)
    await office.until_counts(mailing, PENDING=1)

    # When the phone changes, then the message is sent, then another waits, then the client is deleted
    await office.change("updateClient", id=client, phone="79990001122")
    await outside.play()
    await office.change("resumeMailing", id=mailing)
    assert await office.result(mailing) == Counter(SENT=1)
    await outside.play(error_burst_seconds=60)
    other = await office.create()
    (message,) = await _waiting(office, other)
    await until_told(message, "message.answered", service)
    await office.change("deleteClient", id=client)
    lines = await until_told(client, "message.withdrawn", service)

    # Then
    told = steps(lines, "client.created", "client.updated", "client.deleted", "message.created", "message.withdrawn")
    assert told == [
        "api client.created",
        "worker message.created",
        "api client.updated",
        "worker message.created",
        "api client.deleted",
        "api message.withdrawn",
    ]
    operations = [line for line in lines if line["event"] == "graphql.operation_executed"]
    assert [(line["kind"], line["outcome"]) for line in operations] == [("mutation", "done")] * 3
    assert "message.redirected" in [line["event"] for line in lines]
    (updated,) = [line for line in lines if line["event"] == "client.updated"]
    assert (updated["changed"], updated["phone"]) == (["phone"], "7999*****22")
    # And the requests went to the phone of their time
    phones = [line["phone"] for line in lines if line["event"] == "message.requested" and line["mailing_id"] == mailing]
    assert (phones[0] != "7999*****22", phones[-1]) == (True, "7999*****22")


async def test_a_message_whose_worker_was_killed_is_told_by_the_one_who_takes_it_back(
    service: Service, office: Office, outside: Outside
) -> None:
    # Given a message on its way to an outside service that does not answer
    await outside.play(hang_share=1)
    client = await office.add_client()
    mailing = await office.create()
    await until(lambda: _has_requests(outside))

    # When
    for worker in service.parts("worker"):
        await service.kill(worker)
    await outside.play()
    await service.until_whole()

    # Then
    assert await office.result(mailing) == Counter(SENT=1)
    (message,) = await office.messages(mailing, "id")
    lines = await until_told(message["id"], "message.answered", service)
    assert steps(lines) == [
        "worker message.created",
        "worker message.requested",
        "scheduler message.taken_back",
        "worker message.requested",
        "worker message.answered",
    ]
    assert_they_name_everything(lines, mailing, client["id"], message["id"])
    assert lines[1]["worker"] != lines[3]["worker"]
    (rescue,) = [line for line in await told_of(mailing, service) if line["event"] == "rescue.lease_expired"]
    assert (rescue["silent_worker"], rescue["messages"]) == (lines[1]["worker"], 1)


def assert_they_name_everything(lines: list[Line], mailing: str, client: str, message: str) -> None:
    """Each line can be found by each id, and says when, who and, but for the scheduler's own deeds, for whom."""
    for line in lines:
        assert (line["mailing_id"], line["client_id"], line["message_id"]) == (mailing, client, message)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", line["timestamp"])
        assert re.fullmatch(r".+:\d+", line["worker"])
    assert [line["timestamp"] for line in lines] == sorted(line["timestamp"] for line in lines)


async def _waiting(office: Office, mailing: str) -> list[str]:
    """The messages of a mailing, as soon as there are any."""

    async def is_there() -> bool:
        return bool(await office.messages(mailing, "id"))

    await until(is_there)
    return [message["id"] for message in await office.messages(mailing, "id")]


async def _has_requests(outside: Outside) -> bool:
    return int((await outside.totals())["requests"]) > 0
