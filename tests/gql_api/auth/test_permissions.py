"""Every field of the schema × every role."""

from collections import deque
from collections.abc import AsyncIterator, Iterator

import pytest
from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    OperationDefinitionNode,
    OperationType,
    build_schema,
    get_named_type,
    is_composite_type,
    is_leaf_type,
    is_required_argument,
    parse,
    validate,
)

from gql_api.auth.permissions import NEEDED, beyond
from gql_api.schema import export_sdl
from mailing.roles import Role
from tests.gql_api.api import Api, Json, Socket
from tests.gql_api.auth.asking import code, connected
from tests.gql_api.auth.issuer import Issuer

SCHEMA = build_schema(export_sdl())
ROOTS = {
    OperationType.QUERY: SCHEMA.query_type,
    OperationType.MUTATION: SCHEMA.mutation_type,
    OperationType.SUBSCRIPTION: SCHEMA.subscription_type,
}
LEAST = {OperationType.QUERY: "VIEWER", OperationType.MUTATION: "OPERATOR", OperationType.SUBSCRIPTION: "VIEWER"}
FOR_ADMINS = {"apiTokens", "createApiToken", "revokeApiToken", "reportPreview", "sendReport"}
"""Fields of a root type."""
REFUSED = {
    "VIEWER": {None: "UNAUTHENTICATED", "viewer": None, "operator": None, "admin": None},
    "OPERATOR": {None: "UNAUTHENTICATED", "viewer": "FORBIDDEN", "operator": None, "admin": None},
    "ADMIN": {None: "UNAUTHENTICATED", "viewer": "FORBIDDEN", "operator": "FORBIDDEN", "admin": None},
}
"""With which code each is refused what needs a role."""

Way = tuple[OperationType, str]


def ways() -> dict[str, list[Way]]:
    """For each field of the schema, as Type.field, one operation for each root type that leads to it."""
    found: dict[str, list[Way]] = {}
    for kind, root in ROOTS.items():
        assert root is not None
        for coordinate, query in _ways_from(kind, root):
            found.setdefault(coordinate, []).append((kind, query))
    return found


def test_there_is_a_line_for_each_field_of_a_root_type_and_no_other() -> None:
    assert {kind: set(fields) for kind, fields in NEEDED.items()} == {
        kind: set(root.fields) for kind, root in ROOTS.items() if root
    }


def test_a_way_is_known_to_each_field_of_the_schema() -> None:
    fields = {
        f"{type_.name}.{name}"
        for type_ in SCHEMA.type_map.values()
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__")
        for name in type_.fields
    }

    assert set(ways()) == fields
    assert [query for _, query in _flat(ways()) if validate(SCHEMA, parse(query))] == []


@pytest.mark.parametrize("role", [None, "viewer", "operator", "admin"])
async def test_each_role_gets_at_the_fields_it_may_and_no_others(signed: Api, issuer: Issuer, role: str | None) -> None:
    # Given somebody who has the role, or nobody
    headers = issuer.bearer(roles=[role]) if role else {}
    asked = [
        (coordinate, kind, query)
        for coordinate, known in ways().items()
        for kind, query in known
        if kind is not OperationType.SUBSCRIPTION
    ]

    # When every field is asked for, by each way to it
    refused = {(coordinate, kind): await _refusal(signed, headers, query) for coordinate, kind, query in asked}

    # Then each is refused or not by what the way needs
    assert refused == {(coordinate, kind): REFUSED[_least(kind, query)][role] for coordinate, kind, query in asked}


def test_what_is_for_admins_is_reached_by_no_other_way() -> None:
    hidden = {"ApiToken", "ApiTokenCreated", "ApiTokenCreator", "ApiTokenConnection", "ApiTokenEdge"}
    hidden |= {"ReportPreview", "ReportSent"}

    def reached(fields: set[str]) -> set[str]:
        roots = [root.fields[name] for root in ROOTS.values() if root for name in root.fields if name in fields]
        return {type_.name for root in roots for type_ in _below(root)}

    everything = {name for root in ROOTS.values() if root for name in root.fields}
    assert reached(FOR_ADMINS) >= hidden
    assert reached(everything - FOR_ADMINS) & hidden == set()


@pytest.mark.parametrize("role", ["viewer", "operator", "admin"])
async def test_each_role_may_follow_everything(signed: Api, issuer: Issuer, role: str) -> None:
    subscriptions = [query for kind, query in _flat(ways()) if kind is OperationType.SUBSCRIPTION]

    async with connected(signed, {"authorization": f"Bearer {issuer.token(roles=[role])}"}) as socket:
        assert await socket.receive() == {"type": "connection_ack"}
        for query in subscriptions:
            await socket.subscribe("a", query)
            # What begins with an unknown mailing ends by itself, everything else is told to end.
            if "mailingProgress" in query:
                frame = await socket.receive()
                assert frame["payload"]["errors"][0]["extensions"]["code"] == "NOT_FOUND"
                assert await socket.receive() == {"id": "a", "type": "complete"}
            else:
                await socket.send(id="a", type="complete")
        await socket.subscribe("last", "{ __typename }")
        frames = [frame async for frame in _until_complete(socket, "last")]

    assert [frame for frame in frames if frame["type"] == "error"] == []


