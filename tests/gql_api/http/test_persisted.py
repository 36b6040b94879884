"""Operations that come by their hash."""

import json
from hashlib import sha256
from typing import Any

import pytest
from graphql import GraphQLError

from gql_api.http.persisted import MOST_PERSISTED, PersistedOperations
from tests.gql_api.api import Api, Json

NOT_FOUND = {"message": "PersistedQueryNotFound", "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"}}


def _named(query: str) -> Json:
    return {"persistedQuery": {"version": 1, "sha256Hash": sha256(query.encode()).hexdigest()}}


async def _asked(api: Api, **body: Any) -> Json:
    async with api.http.post(f"http://{api.address}/graphql", json=body) as response:
        answer: Json = await response.json()
        return answer


async def test_a_document_that_was_sent_once_may_be_asked_for_by_its_hash(api: Api) -> None:
    # Given
    query = "query Persisted { clients { totalCount } }"
    data = {"data": {"clients": {"totalCount": 0}}}

    # When
    unknown = await _asked(api, extensions=_named(query))
    sent = await _asked(api, query=query, extensions=_named(query))
    named = await _asked(api, extensions=_named(query))
    parameters = {"extensions": json.dumps(_named(query))}
    accept = {"Accept": "application/json"}
    async with api.http.get(f"http://{api.address}/graphql", params=parameters, headers=accept) as response:
        fetched = await response.json()

    # Then
    assert unknown["errors"] == [NOT_FOUND]
    assert sent == named == fetched == data


async def test_the_name_of_an_operation_does_not_hide_that_its_document_is_unknown(api: Api) -> None:
    answer = await _asked(api, operationName="Q", extensions=_named("query Q { __typename }"))

    assert answer["errors"] == [NOT_FOUND]


async def test_a_mutation_stays_forbidden_by_get_whatever_names_it(api: Api) -> None:
    query = 'mutation { deleteClient(input: {id: "client_1"}) { __typename } }'
    await _asked(api, query=query, extensions=_named(query))

    parameters = {"extensions": json.dumps(_named(query))}
    accept = {"Accept": "application/json"}
    async with api.http.get(f"http://{api.address}/graphql", params=parameters, headers=accept) as response:
        (error,) = (await response.json())["errors"]
        assert (response.status, error["extensions"]["code"]) == (405, "METHOD_NOT_ALLOWED")


async def test_a_document_of_several_operations_needs_the_name_of_one_however_it_is_named(api: Api) -> None:
    query = "query A { __typename } query B { clients { totalCount } }"
    sent = await _asked(api, query=query, operationName="A", extensions=_named(query))
    assert sent == {"data": {"__typename": "Query"}}

    errors = (await _asked(api, extensions=_named(query)))["errors"]

    assert [error["extensions"]["code"] for error in errors] == ["GRAPHQL_VALIDATION_FAILED"]


@pytest.mark.parametrize("accept", ["text/event-stream", "multipart/mixed;subscriptionSpec=1.0, application/json"])
async def test_a_subscription_may_come_by_its_hash_too(api: Api, accept: str) -> None:
    # Given
    query = f"subscription {{ providerHealth {{ breaker }} }} # {accept}"
    url, headers = f"http://{api.address}/graphql", {"Accept": accept}

    # When
    async with api.http.post(url, json={"extensions": _named(query)}, headers=headers) as response:
        unknown = await response.text()
    streams = []
    for body in ({"query": query, "extensions": _named(query)}, {"extensions": _named(query)}):
        async with api.http.post(url, json=body, headers=headers) as response:
            while b"CLOSED" not in (line := await response.content.readline()):
                assert line
            streams.append((response.status, response.content_type))

    # Then
    assert json.dumps([NOT_FOUND], separators=(",", ":")) in unknown
    assert streams == [(200, accept.partition(";")[0])] * 2


async def test_what_cannot_be_executed_is_not_kept(api: Api) -> None:
    query = "{ nothingOfTheKind }"
    await _asked(api, query=query, extensions=_named(query))

    assert (await _asked(api, extensions=_named(query)))["errors"] == [NOT_FOUND]


@pytest.mark.parametrize(
    "extension",
    [None, 1, "x", [], {}, {"version": 1}, {"version": 1, "sha256Hash": 5}, {"version": 1, "sha256Hash": "A" * 64},
     {"version": 2, "sha256Hash": "a" * 64}],
)  # fmt: skip
async def test_an_extension_of_another_shape_is_told(api: Api, extension: object) -> None:
    answer = await _asked(api, query="{ __typename }", extensions={"persistedQuery": extension})

    assert answer["errors"] == [
        {
            "message": "extensions.persistedQuery: must be an object with version 1 and sha256Hash, 64 digits from 0 "
            "to f",
            "extensions": {"code": "BAD_REQUEST"},
        }
    ]


async def test_a_hash_must_be_that_of_its_document(api: Api) -> None:
    query, another = "{ __typename }", "{ clients { totalCount } }"

    answer = await _asked(api, query=query, extensions=_named(another))

    assert answer["errors"] == [
        {
            "message": "extensions.persistedQuery: sha256Hash must be that of `query`",
            "extensions": {"code": "BAD_REQUEST"},
        }
    ]
    assert (await _asked(api, extensions=_named(another)))["errors"] == [NOT_FOUND]


def test_those_that_were_used_last_are_kept() -> None:
    # Given as many as are kept, of which the first is used again
    kept = PersistedOperations()
    texts = [f"{{ a{number} }}" for number in range(MOST_PERSISTED)]
    for text in texts:
        kept.keep(text, _named(text))
    assert kept.text(None, _named(texts[0])) == texts[0]

    # When one more comes
    kept.keep("{ more }", _named("{ more }"))

    # Then only the second has gone
    assert kept.text("", _named(texts[0])) == texts[0]
    assert kept.text(None, _named("{ more }")) == "{ more }"
    with pytest.raises(GraphQLError, match="PersistedQueryNotFound"):
        kept.text(None, _named(texts[1]))
