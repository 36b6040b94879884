"""`apiTokens`, `createApiToken` and `revokeApiToken`, as an admin uses them."""

import pytest

from mailing.access_tokens.service import COMMAND_LINE, create_token
from mailing.access_tokens.validation import NewToken
from mailing.roles import Role
from tests.conftest import Sql
from tests.gql_api.api import Api
from tests.gql_api.auth.asking import ask
from tests.gql_api.auth.issuer import Issuer

CREATE = """
    mutation ($input: CreateApiTokenInput!) {
        createApiToken(input: $input) {
            __typename
            ... on ApiTokenCreated {
                token
                apiToken { id name start role createdBy { subject name } expiresAt lastUsedAt revokedAt }
            }
            ... on InvalidInput { problems { path message } }
        }
    }
"""
REVOKE = """
    mutation ($id: ID!) {
        revokeApiToken(input: {id: $id}) {
            __typename
            ... on ApiToken { id revokedAt }
            ... on NotFound { id message }
        }
    }
"""
LIST = """
    query ($first: Int, $after: String, $last: Int, $before: String) {
        apiTokens(first: $first, after: $after, last: $last, before: $before) {
            nodes { name } pageInfo { endCursor hasNextPage hasPreviousPage } totalCount
        }
    }
"""


async def make(name: str) -> int:
    issued = await create_token(NewToken(name, Role.VIEWER, None), COMMAND_LINE)
    id: int = issued.row.id
    return id


async def test_a_new_token_is_shown_once_with_who_made_it(signed: Api, issuer: Issuer) -> None:
    asked = {"name": "billing", "role": "OPERATOR", "expiresAt": "2030-01-31T09:00:00+03:00"}
    body = {"query": CREATE, "variables": {"input": asked}}
    async with signed.http.post(f"http://{signed.address}/graphql", json=body, headers=issuer.bearer()) as response:
        created = (await response.json())["data"]["createApiToken"]
        cached = response.headers["Cache-Control"]

    assert cached == "no-store"
    assert created == {
        "__typename": "ApiTokenCreated",
        "token": created["token"],
        "apiToken": {
            "id": "token_1",
            "name": "billing",
            "start": created["token"][:14],
            "role": "OPERATOR",
            "createdBy": {"subject": "ada", "name": "Ada"},
            "expiresAt": "2030-01-31T06:00:00Z",
            "lastUsedAt": None,
            "revokedAt": None,
        },
    }
    _, listed = await ask(signed, issuer.bearer(), "{ apiTokens { nodes { id start } } }")
    assert listed == {"data": {"apiTokens": {"nodes": [{"id": "token_1", "start": created["token"][:14]}]}}}


async def test_everything_that_is_wrong_is_told_and_no_token_is_made(signed: Api, issuer: Issuer, sql: Sql) -> None:
    asked = {"name": " ", "role": "ADMIN", "expiresAt": "2020-01-01T00:00:00Z"}

    _, answer = await ask(signed, issuer.bearer(), CREATE, input=asked)

    message = (
        'must be in the future and within 3,650 days; without it the token never expires; given: "2020-01-01T00:00:00Z"'
    )
    assert answer["data"]["createApiToken"] == {
        "__typename": "InvalidInput",
        "problems": [
            {"path": ["name"], "message": "must not be blank"},
            {"path": ["expiresAt"], "message": message},
        ],
    }
    assert await sql("SELECT FROM access_token") == []


async def test_a_token_with_the_role_admin_makes_others_which_say_so(signed: Api, sql: Sql) -> None:
    first = await create_token(NewToken("deployment", Role.ADMIN, None), COMMAND_LINE)

    headers = {"Authorization": f"Bearer {first.secret}"}
    _, answer = await ask(signed, headers, CREATE, input={"name": "billing", "role": "ADMIN"})

    made = answer["data"]["createApiToken"]["apiToken"]
    assert made["createdBy"] == {"subject": "token_1", "name": "deployment"}


async def test_to_revoke_twice_says_the_same(signed: Api, issuer: Issuer, sql: Sql) -> None:
    await make("billing")

    answers = [await ask(signed, issuer.bearer(), REVOKE, id="token_1") for _ in range(2)]

    (row,) = await sql("SELECT revoked_at FROM access_token")
    at = row["revoked_at"].isoformat().replace("+00:00", "Z")
    revoked = {"__typename": "ApiToken", "id": "token_1", "revokedAt": at}
    assert answers == [(200, {"data": {"revokeApiToken": revoked}})] * 2


@pytest.mark.parametrize("id", ["token_2", "mailing_1", "1", "", "token_99999999999999999999"])
async def test_what_is_no_token_is_not_found(signed: Api, issuer: Issuer, sql: Sql, id: str) -> None:
    await make("billing")

    not_found = {"__typename": "NotFound", "id": id, "message": "There is no such token."}
    assert await ask(signed, issuer.bearer(), REVOKE, id=id) == (200, {"data": {"revokeApiToken": not_found}})


async def test_tokens_are_listed_by_pages_the_revoked_ones_too(signed: Api, issuer: Issuer, sql: Sql) -> None:
    for name in "abcde":
        await make(name)
    await ask(signed, issuer.bearer(), REVOKE, id="token_2")

    async def page(**part: object) -> tuple[str, bool, bool, int, str]:
        _, answer = await ask(signed, issuer.bearer(), LIST, **part)
        found = answer["data"]["apiTokens"]
        info, names = found["pageInfo"], "".join(node["name"] for node in found["nodes"])
        return names, info["hasPreviousPage"], info["hasNextPage"], found["totalCount"], info["endCursor"]

    first = await page(first=2)
    assert first[:4] == ("ab", False, True, 5)
    assert (await page(first=10, after=first[4]))[:4] == ("cde", True, False, 5)
    assert (await page(last=2))[:4] == ("de", True, False, 5)
    assert (await page(last=5, before=first[4]))[:4] == ("a", False, True, 5)
