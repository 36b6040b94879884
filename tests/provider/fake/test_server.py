import asyncio
from contextlib import suppress
from dataclasses import asdict

import orjson
import pytest

from mailing.provider.fake import FakeProvider, Scenario, scenario_to_json
from mailing.provider.fake.connection import MOST_WAITING
from mailing.provider.fake.request import MOST_BODY_BYTES
from tests.provider.fake.conftest import Dial, http_request, send_request
from tests.waiting import until

OK = {"code": 0, "message": "OK"}


async def test_requests_may_come_in_pieces(fake: FakeProvider, dial: Dial) -> None:
    wire, request = await dial(fake.url), send_request(12345, text="Привет")

    for start in range(0, len(request), 10):
        await wire.write(request[start : start + 10])
        # The server's turn to read, so that the pieces do not join on their way.
        await asyncio.sleep(0.001)

    assert (await wire.answer())[::2] == (200, OK)
    assert [(entry.id, entry.text) for entry in fake.ledger.entries()] == [(12345, "Привет")]


@pytest.mark.parametrize("latency_ms", [0, (0, 5)])
async def test_pipelined_requests_are_answered_in_their_order(
    fake: FakeProvider, dial: Dial, latency_ms: float | tuple[float, float]
) -> None:
    await fake.set_scenario(Scenario(latency_ms=latency_ms))
    wire = await dial(fake.url)
    kinds = [send_request(1), http_request("GET", "/_scenario"), b"", send_request(2), http_request("GET", "/nothing")]

    await wire.write(b"".join(kinds) + http_request("POST", "/v1/send/3", b"{}") + send_request(4))

    assert [(await wire.answer())[0] for _ in range(6)] == [200, 200, 200, 404, 400, 200]
    assert [entry.id for entry in fake.ledger.entries()] == [1, 2, 4]


async def test_more_pipelined_requests_than_may_wait_are_all_answered(fake: FakeProvider, dial: Dial) -> None:
    await fake.set_scenario(Scenario(latency_ms=(0, 1)))
    wire, count = await dial(fake.url), 3 * MOST_WAITING

    await wire.write(b"".join(send_request(n) for n in range(count)))

    assert {(await wire.answer())[0] for _ in range(count)} == {200}
    assert [entry.id for entry in fake.ledger.entries()] == list(range(count))


async def test_connection_close_is_kept_and_what_follows_it_is_not_taken(fake: FakeProvider, dial: Dial) -> None:
    wire = await dial(fake.url)

    await wire.write(send_request(1, "Connection: close") + send_request(2))

    status, headers, body = await wire.answer()
    assert (status, headers["connection"], body) == (200, "close", OK)
    assert await wire.rest() == b""
    assert [entry.id for entry in fake.ledger.entries()] == [1]


async def test_what_is_not_http_is_told_so_after_the_answers_before_it(fake: FakeProvider, dial: Dial) -> None:
    await fake.set_scenario(Scenario(latency_ms=5))
    wire = await dial(fake.url)

    await wire.write(send_request(1) + b"\x16\x03\x01 this is TLS, say\r\n\r\n")

    assert [(await wire.answer())[0] for _ in range(2)] == [200, 400]
    assert await wire.rest() == b""


@pytest.mark.parametrize(("excess", "status"), [(0, 200), (1, 413)])
async def test_a_body_longer_than_a_mebibyte_is_refused_and_the_connection_lives_on(
    fake: FakeProvider, dial: Dial, excess: int, status: int
) -> None:
    wire = await dial(fake.url)
    frame = len(orjson.dumps({"id": 1, "phone": 7, "text": ""}))
    body = orjson.dumps({"id": 1, "phone": 7, "text": "x" * (MOST_BODY_BYTES - frame + excess)})
    assert len(body) == MOST_BODY_BYTES + excess

    assert (await wire.call("POST", "/v1/send/1", body))[0] == status

    await wire.write(send_request(2))
    assert (await wire.answer())[0] == 200


