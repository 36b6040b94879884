"""Equal subscriptions of many sockets."""

import asyncio
import json
from contextlib import AsyncExitStack

import pytest

from gql_api.http.limits import TooLongSubscriptionError
from gql_api.http.sharing import Subscription
from mailing.mailings import service
from mailing.models.mailing import MailingStatus
from tests.conftest import Sql
from tests.gql_api.api import Api, Json, Socket
from tests.gql_api.following import followed
from tests.gql_api.rows import add_clients, add_mailing, add_messages
from tests.progress.conftest import state
from tests.waiting import until

SENT = "subscription Sent($id: ID!) { mailingProgress(mailingId: $id) { sent } }"
ACTIVE = "subscription { activeMailingsProgress { sent mailing { id } } }"
NUMBERS = "subscription { activeMailingsProgress { sent } }"


async def test_an_event_costs_one_read_however_many_ask_for_the_same(api: Api, sql: Sql, statements: list[str]) -> None:
    # Given fifty subscribers who want what is read for them from the database
    await add_clients(sql, 2)
    await add_messages(sql, await add_mailing("RUNNING"))
    query = "subscription ($id: ID!) { mailingProgress(mailingId: $id) { cancelled mailing { text status } } }"
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(api.socket()) for _ in range(50)]
        for socket in sockets:
            await socket.subscribe("a", query, id="mailing_1")
            assert _progress(await socket.receive())["cancelled"] == 0
        # When the mailing changes
        statements.clear()
        await service.cancel_mailing(1)
        states = [_progress(await socket.receive()) for socket in sockets]
        ends = [await socket.receive() for socket in sockets]

    # Then everyone learns it and its end, and the mailing was read once for all of them
    assert states == [{"cancelled": 2, "mailing": {"text": "Hello", "status": "CANCELLED"}}] * 50
    assert ends == [{"id": "a", "type": "complete"}] * 50
    assert len([one for one in statements if 'FROM "mailing" WHERE "id" IN' in one]) == 1


async def test_only_what_is_equal_is_shared() -> None:
    # Given two mailings
    async with followed(state(1), state(2, mailing_id=2)) as one, one.api.socket() as socket:
        # When one socket asks for the same under two ids, and for what differs in each part of the question
        await socket.subscribe("same", SENT, id="mailing_1")
        await socket.subscribe("same too", SENT, id="mailing_1")
        await socket.subscribe("variables", SENT, id="mailing_2")
        await socket.subscribe("text", SENT + " ", id="mailing_1")
        payload = {"query": SENT, "variables": {"id": "mailing_1"}, "operationName": "Sent"}
        await socket.send(id="name", type="subscribe", payload=payload)
        # Then each gets its own, and only the equal ones are one execution
        assert await _received(socket, 5) == {
            "same": 1000, "same too": 1000, "variables": 2000, "text": 1000, "name": 1000,
        }  # fmt: skip
        assert (len(one.executions), one.feed.begun) == (4, 4)


def with_variables(declared: str, **variables: object) -> Subscription | None:
    return Subscription.of(f"subscription ({declared}) {{ activeMailingsProgress {{ sent }} }}", variables, None)


@pytest.mark.parametrize("value", [1, 1.0, True, "1", None, [1]])
def test_variables_of_different_types_are_different(value: object) -> None:
    others = [1, 1.0, True, "1", None, [1]]

    equal = [one for one in others if with_variables("$x: Int", x=one) == with_variables("$x: Int", x=value)]

    assert len(equal) == 1


def test_the_order_of_variables_makes_no_difference_and_what_is_not_declared_none() -> None:
    declared = "$a: Int, $b: Int"

    assert with_variables(declared, a=1, b=2) == with_variables(declared, b=2, c=3, a=1)


def test_what_would_take_much_for_as_long_as_it_lasts_is_refused() -> None:
    with pytest.raises(TooLongSubscriptionError) as caught:
        with_variables("$x: [Int!]", x=[1] * 10_000)

    assert caught.value.extensions == {"code": "SUBSCRIPTION_TOO_LONG", "limit": 16_384, "value": 20_068}
    with pytest.raises(TooLongSubscriptionError):
        Subscription.of(NUMBERS + "#" * 20_000, None, None)


