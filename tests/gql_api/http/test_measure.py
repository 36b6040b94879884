"""How large operations are, and how long it takes to find out."""

import time

import pytest
from graphql import GraphQLSchema, get_introspection_query, is_list_type, is_object_type, parse
from graphql.type import get_named_type, get_nullable_type
from strawberry.schema.schema_converter import GraphQLCoreConverter

from gql_api.http.lists import PageOf, largest_page
from gql_api.http.measure import Size, operation_sizes
from gql_api.pagination import RECKONED
from gql_api.schema import schema

SCHEMA: GraphQLSchema = schema._schema


def _size(query: str, pages: PageOf = largest_page) -> Size:
    (size,) = operation_sizes(SCHEMA, parse(query), pages).values()
    return size


@pytest.mark.parametrize(
    ("query", "depth", "aliases"),
    [
        ("{ __typename }", 1, 0),
        ("{ mailing(id: 1) { id } }", 2, 0),
        ("{ mailing(id: 1) { filter { tags } } message(id: 1) { id } }", 3, 0),
        ("{ ... { ... on Query { ... { __typename } } } }", 1, 0),
        ("{ ...a } fragment a on Query { mailing(id: 1) { ...b } } fragment b on Mailing { filter { tags } }", 3, 0),
        ("{ a: __typename b: mailing(id: 1) { c: id } }", 2, 3),
        ("{ mailing(id: 1) { ...a ...a } } fragment a on Mailing { x: id y: text }", 2, 4),
        ("subscription { activeMailingsProgress { mailing { id } } }", 3, 0),
        ("{ nothing { of { this { exists } } } }", 4, 0),
        ("{ ...nowhere mailing(id: 1) { ... on Nothing { id } } }", 2, 0),
    ],
)
def test_depth_and_aliases_are_counted_through_fragments(query: str, depth: int, aliases: int) -> None:
    size = _size(query)

    assert (size.depth, size.aliases) == (depth, aliases)


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        ("{ __typename }", 1),
        ("{ mailing(id: 1) { id text filter { tags } } }", 5),
        # An object is one value; a page of ten is ten objects with what they hold.
        ("{ clients(first: 10) { nodes { id } } }", 1 + 10 * 2),
        ("{ clients(last: 10) { edges { cursor node { id } } } }", 1 + 10 * 4),
        ("{ clients { nodes { id } } }", 1 + 50 * 2),
        ("{ clients(first: null) { nodes { id } } }", 1 + 50 * 2),
        ("{ clients(first: 2, last: null) { nodes { id } } }", 1 + 2 * 2),
        ("{ clients(first: 2, last: 3) { nodes { id } } }", 1 + 3 * 2),
        ("{ clients(first: 10) { totalCount nodes { id } pageInfo { endCursor } } }", 1 + 1 + 10 * 2 + 2),
        # What the resolver will refuse counts as the largest page.
        ("{ clients(first: 0) { nodes { id } } }", 1 + 100 * 2),
        ("{ clients(first: 10000) { nodes { id } } }", 1 + 100 * 2),
        (f"{{ clients(first: {'9' * 5000}) {{ nodes {{ id }} }} }}", 1 + 100 * 2),
        ('{ clients(first: "2") { nodes { id } } }', 1 + 100 * 2),
        # Along a path the pages multiply.
        ("{ mailings(first: 10) { nodes { messages(first: 20) { nodes { id } } } } }", 1 + 10 * (1 + 1 + 20 * 2)),
        # A fragment has the page of where it is spread.
        (
            "{ a: clients(first: 2) { ...p } b: clients(first: 3) { ...p } }"
            "fragment p on ClientConnection { nodes { id } }",
            2 + (2 + 3) * 2,
        ),
        # Other lists count with the most that they can hold, or are asked for.
        ("{ mailing(id: 1) { statistics { byTag { value byStatus { status } } } } }", 1 + 1 + 1_000 * (1 + 1 + 7 * 2)),
        ("{ mailing(id: 1) { statistics { byTag(first: 10) { value } } } }", 1 + 1 + 10 * 2),
        ("{ mailing(id: 1) { statistics { byTag(first: 5000) { value } } } }", 1 + 1 + 1_000 * 2),
    ],
)
def test_the_cost_is_how_many_values_the_answer_can_hold(query: str, cost: int) -> None:
    assert _size(query).cost == cost


