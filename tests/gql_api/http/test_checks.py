"""What is checked before anything is executed, and how often."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from graphql import DocumentNode, GraphQLError, GraphQLSchema, validate

from gql_api.http.checks import Checks
from gql_api.http.documents import document
from gql_api.http.limits import Limits
from gql_api.schema import schema

LIMITS = Limits(depth=5, aliases=3, cost=1_000)
PAGE = "query ($n: Int = 2) { clients(first: $n) { nodes { id phone tag timezone } } }"


def _errors(
    query: str,
    limits: Limits = LIMITS,
    operation: str | None = None,
    variables: Mapping[str, object] | None = None,
) -> list[GraphQLError]:
    return Checks(schema._schema, limits).errors(document(query), operation, variables)


def _shown(errors: list[GraphQLError]) -> list[tuple[str, Any]]:
    return [(error.message, error.extensions) for error in errors]


def test_what_keeps_the_limits_passes() -> None:
    assert _errors("{ mailing(id: 1) { messages { nodes { mailing { id } } } } }") == []


@pytest.mark.parametrize(
    ("query", "message", "extensions"),
    [
        (
            "{ mailing(id: 1) { messages { nodes { mailing { filter { tags } } } } } }",
            "The operation nests fields 6 levels deep; at most 5 are allowed",
            {"code": "TOO_DEEP", "limit": 5, "value": 6},
        ),
        (
            "{ a: __typename b: __typename c: __typename d: __typename }",
            "The operation has 4 aliases; at most 3 are allowed",
            {"code": "TOO_MANY_ALIASES", "limit": 3, "value": 4},
        ),
        (
            "{ mailings(first: 100) { nodes { messages(first: 50) { nodes { id } } } } }",
            "The operation asks for up to 10,201 values, each list counted with all of its page; at most 1,000 are "
            "allowed: ask for smaller pages or fewer fields",
            {"code": "TOO_COSTLY", "limit": 1_000, "value": 10_201},
        ),
        (
            "{ " + "__typename " * 2_000 + "}",
            "The document has 2,001 tokens or more; at most 2,000 are allowed",
            {"code": "TOO_MANY_TOKENS", "limit": 2_000, "value": 2_001},
        ),
        (
            "{ __typename }" + " " * 262_144,
            "The document is 262,158 characters long; at most 262,144 are allowed",
            {"code": "DOCUMENT_TOO_LONG", "limit": 262_144, "value": 262_158},
        ),
    ],
)
def test_a_refusal_says_the_limit_and_the_value(query: str, message: str, extensions: dict[str, object]) -> None:
    assert _shown(_errors(query)) == [(message, extensions)]


def test_every_limit_that_is_exceeded_is_told() -> None:
    query = "{ a: mailing(id: 1) { b: messages { c: nodes { d: mailing { e: filter { f: tags } } } } } }"

    assert [error.extensions for error in _errors(query)] == [
        {"code": "TOO_DEEP", "limit": 5, "value": 6},
        {"code": "TOO_MANY_ALIASES", "limit": 3, "value": 6},
    ]


def test_a_value_beyond_all_measure_is_told_as_that() -> None:
    doubling = " ".join(f"fragment f{i} on Query {{ ...f{i + 1} ...f{i + 1} }}" for i in range(150))

    (error,) = _errors(f"{{ ...f0 }} {doubling} fragment f150 on Query {{ x: __typename }}")

    assert error.message == "The operation has more than 2,147,483,647 aliases; at most 3 are allowed"
    assert error.extensions == {"code": "TOO_MANY_ALIASES", "limit": 3, "value": 2_147_483_647}


@pytest.mark.parametrize("variables", [{}, {"n": 10}, {"n": 100}, {"n": None}, {"n": "x"}])
def test_a_document_that_costs_little_passes_whatever_its_variables(variables: dict[str, object]) -> None:
    assert _errors(PAGE, variables=variables) == []


@pytest.mark.parametrize(
    ("variables", "cost"),
    [
        ({}, None),
        ({"n": 10}, None),
        ({"n": 19}, None),
        ({"n": 20}, 1 + 20 * 5),
        ({"n": 100}, 1 + 100 * 5),
        ({"n": None}, 1 + 50 * 5),
        ({"n": "2"}, 1 + 100 * 5),
        ({"n": -1}, 1 + 100 * 5),
        ({"other": 100}, None),
    ],
)
def test_the_cost_is_that_of_the_pages_that_the_variables_ask_for(
    variables: dict[str, object], cost: int | None
) -> None:
    errors = _errors(PAGE, replace(LIMITS, cost=100), variables=variables)

    assert [error.extensions for error in errors] == (
        [{"code": "TOO_COSTLY", "limit": 100, "value": cost}] if cost else []
    )


def test_only_the_operation_that_is_asked_for_has_to_be_cheap() -> None:
    query = "query A { __typename } query B { clients(first: 100) { nodes { id } } }"
    limits = replace(LIMITS, cost=100)

    assert _errors(query, limits, "A") == []
    assert [error.extensions for error in _errors(query, limits, "B")] == [
        {"code": "TOO_COSTLY", "limit": 100, "value": 201}
    ]


def test_a_document_is_validated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given
    validated = []

    def count(schema: GraphQLSchema, document: DocumentNode, *args: Any, **kwargs: Any) -> list[GraphQLError]:
        validated.append(document)
        return validate(schema, document, *args, **kwargs)

    monkeypatch.setattr("gql_api.http.checks.validate", count)
    guard = Checks(schema._schema, LIMITS)

    # When the same texts come again and again
    good = [guard.errors(document("{ clients { nodes { id } } }"), None, {}) for _ in range(3)]
    bad = [guard.errors(document("{ nothing }"), None, {}) for _ in range(3)]

    # Then
    assert good == [[], [], []]
    assert [[error.message for error in errors] for errors in bad] == [
        ["Cannot query field 'nothing' on type 'Query'."]
    ] * 3
    assert len(validated) == 2


def test_the_schema_is_told_only_where_that_is_allowed() -> None:
    query = "{ __schema { queryType { name } } }"

    assert _errors(query, replace(LIMITS, introspection=True)) == []
    assert [error.message for error in _errors(query)] == [
        "GraphQL introspection has been disabled, but the requested query contained the field '__schema'.",
        "GraphQL introspection has been disabled, but the requested query contained the field 'queryType'.",
    ]


def test_names_of_the_schema_are_suggested_only_where_that_is_allowed() -> None:
    wrong = [
        "{ mailin(id: 1) { id } }",
        "{ mailing(i: 1) { id } }",
        "{ mailings(statuses: [RUNING]) { totalCount } }",
        "{ mailing(id: 1) { ... on Mailin { id } } }",
        'mutation { cancelMailing(input: {di: "x"}) { __typename } }',
    ]

    def suggested(limits: Limits) -> list[bool]:
        return [any("Did you mean" in error.message for error in _errors(query, limits)) for query in wrong]

    assert suggested(replace(LIMITS, suggestions=True)) == [True] * 5
    assert suggested(LIMITS) == [False] * 5
