"""The API behind a real socket, as the tests of the API have it."""

from tests.gql_api.conftest import _api, _post, api, post

__all__ = ["_api", "_post", "api", "post"]
