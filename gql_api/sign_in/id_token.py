"""What an OpenID provider says of who has signed in, once that has been found to hold."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from authlib.oidc.core import CodeIDToken
from joserfc.errors import JoseError

from gql_api.auth.identity import check_subject
from gql_api.auth.issuer_keys import IssuerKeys
from gql_api.auth.refusals import SignInUnavailableError, UnauthenticatedError
from gql_api.auth.signature import Signatures
from gql_api.sign_in.failures import ProviderUnavailableError, UntrustedAnswerError

MOST_CHARACTERS: Final = 65_536


class IdTokens:
    """Checks them as OpenID Connect Core 1.0 wants it (3.1.3.7), but trusts in nothing that the provider says of its
    own algorithms: they have to be among ours, and each is for key pairs."""

    def __init__(
        self, keys: IssuerKeys, *, issuer: str, client_id: str, algorithms: Sequence[str], leeway_seconds: int
    ) -> None:
        """`leeway_seconds`: how far the provider's clock may be wrong."""
        self._signatures = Signatures(keys, algorithms)
        self._issuer = issuer
        self._client_id = client_id
        self._leeway_seconds = leeway_seconds

    async def claims(self, token: object, *, nonce: str, access_token: object) -> Mapping[str, Any]:
        """The claims of one that answers the question with this nonce.

        Raises UntrustedAnswerError, and ProviderUnavailableError if the provider does not give its keys.
        """
        if not isinstance(token, str) or not token.isascii() or len(token) > MOST_CHARACTERS:
            raise UntrustedAnswerError("there is no ID token")
        try:
            return await self._checked(token, {"nonce": nonce, "access_token": access_token})
        except SignInUnavailableError as e:
            raise ProviderUnavailableError(e.message) from e
        except (JoseError, UnauthenticatedError, ValueError, TypeError) as e:
            raise UntrustedAnswerError(f"ID token: {type(e).__name__}: {e}"[:300]) from e

    async def _checked(self, token: str, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
        found = await self._signatures.opened(token)
        # Authlib by itself lets a foreign audience pass that comes with our name in `azp`.
        options = {
            "iss": {"essential": True, "value": self._issuer},
            "aud": {"essential": True, "value": self._client_id},
            "exp": {"essential": True},
            "sub": {"essential": True},
        }
        params = {**wanted, "client_id": self._client_id}
        CodeIDToken(found.claims, found.header, options, params).validate(leeway=self._leeway_seconds)
        check_subject(found.claims["sub"])
        return found.claims