async def test_variables_that_are_nested_too_deeply_are_an_error_of_the_operation(api: Api) -> None:
    # Given what can be read, and cannot be written again
    variables: object = 1
    for _ in range(300):
        variables = [variables]
    query = "subscription ($x: Int) { providerHealth { breaker } }"
    error = {"message": "The variables are nested too deeply", "extensions": {"code": "BAD_USER_INPUT"}}

    # When
    body, accept = {"query": query, "variables": {"x": variables}}, {"Accept": "text/event-stream"}
    async with api.http.post(f"http://{api.address}/graphql", json=body, headers=accept) as response:
        streamed = await response.text()
    async with api.socket() as socket:
        await socket.subscribe("a", query, x=variables)
        refused = await socket.receive()

    # Then
    assert json.dumps([error], separators=(",", ":")) in streamed
    assert refused == {"id": "a", "type": "error", "payload": [error]}


async def test_queries_and_mutations_are_never_shared(api: Api, sql: Sql) -> None:
    create = """
        mutation subscription { createClient(input: {phone: "79161234567", timezone: "UTC"}) { __typename } }
    """
    async with api.socket() as one, api.socket() as other:
        for socket in (one, other):
            await socket.subscribe("a", create)
        answers = [(await socket.receive())["payload"]["data"]["createClient"] for socket in (one, other)]

    names = sorted(answer["__typename"] for answer in answers)
    assert names == ["Client", "PhoneAlreadyRegistered"]


async def test_newcomers_of_the_same_moment_are_welcomed_together_with_what_holds_then() -> None:
    async with followed(state(1)) as one, one.api.socket() as early, AsyncExitStack() as stack:
        await early.subscribe("a", SENT, id="mailing_1")
        assert await _sent(early) == 1000
        # Given a state of which nobody has told yet: it stands in the database alone
        one.feed.stands_at(state(2))
        sockets = [await stack.enter_async_context(one.api.socket()) for _ in range(10)]
        # When many come
        for socket in sockets:
            await socket.subscribe("b", SENT, id="mailing_1")
        # Then each gets that first, and older news no more
        assert [await _sent(socket) for socket in sockets] == [2000] * 10
        assert one.feed.begun <= 1 + 3
        one.feed.accept(state(3))
        assert [await _sent(socket) for socket in sockets] == [3000] * 10


async def test_who_comes_late_gets_the_newest_state_first_and_then_what_all_get() -> None:
    async with followed(state(1)) as one, one.api.socket() as early, one.api.socket() as late:
        await early.subscribe("a", SENT, id="mailing_1")
        assert await _sent(early) == 1000
        one.feed.accept(state(2))
        assert await _sent(early) == 2000
        # When another comes
        await late.subscribe("b", SENT, id="mailing_1")
        # Then it is told the newest, by a further execution that ends with that
        one.feed.stands_at(state(2))
        assert await _sent(late) == 2000
        assert (len(one.executions), one.feed.begun) == (1, 2)
        # And from then on both hear the same, up to the end
        one.feed.accept(state(3, status=MailingStatus.FINISHED))
        for socket, id in ((early, "a"), (late, "b")):
            assert await _sent(socket) == 3000
            assert await socket.receive() == {"id": id, "type": "complete"}
        assert len(one.executions) == 0


async def test_who_comes_late_gets_no_more_than_ten_states_a_second() -> None:
    async with followed(state(1)) as one, one.api.socket() as early, one.api.socket() as late:
        await early.subscribe("a", SENT, id="mailing_1")
        assert await _sent(early) == 1000
        await asyncio.sleep(0.2)  # Now the next state may come to all at once.
        await late.subscribe("b", SENT, id="mailing_1")
        assert await _sent(late) == 1000
        welcomed = asyncio.get_running_loop().time()
        # When the next state follows at once
        one.feed.accept(state(2))
        assert await _sent(late) == 2000
        # Then it waits for its turn
        assert asyncio.get_running_loop().time() - welcomed >= 0.09


