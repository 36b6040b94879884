"""The API with sign-in by tokens."""

from tests.gql_api.auth.conftest import _signed, issuer, signed

__all__ = ["_signed", "issuer", "signed"]