@pytest.mark.parametrize(
    "query",
    [
        "mutation { ...A } fragment A on Mutation { pauseMailing(input: {id: 1}) { __typename } }",
        "mutation { ... { ... on Mutation { a: pauseMailing(input: {id: 1}) { __typename } } } }",
        "mutation { __typename ...A } fragment A on Mutation { ...B } "
        "fragment B on Mutation { ...A b: pauseMailing(input: {id: 1}) { __typename } }",
        "query Q { __typename } mutation M { pauseMailing(input: {id: 1}) { __typename } }",
        "mutation { pauseMailing(input: {id: 1}) @include(if: false) { __typename } }",
    ],
)
def test_nothing_hides_a_field_from_the_check(query: str) -> None:
    name = "M" if " M " in query else None

    found = beyond(Role.VIEWER, parse(query), name)

    assert found is not None
    assert (found[0].name.value, found[1]) == ("pauseMailing", Role.OPERATOR)


def test_what_the_table_does_not_know_is_for_admins() -> None:
    document = parse("{ somethingNew }")

    assert beyond(Role.OPERATOR, document, None) is not None
    assert beyond(Role.ADMIN, document, None) is None


def test_fragments_that_double_each_other_are_read_once() -> None:
    fragments = "".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }} " for n in range(80))

    assert beyond(Role.VIEWER, parse("{ ...F0 } " + fragments + "fragment F80 on Query { node }"), None) is None


async def test_a_refused_mutation_changes_nothing_and_says_what_is_needed(signed: Api, issuer: Issuer) -> None:
    # When a viewer mixes what is allowed with what is not
    create = 'createClient(input: {phone: "79161234567", timezone: "UTC"}) { __typename }'
    async with connected(signed, {"authorization": f"Bearer {issuer.token(roles=['viewer'])}"}) as socket:
        await socket.receive()
        await socket.subscribe("a", f"mutation {{ __typename {create} }}")
        frame = await socket.receive()

    # Then the operation is refused as a whole
    extensions = {"code": "FORBIDDEN", "neededRole": "OPERATOR"}
    assert [error["extensions"] for error in frame["payload"]] == [extensions]
    assert frame["payload"][0]["message"] == "createClient needs the role OPERATOR, and yours is VIEWER"
    assert (frame["id"], frame["type"]) == ("a", "error")
    assert await code(signed, issuer.bearer(), "{ clients { totalCount } }") is None


async def _refusal(api: Api, headers: dict[str, str], query: str) -> str | None:
    found = await code(api, headers, query)
    return found if found in {"UNAUTHENTICATED", "FORBIDDEN"} else None


async def _until_complete(socket: Socket, id: str) -> AsyncIterator[Json]:
    while (frame := await socket.receive()) != {"id": id, "type": "complete"}:
        yield frame


def _least(kind: OperationType, query: str) -> str:
    """The role that an operation of one root field needs."""
    (field,) = {field.name.value for field in _root_fields_of(query)}
    return "ADMIN" if field in FOR_ADMINS else LEAST[kind]


def _root_fields_of(query: str) -> Iterator[FieldNode]:
    (operation,) = parse(query).definitions
    assert isinstance(operation, OperationDefinitionNode)
    for selection in operation.selection_set.selections:
        assert isinstance(selection, FieldNode)
        yield selection


def _below(field: GraphQLField) -> set[GraphQLObjectType]:
    """Every object that a field leads to, itself or through others."""
    found: set[GraphQLObjectType] = set()
    waiting = _objects(field)
    while waiting:
        type_ = waiting.pop()
        if type_ not in found:
            found.add(type_)
            waiting += [below for inner in type_.fields.values() for below in _objects(inner)]
    return found


def _flat(ways_by_field: dict[str, list[Way]]) -> Iterator[Way]:
    for known in ways_by_field.values():
        yield from known


def _ways_from(kind: OperationType, root: GraphQLObjectType) -> Iterator[tuple[str, str]]:
    """Breadth first: each type is entered once, by a shortest way, `{}` standing where its fields are asked for."""
    waiting = deque([(root, kind.value + " { {} }")])
    entered = {root.name}
    while waiting:
        type_, way = waiting.popleft()
        for name, field in type_.fields.items():
            asked = _asked(name, field)
            yield f"{type_.name}.{name}", way.replace("{}", asked)
            for below in _objects(field):
                if below.name not in entered:
                    entered.add(below.name)
                    inner = f"{name}{_arguments(field)} {{ ... on {below.name} {{ {{}} }} }}"
                    waiting.append((below, way.replace("{}", inner)))


def _asked(name: str, field: GraphQLField) -> str:
    below = "" if is_leaf_type(get_named_type(field.type)) else " { __typename }"
    return f"{name}{_arguments(field)}{below}"


def _arguments(field: GraphQLField) -> str:
    given = [f"{name}: {_VALUES[str(arg.type)]}" for name, arg in field.args.items() if is_required_argument(arg)]
    return f"({', '.join(given)})" if given else ""


_ID = '"mailing_999"'
_BY_ID = ("Client", "Mailing")
_VALUES = {"ID!": _ID} | {
    f"{verb}{noun}Input!": f"{{id: {_ID}}}"
    for verb in ("Update", "Delete", "Pause", "Resume", "Cancel")
    for noun in _BY_ID
} | {
    "CreateClientInput!": '{phone: "1", timezone: "UTC"}',
    "ImportClientsInput!": '{csv: ""}',
    "CreateApiTokenInput!": '{name: "", role: VIEWER}',
    "RevokeApiTokenInput!": f"{{id: {_ID}}}",
    "CreateMailingInput!": '{text: "", startsAt: "2030-01-31T09:00:00Z", endsAt: "2030-01-31T09:00:00Z"}',
}  # fmt: skip
"""Arguments that change nothing."""


def _objects(field: GraphQLField) -> list[GraphQLObjectType]:
    type_ = get_named_type(field.type)
    if not is_composite_type(type_):
        return []
    if isinstance(type_, GraphQLUnionType | GraphQLInterfaceType):
        return list(SCHEMA.get_possible_types(type_))
    assert isinstance(type_, GraphQLObjectType)
    return [type_]
