"""Requests that cannot be read, and those at the edge of it."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO

import pytest

from gql_api.http import asking
from gql_api.http.asking import MOST_REQUEST_BYTES
from tests.gql_api.api import Api, Json
from tests.gql_api.http.naming import short

JSON = {"Content-Type": "application/json"}
ASKED = b'{"query": "{ __typename }"}'


async def test_a_request_as_large_as_allowed_is_served_and_one_byte_more_is_refused(api: Api) -> None:
    for size, status in ((MOST_REQUEST_BYTES, 200), (MOST_REQUEST_BYTES + 1, 413)):
        assert (await _post(api, ASKED.ljust(size)))[0] == status


async def test_a_body_of_unknown_length_is_read_up_to_the_limit(api: Api) -> None:
    # Given a body that tells no length and does not end before it is answered
    answered = asyncio.Event()

    async def chunks() -> AsyncIterator[bytes]:
        yield ASKED
        for _ in range(MOST_REQUEST_BYTES // 65_536 + 1):
            yield b" " * 65_536
        await answered.wait()

    # When it is sent
    async with api.http.post(f"http://{api.address}/graphql", data=chunks(), headers=JSON) as response:
        answer = await response.json()
        answered.set()

    # Then the answer does not wait for its end
    assert response.status == 413
    (error,) = answer["errors"]
    value = error["extensions"]["value"]
    assert error["message"] == f"The request has {value:,} bytes or more; at most 1,048,576 are allowed"
    assert error["extensions"] == {"code": "REQUEST_TOO_LARGE", "limit": 1_048_576, "value": value}
    assert 1_048_576 < value < 2_097_152


async def test_a_body_that_says_it_is_too_large_is_not_read(api: Api) -> None:
    async with api.http.post(f"http://{api.address}/graphql", data=BytesIO(b" " * 2_000_000), headers=JSON) as response:
        (error,) = (await response.json())["errors"]

    assert (response.status, error["message"]) == (
        413,
        "The request has 2,000,000 bytes or more; at most 1,048,576 are allowed",
    )


async def test_a_body_that_does_not_come_is_not_waited_for(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "BODY_SECONDS", 0.1)
    async with _half_a_request(api) as answer, asyncio.timeout(5):
        assert await answer.readline() == b"HTTP/1.1 408 Request Timeout\r\n"


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({"Content-Type": ""}, "The body must have Content-Type: application/json"),
        ({"Content-Type": "text/plain"}, "The body must have Content-Type: application/json"),
        ({"Content-Type": "multipart/form-data; boundary=x"}, "The body must have Content-Type: application/json"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, "The body must have Content-Type: application/json"),
        ({"Content-Type": "application/graphql"}, "The body must have Content-Type: application/json"),
        ({"Content-Type": "application/jsonp"}, "The body must have Content-Type: application/json"),
        ({"Content-Type": "application/json; charset=latin-1"}, "The body must be UTF-8"),
        ({"Content-Type": "application/json", "Content-Encoding": "gzip"}, "The body must not be compressed"),
    ],
)
async def test_a_body_of_another_type_is_refused(api: Api, headers: dict[str, str], message: str) -> None:
    body = gzip.compress(ASKED) if "Content-Encoding" in headers else ASKED

    assert await _post(api, body, headers) == (415, _refusal("UNSUPPORTED_MEDIA_TYPE", message))


@pytest.mark.parametrize(
    "type_", ["application/json", "Application/JSON; Charset=UTF-8", 'application/json;charset="utf8"']
)
async def test_json_in_utf_8_is_read_however_it_is_called(api: Api, type_: str) -> None:
    assert await _post(api, ASKED, {"Content-Type": type_}) == (200, {"data": {"__typename": "Query"}})


_OBJECT = "The body must be one JSON object with `query`; batches are not served"
_JSON = "The body must be JSON in UTF-8"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", _JSON),
        (b"{", _JSON),
        (b"\xff", _JSON),
        (b'{"query": "{ \xe9 }"}', _JSON),
        ('{"query": "{ __typename }"}'.encode("utf-16"), _JSON),
        (b"[" * 100_000, _JSON),
        (b"[" * 100_000 + b"]" * 100_000, _JSON),
        (b"1", _OBJECT),
        (b"null", _OBJECT),
        (b'"x"', _OBJECT),
        (b"[]", _OBJECT),
        (b'[{"query": "{ __typename }"}]', _OBJECT),
        (b"{}", "`query` is missing"),
        (b'{"query": null}', "`query` is missing"),
        (b'{"query": ""}', "`query` is missing"),
        (b'{"query": 1}', "`query` must be a string"),
        (b'{"query": "{a}", "operationName": ["a"]}', "`operationName` must be a string"),
        (b'{"query": "{a}", "variables": 1}', "`variables` must be an object"),
        (b'{"query": "{a}", "variables": "{}"}', "`variables` must be an object"),
        (b'{"query": "{a}", "extensions": []}', "`extensions` must be an object"),
    ],
    ids=short,
)
async def test_a_body_that_is_no_request_is_refused_with_what_is_wrong(api: Api, body: bytes, message: str) -> None:
    assert await _post(api, body) == (400, _refusal("BAD_REQUEST", message))


async def test_a_number_of_ten_thousand_digits_is_refused(api: Api) -> None:
    query = b'{"query": "query ($n: Int) { clients(first: $n) { totalCount } }", "variables": {"n": %s}}' % (
        b"1" * 10_000
    )

    status, answer = await _post(api, query)

    assert status in {200, 400}
    assert [error["extensions"]["code"] for error in answer["errors"]] in (["BAD_REQUEST"], ["BAD_USER_INPUT"])


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])
async def test_other_methods_are_refused(api: Api, method: str) -> None:
    async with api.http.request(method, f"http://{api.address}/graphql", data=ASKED, headers=JSON) as response:
        answer = await response.json()

    assert (response.status, response.headers["Allow"]) == (405, "GET, POST")
    assert answer == _refusal("METHOD_NOT_ALLOWED", "GraphQL is asked by POST or GET")


async def test_by_get_the_parameters_are_those_of_a_body(api: Api) -> None:
    parameters = {
        "query": "query A { __typename } query B($id: ID!) { client(id: $id) { id } }",
        "operationName": "B",
        "variables": json.dumps({"id": "client_1"}),
        "extensions": "",
    }
    assert await _get(api, **parameters) == (200, {"data": {"client": None}})


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, "`query` is missing"),
        ({"query": ""}, "`query` is missing"),
        ({"query": "{a}", "variables": "{"}, "`variables` must be JSON in UTF-8"),
        ({"query": "{a}", "variables": "[]"}, "`variables` must be an object"),
        ({"query": "{a}", "extensions": "1"}, "`extensions` must be an object"),
    ],
)
async def test_a_query_string_that_is_no_request_is_refused(api: Api, parameters: dict[str, str], message: str) -> None:
    assert await _get(api, **parameters) == (400, _refusal("BAD_REQUEST", message))


async def test_who_leaves_in_the_middle_of_a_body_leaves_no_trace(
    api: Api, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    async with _half_a_request(api):
        pass

    assert (await _post(api, ASKED))[0] == 200
    assert caplog.records == []
    assert "Traceback" not in capfd.readouterr().err


@asynccontextmanager
async def _half_a_request(api: Api) -> AsyncIterator[asyncio.StreamReader]:
    """A body of which only the beginning comes before the connection is closed; what is answered meanwhile."""
    host, port = api.address.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST /graphql HTTP/1.1\r\nHost: {api.address}\r\nContent-Type: application/json\r\nContent-Length: 9"
    writer.write(f"{head}\r\n\r\n{{".encode())
    await writer.drain()
    try:
        yield reader
    finally:
        writer.close()
        await writer.wait_closed()


def _refusal(code: str, message: str) -> Json:
    return {"errors": [{"message": message, "extensions": {"code": code}}]}


async def _post(api: Api, body: bytes, headers: dict[str, str] = JSON) -> tuple[int, Json]:
    async with api.http.post(f"http://{api.address}/graphql", data=BytesIO(body), headers=headers) as response:
        return response.status, await response.json()


async def _get(api: Api, **parameters: str) -> tuple[int, Json]:
    async with api.http.get(f"http://{api.address}/graphql", params=parameters) as response:
        return response.status, await response.json()
