"""`viewer`, for those who have not signed in with a browser; the others are in tests/gql_api/sign_in."""

from tests.gql_api.api import Api
from tests.gql_api.auth.asking import ask
from tests.gql_api.auth.issuer import Issuer

WHO = "{ viewer { name role session { expiresAt } signInUrl } }"


async def test_without_sign_in_everyone_is_an_admin(api: Api) -> None:
    assert await api.ask(WHO) == {
        "viewer": {"name": "Everyone", "role": "ADMIN", "session": None, "signInUrl": None},
    }


async def test_a_program_is_who_its_token_says(signed: Api, issuer: Issuer) -> None:
    assert await ask(signed, issuer.bearer(name="Importer", roles=["operator"]), WHO) == (
        200,
        {"data": {"viewer": {"name": "Importer", "role": "OPERATOR", "session": None, "signInUrl": None}}},
    )