@pytest.mark.parametrize(
    ("message_id", "body", "complaint"),
    [
        ("1", b"", "the body must be JSON"),
        ("1", b"{", "the body must be JSON"),
        ("1", b"[]", "the body must be a JSON object"),
        ("1", b'{"id":2,"phone":7,"text":""}', "id must be the number in the path, an integer of 64 bits"),
        ("1", b'{"id":"1","phone":7,"text":""}', "id must be the number in the path, an integer of 64 bits"),
        ("1", b'{"id":true,"phone":7,"text":""}', "id must be the number in the path, an integer of 64 bits"),
        ("1", b'{"phone":7,"text":""}', "id must be the number in the path, an integer of 64 bits"),
        ("1", b'{"id":1,"phone":"79990000000","text":""}', "phone must be an integer of 64 bits"),
        ("1", b'{"id":1,"phone":7.5,"text":""}', "phone must be an integer of 64 bits"),
        ("1", b'{"id":1,"phone":9223372036854775808,"text":""}', "phone must be an integer of 64 bits"),
        ("1", b'{"id":1,"text":""}', "phone must be an integer of 64 bits"),
        ("1", b'{"id":1,"phone":7}', "text must be a string"),
        ("1", b'{"id":1,"phone":7,"text":null}', "text must be a string"),
        ("", b"{}", "msgId must be an integer of 64 bits"),
        ("x", b"{}", "msgId must be an integer of 64 bits"),
        ("1_0", b"{}", "msgId must be an integer of 64 bits"),
        ("1?a=b", b"{}", "msgId must be an integer of 64 bits"),
        ("9" * 100, b"{}", "msgId must be an integer of 64 bits"),
        (
            "9223372036854775808",
            b'{"id":9223372036854775808,"phone":7,"text":""}',
            "id must be the number in the path, an integer of 64 bits",
        ),
    ],
)
async def test_a_request_that_breaks_the_contract_is_refused_with_what_is_allowed(
    fake: FakeProvider, dial: Dial, message_id: str, body: bytes, complaint: str
) -> None:
    wire = await dial(fake.url)

    assert await wire.call("POST", f"/v1/send/{message_id}", body) == (400, {"message": complaint})
    assert (fake.ledger.requests, fake.ledger.accepted, fake.ledger.answered) == (1, 0, {400: 1})


@pytest.mark.parametrize("message_id", [-(2**63), -1, 0, 2**63 - 1])
async def test_every_id_of_64_bits_is_taken(fake: FakeProvider, dial: Dial, message_id: int) -> None:
    wire = await dial(fake.url)
    body = orjson.dumps({"id": message_id, "phone": 79990000000, "text": "t"})

    assert await wire.call("POST", f"/v1/send/{message_id}", body) == (200, OK)
    assert [entry.id for entry in fake.ledger.entries()] == [message_id]


async def test_a_token_is_demanded_only_where_the_scenario_says_so(fake: FakeProvider, dial: Dial) -> None:
    wire = await dial(fake.url)
    statuses = []

    for scenario in (Scenario(), Scenario(required_token="right")):
        await fake.set_scenario(scenario)
        for headers in ((), ("authorization: Bearer wrong",), ("AUTHORIZATION: Bearer right",)):
            await wire.write(send_request(1, *headers))
            statuses.append((await wire.answer())[0])

    assert statuses == [200, 200, 200, 401, 401, 200]


async def test_a_repeated_id_is_dropped_or_taken_again_as_the_scenario_says(fake: FakeProvider, dial: Dial) -> None:
    wire = await dial(fake.url)
    for idempotent in (True, False):
        await fake.set_scenario(Scenario(idempotent=idempotent))
        for _ in range(2):
            await wire.write(send_request(5))
            assert (await wire.answer())[::2] == (200, OK)

    assert await wire.call("GET", "/_ledger") == (
        200,
        {
            "requests": 4,
            "accepted": 3,
            "unique": 1,
            "repeated": 3,
            "dropped": 1,
            "repeated_ids": [5],
            "answered": {"200": 4},
            "unanswered": {},
        },
    )


async def test_what_is_answered_only_later_is_in_the_ledger_at_once(fake: FakeProvider, dial: Dial) -> None:
    await fake.set_scenario(Scenario(latency_ms=60_000))
    wire = await dial(fake.url)

    await wire.write(send_request(1))
    await until(lambda: fake.ledger.requests)
    await wire.close()

    assert (fake.ledger.accepted, fake.ledger.answered) == (1, {})


