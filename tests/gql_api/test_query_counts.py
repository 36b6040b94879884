"""What each operation of the schema costs in statements, with lists hanging on its answer.

More of them than the table says is a list that asks for its parts one by one, or a new statement: name it there.
"""

import logging
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from graphql import OperationType
from structlog.contextvars import get_contextvars

from gql_api.errors import MEMBERS
from gql_api.schema import schema
from mailing.access_tokens.service import COMMAND_LINE, create_token
from mailing.access_tokens.validation import NewToken
from mailing.roles import Role
from tests.conftest import Sql
from tests.gql_api.api import Api
from tests.gql_api.rows import add_clients, add_mailing, add_messages

TIMELINE = "timeline { totalCount nodes { text } }"
TIMELINE_PARTS = ["its timeline", "how long that is"]
CLIENT = f"""{{
    __typename ... on Client {{ id messages {{ totalCount nodes {{ status mailing {{ text }} }} }} {TIMELINE} }}
}}"""
CLIENT_PARTS = ["its messages", "their mailings", "their number", *TIMELINE_PARTS]
MAILING = f"""{{
    __typename
    ... on Mailing {{ id progress {{ total }} statistics {{ total }} {TIMELINE}
                     history {{ steps {{ sent }} }} risk {{ cause }}
                     messages {{ totalCount nodes {{ client {{ phone }} attempts {{ outcome }} }} }} }}
}}"""
RISK_PARTS = ["time", "what is known of it"]  # two more where something is left to send
PARTS_WITHOUT_MESSAGES = [
    *("progress", "statistics", *TIMELINE_PARTS, "history", *RISK_PARTS, "its messages", "their number"),
]
MAILING_PARTS = [*PARTS_WITHOUT_MESSAGES, "their clients", "their attempts"]
MESSAGE = (
    f"{{ __typename ... on Message {{ mailing {{ text }} client {{ phone }} attempts {{ outcome }} {TIMELINE} }} }}"
)
MESSAGE_PARTS = ["its mailing", "its client", "its attempts", "its facts", "events around it", "its attempts once more"]
PROGRESS = "{ __typename total mailing { text statistics { total } } }"
PROGRESS_PARTS = ["its mailing", "the mailing's statistics"]
WHO = "who asks, for the events"
ALONE, IN_LINE, ROW = "lock for the audience", "lock before later pumps", "the row, locked"
NEW_MAILING = '{text: "Hi", startsAt: "2090-01-31T12:00:00Z", endsAt: "2090-02-01T12:00:00Z"}'
PIECE = '"phone,timezone\\n79991234567,UTC\\n79160000001,UTC\\n79160000002,UTC\\nx,UTC"'
"""A new client, two whose zone changes, and a row that is refused."""

REPORT = [
    *("time", "endings", "requests", "mailings", "the channel", "from when on all is counted"),
    *("the best rate", "mailings that end soon"),
]


class Cost(NamedTuple):
    """A root field as it is asked, and what each of its statements is for."""

    asked: str
    statements: list[str]


