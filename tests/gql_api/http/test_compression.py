"""Large answers come by gzip to those who read it."""

import gzip
import json

import aiohttp
import pytest
from graphql import get_introspection_query

from gql_api.http.compression import SMALLEST_BYTES
from tests.gql_api.api import Api

LARGE = {"query": get_introspection_query()}


async def ask(api: Api, body: dict[str, str], accepted: str) -> tuple[bytes, str | None, str]:
    headers = {"Accept-Encoding": accepted, "Accept": "application/json"}
    async with (
        aiohttp.ClientSession(auto_decompress=False) as http,
        http.post(f"http://{api.address}/graphql", json=body, headers=headers) as response,
    ):
        assert response.status == 200
        return await response.read(), response.headers.get("Content-Encoding"), response.headers["Vary"]


async def test_the_schema_comes_in_a_fifth_of_its_size(api: Api) -> None:
    plain, encoding, vary = await ask(api, LARGE, "identity")
    assert (encoding, vary) == (None, "Accept, Accept-Encoding")
    assert len(plain) > SMALLEST_BYTES

    small, encoding, vary = await ask(api, LARGE, "br, gzip;q=0.5")
    assert (encoding, vary) == ("gzip", "Accept, Accept-Encoding")
    assert len(small) < len(plain) / 5
    assert json.loads(gzip.decompress(small)) == json.loads(plain)


@pytest.mark.parametrize("accepted", ["identity", "br", "gzip;q=0", "gzip; q=0.0", ""])
async def test_it_comes_as_it_is_to_those_who_do_not_read_gzip(api: Api, accepted: str) -> None:
    assert (await ask(api, LARGE, accepted))[1] is None


async def test_a_small_answer_stays_as_it_is(api: Api) -> None:
    assert await ask(api, {"query": "{ __typename }"}, "gzip") == (b'{"data":{"__typename":"Query"}}', None, "Accept")