async def test_one_who_leaves_disturbs_nobody_and_the_last_ends_the_execution() -> None:
    async with followed(state(1)) as one, one.api.socket() as stays:
        await stays.subscribe("a", SENT, id="mailing_1")
        await _sent(stays)
        # When one leaves by its own word and one by closing
        async with one.api.socket() as leaves, one.api.socket() as closes:
            for socket in (leaves, closes):
                await socket.subscribe("a", SENT, id="mailing_1")
                await _sent(socket)
            await leaves.send(id="a", type="complete")
        # Then who stays hears on
        one.feed.accept(state(2))
        assert await _sent(stays) == 2000
        assert len(one.executions) == 1
        # And with the last one everything is gone
        await stays.send(id="a", type="complete")
        await until(lambda: one.feed.is_idle)
        assert len(one.executions) == 0
        # Until somebody comes again
        await stays.subscribe("a", SENT, id="mailing_1")
        assert await _sent(stays) == 1000


async def test_mistakes_reach_everyone_who_makes_them_and_nobody_else() -> None:
    async with followed(state(1)) as one, one.api.socket() as socket, one.api.socket() as other:
        await socket.subscribe("good", SENT, id="mailing_1")
        await _sent(socket)
        # When two sockets make the same mistakes
        for careless in (socket, other):
            await careless.subscribe("syntax", "subscription {")
            await careless.subscribe("validation", "subscription { nothing }")
            payload = {"query": SENT, "variables": {"id": "mailing_1"}, "operationName": "Other"}
            await careless.send(id="name", type="subscribe", payload=payload)
            await careless.subscribe("variables", SENT)
            frames = [await careless.receive() for _ in range(4)]
            # Then each mistake is answered where it was made
            assert {frame["id"]: (frame["type"], frame["payload"][0]["extensions"]["code"]) for frame in frames} == {
                "syntax": ("error", "GRAPHQL_PARSE_FAILED"),
                "validation": ("error", "GRAPHQL_VALIDATION_FAILED"),
                "name": ("error", "GRAPHQL_VALIDATION_FAILED"),
                "variables": ("error", "BAD_USER_INPUT"),
            }
        # And the subscription beside it goes on
        one.feed.accept(state(2))
        assert await _sent(socket) == 2000
        assert len(one.executions) == 1


async def test_of_all_running_mailings_who_comes_late_is_told_of_those_that_still_run() -> None:
    # Given a subscriber to four mailings, of which one is paused, one deleted and one finished meanwhile
    async with followed(*(state(1, mailing_id=id) for id in (1, 2, 3, 4))) as one, one.api.socket() as early:
        await early.subscribe("a", NUMBERS)
        for _ in range(4):
            await early.receive()
        one.feed.accept(state(2, mailing_id=1))
        one.feed.accept(state(3, mailing_id=2, status=MailingStatus.PAUSED))
        one.feed.accept(state(4, mailing_id=3, status=MailingStatus.FINISHED))
        one.feed.gone(4)
        told = [_sent_of_any(await early.receive()) for _ in range(3)]
        assert sorted(told) == [2000, 3000, 4000]
        # When another comes
        async with one.api.socket() as late:
            await late.subscribe("b", NUMBERS)
            first = _sent_of_any(await late.receive())
            one.feed.accept(state(5, mailing_id=5))
            second = _sent_of_any(await late.receive())
    # Then it is told of the one that runs, and then of what happens
    assert (first, second) == (2000, 5000)
    assert one.feed.begun == 1


async def test_of_each_running_mailing_everyone_gets_the_newest_state() -> None:
    async with followed(state(1), state(1, mailing_id=2)) as one, one.api.socket() as socket:
        await socket.subscribe("a", NUMBERS)
        for _ in range(2):
            await socket.receive()
        for second in range(2, 50):
            one.feed.accept(state(second))
            one.feed.accept(state(second + 100, mailing_id=2))
        seen: set[int] = set()
        while not {49_000, 149_000} <= seen:
            seen.add(_sent_of_any(await socket.receive()))
        assert len(seen) <= 4


def _progress(frame: Json) -> Json:
    progress: Json = frame["payload"]["data"]["mailingProgress"]
    return progress


async def _sent(socket: Socket) -> int:
    async with asyncio.timeout(5):
        sent: int = _progress(await socket.receive())["sent"]
        return sent


def _sent_of_any(frame: Json) -> int:
    sent: int = frame["payload"]["data"]["activeMailingsProgress"]["sent"]
    return sent


async def _received(socket: Socket, count: int) -> dict[str, int]:
    frames = [await socket.receive() for _ in range(count)]
    return {frame["id"]: _progress(frame)["sent"] for frame in frames}