QUERIES = {
    "node": Cost(f'node(id: "message_1") {MESSAGE}', ["message", *MESSAGE_PARTS]),
    "client": Cost(f'client(id: "client_1") {CLIENT}', ["client", *CLIENT_PARTS]),
    "clients": Cost(f"clients {{ totalCount nodes {CLIENT} }}", ["page", "number", *CLIENT_PARTS]),
    "audience": Cost("audience { total byOperatorCode { total } byTag { total } byTimezone { total } }", ["counters"]),
    "mailing": Cost(f'mailing(id: "mailing_1") {MAILING}', ["mailing", *MAILING_PARTS]),
    "mailings": Cost(f"mailings {{ totalCount nodes {MAILING} }}", ["page", "number", *MAILING_PARTS]),
    "message": Cost(f'message(id: "message_1") {MESSAGE}', ["message", *MESSAGE_PARTS]),
    "timeline": Cost(
        'timeline(id: "client_1") { totalCount nodes { text mailing { text } message { status } } }',
        [*TIMELINE_PARTS, "its mailings", "its messages"],
    ),
    "explain": Cost(
        """explain(clientId: "client_1", mailingId: "mailing_1") {
            text client { phone } mailing { text } message { status } providerHealth { breaker }
        }""",
        ["rows", "the mailing's events", "the client's events", "attempts", "channel", "client", "mailing", "message"],
    ),
    "statistics": Cost("statistics { mailings byMailingStatus { count } byMessageStatus { count } }", ["counters"]),
    "dailyStatistics": Cost("dailyStatistics { countedSince days { sent } }", ["time", "totals", "since when"]),
    "providerHealth": Cost("providerHealth { __typename breaker recentRequests }", ["state"]),
    "viewer": Cost("viewer { __typename name role session { expiresAt } signInUrl }", []),
    "apiTokens": Cost("apiTokens { totalCount nodes { name createdBy { name } } }", ["page", "number"]),
    "reportPreview": Cost("reportPreview { __typename subject html text csv }", ["time", *REPORT]),
}
MUTATIONS = {
    "createClient": Cost(
        f'createClient(input: {{phone: "79991234567", timezone: "UTC"}}) {CLIENT}',
        [
            WHO,
            "row",
            *(part for part in CLIENT_PARTS if part != "their mailings"),
        ],  # it has no messages, and so they have no mailings
    ),
    "updateClient": Cost(
        f'updateClient(input: {{id: "client_1", phone: "79991234567"}}) {CLIENT}',
        [WHO, "lock against selections", ROW, "change", "open mailings, locked", "messages", *CLIENT_PARTS],
    ),
    "deleteClient": Cost(
        'deleteClient(input: {id: "client_1"}) { __typename }',
        [WHO, "lock against selections", ROW, "open mailings, locked", "messages", "removal"],
    ),
    "importClients": Cost(
        f"importClients(input: {{csv: {PIECE}}}) {{ __typename ... on ClientsImported {{ problems {{ line }} }} }}",
        [
            *(WHO, "lock against selections", "place for the rows", "new clients", "changed clients"),
            *("open mailings, locked", "messages"),
        ],
    ),
    "createMailing": Cost(
        f"createMailing(input: {NEW_MAILING}) {MAILING}",
        ["time", WHO, "row", "wording", "time until the start", *PARTS_WITHOUT_MESSAGES],  # it has no messages
    ),
    "updateMailing": Cost(
        f'updateMailing(input: {{id: "mailing_1", text: "Hi", filter: {{tags: ["x"]}}}}) {MAILING}',
        [WHO, ALONE, IN_LINE, ROW, "time", "time of the change", "wording", "change", *MAILING_PARTS],
    ),
    "pauseMailing": Cost(
        f'pauseMailing(input: {{id: "mailing_1"}}) {MAILING}',
        [WHO, IN_LINE, ROW, "time of the change", "change", *MAILING_PARTS],
    ),
    "resumeMailing": Cost(
        f'resumeMailing(input: {{id: "mailing_2"}}) {MAILING}',
        [WHO, IN_LINE, ROW, "time of the change", "change", *MAILING_PARTS],
    ),
    "cancelMailing": Cost(
        f'cancelMailing(input: {{id: "mailing_1"}}) {MAILING}',
        [
            WHO,
            ALONE,
            IN_LINE,
            ROW,
            "time of the change",
            "change",
            "closing",
            "counters",
            "row as closed",
            *MAILING_PARTS,
        ],
    ),
    "deleteMailing": Cost(
        'deleteMailing(input: {id: "mailing_1"}) { __typename }',
        [WHO, ALONE, IN_LINE, ROW, "closing", "counters", "mark"],
    ),
    "createApiToken": Cost('createApiToken(input: {name: "a", role: VIEWER}) { __typename }', ["time", WHO, "row"]),
    "revokeApiToken": Cost('revokeApiToken(input: {id: "token_1"}) { __typename }', [WHO, "row"]),
    "sendReport": Cost("sendReport { __typename ... on ReportSent { subject } }", ["time", *REPORT]),
}
SUBSCRIPTIONS = {
    "mailingProgress": Cost(f'mailingProgress(mailingId: "mailing_1") {PROGRESS}', ["state", *PROGRESS_PARTS]),
    "activeMailingsProgress": Cost(f"activeMailingsProgress {PROGRESS}", ["states", *PROGRESS_PARTS]),
    "providerHealth": Cost("providerHealth { __typename breaker recentRequests }", ["state"]),
}
REFUSALS = {member.type.__name__ for member in MEMBERS.values()}


@pytest.fixture
async def rows(sql: Sql) -> None:
    """Twenty clients, and messages to each of them from five mailings, of which the first is the one that runs, and a
    token."""
    await add_clients(sql, 20)
    for status in ("RUNNING", "PAUSED", "SCHEDULED", "SCHEDULED", "SCHEDULED"):
        await add_messages(sql, await add_mailing(status))
    await create_token(NewToken("billing", Role.VIEWER, None), COMMAND_LINE)


@pytest.fixture
def statements_of_operations() -> Iterator[list[str]]:
    """Every statement that the API makes for an operation: not those by which the live feed keeps up to date."""
    seen: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if "operation_id" in get_contextvars():
                seen.append(record.getMessage())

    log, handler = logging.getLogger("tortoise.db_client"), Keep()
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    yield seen
    log.removeHandler(handler)
    log.setLevel(level)


@pytest.mark.parametrize(
    ("type_", "table"),
    [
        (OperationType.QUERY, QUERIES),
        (OperationType.MUTATION, MUTATIONS),
        (OperationType.SUBSCRIPTION, SUBSCRIPTIONS),
    ],
)
def test_every_operation_of_the_schema_is_in_the_table(type_: OperationType, table: dict[str, Cost]) -> None:
    root = schema._schema.get_root_type(type_)

    assert root is not None
    assert root.fields.keys() == table.keys()


@pytest.mark.parametrize(
    ("kind", "name"), [*(("query", name) for name in QUERIES), *(("mutation", name) for name in MUTATIONS)]
)
@pytest.mark.usefixtures("rows")
async def test_an_operation_costs_what_the_table_says(
    api: Api, statements_of_operations: list[str], kind: str, name: str
) -> None:
    cost = (QUERIES | MUTATIONS)[name]

    data = await api.ask(f"{kind} {{ {cost.asked} }}")

    _assert_done(data[name])
    assert len(statements_of_operations) == len(cost.statements), "\n".join(statements_of_operations)


@pytest.mark.parametrize("name", SUBSCRIPTIONS)
@pytest.mark.usefixtures("rows")
async def test_the_first_state_of_a_subscription_costs_what_the_table_says(
    api: Api, statements_of_operations: list[str], name: str
) -> None:
    cost = SUBSCRIPTIONS[name]

    async with api.socket() as socket:
        await socket.subscribe("a", f"subscription {{ {cost.asked} }}")
        message = await socket.receive()

    _assert_done(message["payload"]["data"][name])
    assert len(statements_of_operations) == len(cost.statements), "\n".join(statements_of_operations)


def _assert_done(answer: dict[str, Any] | None) -> None:
    """What was refused costs less."""
    assert answer is not None
    assert answer.get("__typename") not in REFUSALS, answer
