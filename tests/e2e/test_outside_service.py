"""The outside service is down, slow or wrong (L4, R9): everything is sent in the end, once, and nobody else notices."""

from collections import Counter
from datetime import datetime

import pytest

from tests.e2e.office import Office, moment
from tests.e2e.outside import Outside
from tests.e2e.watchfulness import answering_within
from tests.gql_api.api import Api
from tests.waiting import until

CLIENTS = 20

TROUBLES: dict[str, dict[str, object]] = {
    "says 500": {"error_share": 1},
    "answers with nonsense": {"garbage_share": 1},
    "answers with a code other than 0": {"code_share": 1, "code": 17},
    "never answers": {"hang_share": 1},
    "refuses connections": {"refuse_connections": True},
    "hangs up before it has taken the message": {"close_before_share": 1},
    "hangs up after it has taken the message": {"close_after_share": 1},
    "refuses the token": {"unauthorized": True},
}


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_whatever_goes_wrong_for_a_while_every_message_is_sent_once_in_the_end(
    trouble: str, office: Office, outside: Outside, api: Api
) -> None:
    # Given an outside service in trouble
    clients = await office.add_clients(CLIENTS)
    await outside.play(**TROUBLES[trouble])
    async with answering_within(api, 1):
        # When a mailing meets it
        mailing = await office.create()
        await _has_met_trouble(office, outside, mailing)

        # Then nothing is called sent, and nothing given up
        assert set(await office.counts(mailing)) <= {"PENDING", "SENDING"}
        # And when the trouble is over, all goes its way
        await outside.play()
        assert await office.result(mailing) == Counter(SENT=CLIENTS)
    assert sorted(one.phone for one in await outside.taken()) == sorted(int(one["phone"]) for one in clients)
    totals = await outside.totals()
    assert (totals["accepted"], totals["unique"]) == (CLIENTS, CLIENTS)


async def test_everything_at_once_and_all_the_time_is_survived_too(office: Office, outside: Outside, api: Api) -> None:
    # Given an outside service with which a third of the requests do not go well
    shares = ("error", "throttle", "garbage", "code", "hang", "close_before", "close_after")
    await outside.play(**{f"{name}_share": 0.05 for name in shares}, latency_ms=[0, 50], retry_after_seconds=0, seed=11)
    await office.add_clients(60)

    # When
    async with answering_within(api, 1):
        mailing = await office.create()
        assert await office.result(mailing) == Counter(SENT=60)

    # Then
    totals = await outside.totals()
    assert (totals["accepted"], totals["unique"]) == (60, 60)
    assert totals["requests"] > 65


async def test_retry_after_is_respected(office: Office, outside: Outside) -> None:
    # Given an outside service that asks for patience
    await outside.play(throttle_share=1, retry_after_seconds=1)
    await office.add_clients(3)
    mailing = await office.create()

    async def all_were_told() -> bool:
        return bool((await outside.totals())["requests"] == 3)

    await until(all_were_told)

    # When it could take them again at once
    await outside.play()

    # Then nobody asks before the time
    assert await office.result(mailing) == Counter(SENT=3)
    query = "attempts { startedAt outcome httpStatus }"
    for message in await office.messages(mailing, query):
        told, sent = message["attempts"]
        assert (told["httpStatus"], sent["outcome"]) == (429, "ACCEPTED")
        waited = datetime.fromisoformat(sent["startedAt"]) - datetime.fromisoformat(told["startedAt"])
        assert waited.total_seconds() >= 1


async def test_what_it_will_never_take_fails_at_once_with_the_reason(office: Office, outside: Outside) -> None:
    await outside.play(refuse_share=1)
    await office.add_clients(3)
    mailing = await office.create()
    assert await office.result(mailing) == Counter(FAILED=3)
    assert (await outside.totals())["requests"] == 3
    assert (await office.statistics(mailing))["failures"] == [{"reason": "HTTP 400", "count": 3}]
    failed = {"status": "FAILED", "reason": "HTTP 400", "attempts": [{"outcome": "REFUSED", "httpStatus": 400}]}
    assert await office.messages(mailing, "status reason attempts { outcome httpStatus }") == [failed] * 3


@pytest.mark.parametrize(
    ("trouble", "ending"),
    [
        ({"refuse_connections": True}, "EXPIRED"),
        ({"close_after_share": 1}, "UNCONFIRMED"),
    ],
    ids=["refuses connections", "hangs up"],
)
async def test_in_trouble_to_the_end_it_is_told_whether_a_message_may_have_been_taken(
    trouble: dict[str, object], ending: str, office: Office, outside: Outside
) -> None:
    # Given messages that have all been tried in vain
    await outside.play(**trouble)
    await office.add_clients(3)
    mailing = await office.create()

    async def all_were_tried() -> bool:
        messages = await office.messages(mailing, "attempts { number }")
        return len([message for message in messages if message["attempts"]]) == 3

    await until(all_were_tried)

    # When the end comes
    await office.change("updateMailing", id=mailing, endsAt=moment(2))

    # Then
    assert await office.result(mailing) == Counter({ending: 3})


async def _has_met_trouble(office: Office, outside: Outside, mailing: str) -> None:
    """Wait until requests have been tried in vain, by whichever side tells of it."""

    async def has_met_it() -> bool:
        if (await outside.totals())["requests"] >= CLIENTS:
            return True
        messages = await office.messages(mailing, "attempts { outcome }")
        return bool(messages) and any(message["attempts"] for message in messages)

    await until(has_met_it)