async def test_a_burst_of_errors_ends_by_itself(
    fake: FakeProvider, dial: Dial, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_000.0
    monkeypatch.setattr("mailing.provider.fake.behaviour.monotonic", lambda: now)
    await fake.set_scenario(Scenario(error_burst_seconds=0.1))
    wire, statuses = await dial(fake.url), []

    for now in (1_000.0, 1_000.09, 1_000.11, 2_000.0):  # noqa: B007  # the clock shows it
        await wire.write(send_request(1))
        statuses.append((await wire.answer())[0])

    assert statuses == [500, 500, 200, 200]


async def test_throttling_says_when_to_come_back(fake: FakeProvider, dial: Dial) -> None:
    await fake.set_scenario(Scenario(throttle_share=1, retry_after_seconds=7))
    wire = await dial(fake.url)

    await wire.write(send_request(1))

    status, headers, _ = await wire.answer()
    assert (status, headers["retry-after"]) == (429, "7")


@pytest.mark.parametrize(
    ("scenario", "accepted", "why"),
    [
        (Scenario(close_before_share=1), 0, "closed before accepting"),
        (Scenario(close_after_share=1), 1, "closed after accepting"),
    ],
)
async def test_a_connection_that_is_closed_instead_of_an_answer_is_counted(
    fake: FakeProvider, dial: Dial, scenario: Scenario, accepted: int, why: str
) -> None:
    await fake.set_scenario(scenario)
    wire = await dial(fake.url)

    # What is pipelined behind it is lost with it.
    await wire.write(send_request(1) + send_request(2))

    assert await wire.rest() == b""
    assert (fake.ledger.requests, fake.ledger.accepted, fake.ledger.unanswered) == (1, accepted, {why: 1})


async def test_a_hung_connection_answers_nothing_more(fake: FakeProvider, dial: Dial) -> None:
    await fake.set_scenario(Scenario(hang_share=1))
    wire = await dial(fake.url)
    await wire.write(send_request(1) + send_request(2))
    await until(lambda: fake.ledger.unanswered["hung"])

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await wire.rest()

    assert (fake.ledger.requests, fake.ledger.accepted) == (1, 0)


async def test_the_same_seed_brings_the_same_faults_to_each_message(dial: Dial) -> None:
    async def statuses(order: list[int]) -> dict[int, int]:
        async with FakeProvider(Scenario(seed=3, error_share=0.3, throttle_share=0.3)) as fake:
            wire = await dial(fake.url)
            await wire.write(b"".join(send_request(n) for n in order))
            return {n: (await wire.answer())[0] for n in order}

    first = await statuses(list(range(60)))

    assert await statuses(list(reversed(range(60)))) == first
    assert set(first.values()) == {200, 429, 500}


async def test_refusing_connections_closes_the_port_and_what_is_open_and_can_be_ended(
    fake: FakeProvider, dial: Dial
) -> None:
    idle, admin, url = await dial(fake.url), await dial(fake.admin_url), fake.url
    await idle.call("GET", "/_ledger")

    for _ in range(3):
        status, _ = await admin.call("PUT", "/_scenario", b'{"refuse_connections": true}')
        assert status == 200
        with pytest.raises(ConnectionRefusedError):
            await dial(url)
        with suppress(ConnectionResetError):
            assert await idle.rest() == b""

        assert await admin.call("PUT", "/_scenario", b"{}") == (200, orjson.loads(scenario_to_json(Scenario())))
        idle = await dial(url)
        await idle.write(send_request(1))
        assert (await idle.answer())[0] == 200


async def test_the_scenario_may_be_changed_on_the_port_that_it_closes(fake: FakeProvider, dial: Dial) -> None:
    wire = await dial(fake.url)

    assert (await wire.call("PUT", "/_scenario", b'{"refuse_connections": true}'))[0] == 200
    with pytest.raises(ConnectionRefusedError):
        await dial(fake.url)
    assert (await wire.call("PUT", "/_scenario", b"{}"))[0] == 200
    await dial(fake.url)


async def test_without_an_admin_port_refused_sends_are_reset_and_the_rest_is_answered(dial: Dial) -> None:
    async with FakeProvider(Scenario(refuse_connections=True), admin_port=None) as fake:
        wire = await dial(fake.url)
        await wire.write(send_request(1))
        with pytest.raises(ConnectionResetError):
            await wire.rest()

        admin = await dial(fake.admin_url)
        _, totals = await admin.call("GET", "/_ledger")
        assert (totals["accepted"], totals["unanswered"]) == (0, {"connection refused": 1})
        assert (await admin.call("PUT", "/_scenario", b"{}"))[0] == 200
        await admin.write(send_request(1))
        assert (await admin.answer())[0] == 200


async def test_a_provider_that_starts_with_refusing_can_be_opened_later(dial: Dial) -> None:
    async with FakeProvider(Scenario(refuse_connections=True)) as fake:
        with pytest.raises(ConnectionRefusedError):
            await dial(fake.url)
        await fake.set_scenario(Scenario())
        await dial(fake.url)


async def test_a_port_that_is_taken_is_an_error_and_leaves_nothing_open(fake: FakeProvider) -> None:
    port = int(fake.url.split(":")[2].removesuffix("/v1"))

    with pytest.raises(OSError, match="in use"):
        async with FakeProvider(port=port):
            pass
    with pytest.raises(OSError, match="in use"):
        async with FakeProvider(admin_port=port):
            pass


async def test_a_wrong_scenario_is_refused_field_by_field_and_changes_nothing(fake: FakeProvider, dial: Dial) -> None:
    wire, before = await dial(fake.url), fake.scenario

    answer = await wire.call("PUT", "/_scenario", b'{"error_share": 2}')

    assert answer == (
        400,
        {"message": "the scenario is not allowed", "fields": {"error_share": "must be a number from 0 to 1"}},
    )
    assert fake.scenario is before


async def test_a_scenario_is_replaced_as_a_whole_and_read_back(fake: FakeProvider, dial: Dial) -> None:
    wire = await dial(fake.url)
    await wire.call("PUT", "/_scenario", b'{"latency_ms": [1, 2], "code": 5}')

    await wire.call("PUT", "/_scenario", b'{"code": 6}')

    expected = asdict(Scenario(code=6))
    assert fake.scenario == Scenario(code=6)
    assert await wire.call("GET", "/_scenario") == (200, expected)


async def test_the_accepted_messages_can_be_read_page_by_page(fake: FakeProvider, dial: Dial) -> None:
    wire = await dial(fake.url)
    await wire.write(b"".join(send_request(n) for n in (4, 2, 9)))
    for _ in range(3):
        await wire.answer()

    pages = [await wire.call("GET", f"/_ledger/messages?after={after}&limit=2") for after in (0, 2, 3)]

    one, two, three = [asdict(entry) for entry in fake.ledger.entries()]
    assert (one["id"], one["phone"], one["text"]) == (4, 79990000004, "hello")
    assert pages == [
        (200, {"messages": [one, two], "next": 2}),
        (200, {"messages": [three], "next": 3}),
        (200, {"messages": [], "next": 3}),
    ]


@pytest.mark.parametrize("query", ["limit=0", "limit=10001", "limit=x", "after=-1", "after=1.5", "limit=", "after=٣"])
async def test_pages_have_bounds(fake: FakeProvider, dial: Dial, query: str) -> None:
    wire = await dial(fake.url)
    target = f"/_ledger/messages?{query}".encode().decode("latin-1")

    assert (await wire.call("GET", target))[0] == (200 if query == "limit=" else 400)


async def test_the_ledger_can_be_cleared(fake: FakeProvider, dial: Dial) -> None:
    wire = await dial(fake.url)
    await wire.write(send_request(1))
    await wire.answer()

    status, totals = await wire.call("DELETE", "/_ledger")

    assert (status, totals["requests"], totals["accepted"], totals["answered"]) == (200, 0, 0, {})
    assert fake.ledger.entries() == []


@pytest.mark.parametrize(
    ("what", "status", "allow"),
    [
        ("GET /v1/send/1", 405, "POST"),
        ("POST /_ledger", 405, "GET, DELETE"),
        ("DELETE /_scenario", 405, "GET, PUT"),
        ("GET /", 404, None),
        ("POST /v1/send", 404, None),
    ],
)
async def test_other_methods_and_places_are_told_apart(
    fake: FakeProvider, dial: Dial, what: str, status: int, allow: str | None
) -> None:
    wire = await dial(fake.url)
    method, target = what.split()
    await wire.write(http_request(method, target))

    answered, headers, _ = await wire.answer()

    assert (answered, headers.get("allow")) == (status, allow)
    assert fake.ledger.requests == 0