def test_pages_may_come_from_variables() -> None:
    query = "query ($n: Int, $m: Int) { mailings(first: $n) { nodes { messages(last: $m) { nodes { id } } } } }"

    assert _size(query, {"n": 3, "m": 4}.get).cost == 1 + 3 * (1 + 1 + 4 * 2)
    assert _size(query, {"n": None, "m": 4}.get).cost == 1 + 50 * (1 + 1 + 4 * 2)
    groups = "query ($n: Int) { mailing(id: 1) { statistics { failures(first: $n) { reason } } } }"
    assert _size(groups).cost == 1 + 1 + 1_000 * 2
    assert _size(groups, {"n": 3}.get).cost == 1 + 1 + 3 * 2


def test_each_operation_of_a_document_is_measured_alone() -> None:
    document = parse("query A { __typename } query B { mailing(id: 1) { x: id } }")

    sizes = operation_sizes(SCHEMA, document, largest_page)

    assert sizes == {"A": Size(depth=1, cost=1), "B": Size(depth=2, aliases=1, cost=2)}


def test_fragments_that_double_are_measured_in_linear_time() -> None:
    # Given 80 levels, each of which spreads the next one twice
    levels = 80
    step = "fragment f{} on Mailing {{ a: messages {{ nodes {{ mailing {{ ...f{} }} }} }} ...f{} }}"
    query = "{ mailing(id: 1) { ...f0 } }" + " ".join(step.format(i, i + 1, i + 1) for i in range(levels))
    document = parse(query + f" fragment f{levels} on Mailing {{ id }}")

    # When
    took = []
    for _ in range(5):
        begun = time.thread_time()
        (size,) = operation_sizes(SCHEMA, document, largest_page).values()
        took.append(time.thread_time() - begun)

    # Then it is as large as it looks, and that was found out at once
    assert size.depth == 2 + 3 * levels
    assert size.aliases == 2**levels - 1
    assert size.cost > 50**levels
    assert min(took) < 0.1


def test_fragments_in_a_circle_do_no_harm() -> None:
    document = parse("{ mailing(id: 1) { ...a } } fragment a on Mailing { ...b } fragment b on Mailing { id ...a }")

    assert operation_sizes(SCHEMA, document, largest_page) == {}


def test_a_long_chain_of_fragments_does_no_harm() -> None:
    chain = "".join(
        f"fragment f{i} on Mailing {{ messages {{ ...g{i} }} }}"
        f"fragment g{i} on MessageConnection {{ nodes {{ mailing {{ ...f{i + 1} }} }} }}"
        for i in range(2_000)
    )
    document = parse("{ mailing(id: 1) { ...f0 } } fragment f2000 on Mailing { id }" + chain)

    (size,) = operation_sizes(SCHEMA, document, largest_page).values()

    assert size.depth == 2 + 3 * 2_000


def test_tools_may_ask_for_the_whole_schema() -> None:
    size = _size(get_introspection_query())

    assert (size.depth, size.aliases) == (15, 0)
    assert size.cost < 10_000


def test_every_list_of_the_schema_is_a_connection_or_says_how_many_it_is_taken_to_hold() -> None:
    silent = [
        f"{type_.name}.{name}"
        for type_ in SCHEMA.type_map.values()
        if is_object_type(type_) and not type_.name.startswith("__") and "pageInfo" not in type_.fields
        for name, field in type_.fields.items()
        if is_list_type(get_nullable_type(field.type)) and is_object_type(get_named_type(field.type))
        if RECKONED not in field.extensions[GraphQLCoreConverter.DEFINITION_BACKREF].metadata
    ]

    assert silent == []
