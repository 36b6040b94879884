"""Lets in who shows a JWT of the issuer that the settings name, as in RFC 6750, with the care of RFC 8725."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import (
    BadSignatureError,
    ClaimError,
    ExpiredTokenError,
    InvalidHeaderValueError,
    JoseError,
    MissingClaimError,
)

from gql_api.auth.credentials import Credentials, Pass
from gql_api.auth.identity import check_subject, shown_name
from gql_api.auth.issuer_keys import IssuerKeys
from gql_api.auth.refusals import ForbiddenError, UnauthenticatedError
from gql_api.auth.role_claim import RoleClaim
from gql_api.auth.signature import Signatures
from gql_api.auth.viewer import Viewer

MOST_CHARACTERS: Final = 8_192

_ACCESS_TOKENS = ("jwt", "at+jwt")
_OF_ID_TOKENS = ("at_hash", "c_hash")
"""Claims that tie an ID token to what came with it (OpenID Connect Core, 3.1.3.6 and 3.3.2.11)."""


class BearerJwts:
    """Refuses all that is not signed by the issuer for this audience, with one of the algorithms, for a subject, and
    valid now."""

    def __init__(
        self,
        keys: IssuerKeys,
        *,
        issuer: str,
        audience: str,
        algorithms: Sequence[str],
        leeway_seconds: int,
        role_claim: RoleClaim,
        client_id: str | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`algorithms`: as for Signatures. `leeway_seconds`: how far the issuer's clock may be wrong. `client_id`: by
        which name the service lets people sign in there."""
        self._signatures = Signatures(keys, algorithms)
        self._leeway_seconds = leeway_seconds
        self._is_a_client_s_name = audience == client_id
        self._role_claim = role_claim
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(clock()),
            leeway=leeway_seconds,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )

    async def recognise(self, shown: Credentials) -> Pass | None:
        """None for what is no JWT: three parts with dots between them (RFC 7519, 3.1; RFC 7515, 7.1)."""
        token = shown.bearer_token
        if token is None or token.count(".") != 2:
            return None
        try:
            claims = await self._verified(token)
        except JoseError as e:
            raise UnauthenticatedError(_reason(e)) from e
        return self._pass(claims)

    async def _verified(self, token: str) -> dict[str, Any]:
        if not token.isascii() or len(token) > MOST_CHARACTERS:
            raise UnauthenticatedError(f"The token has more than {MOST_CHARACTERS:,} characters, or not only ASCII")
        claims = (await self._signatures.opened(token, _check_type)).claims
        self._claims.validate(claims)
        self._check_is_no_id_token(claims)
        check_subject(claims["sub"])
        return claims

    def _check_is_no_id_token(self, claims: Mapping[str, Any]) -> None:
        """One tells who has signed in, and is shown to browsers and in addresses: it lets nobody in (RFC 8725, 3.11).

        The audience alone tells it apart where the API and the service's own client go by different names; where they
        do not, the nonce does, which the service asks for at each sign-in.
        """
        marks = (*_OF_ID_TOKENS, "nonce") if self._is_a_client_s_name else _OF_ID_TOKENS
        found = next((mark for mark in marks if mark in claims), None)
        if found is not None or claims.get("typ") == "ID":
            raise UnauthenticatedError("The token is an ID token, which says who has signed in; show an access token")

    def _pass(self, claims: Mapping[str, Any]) -> Pass:
        role = self._role_claim.highest(claims)
        if role is None:
            raise ForbiddenError("The token holds, but gives no role here")
        name = shown_name(claims, "name", "preferred_username") or claims["sub"]
        # A number may be too large for a clock: no token is good for longer than thousands of years.
        return Pass(Viewer(claims["sub"], name, role), min(claims["exp"], 1e12) + self._leeway_seconds)


def _check_type(header: Mapping[str, Any]) -> None:
    """An issuer signs other things, too, with the same keys: notices of log-outs, for example (RFC 8725, 3.11)."""
    kind = str(header.get("typ", "JWT")).lower().removeprefix("application/")
    if kind not in _ACCESS_TOKENS:
        raise InvalidHeaderValueError(f"'typ' is {kind[:40]!r}")


def _reason(e: JoseError) -> str:
    """What the caller is told. The rest stands in the log."""
    match e:
        case ExpiredTokenError():
            return "The token has expired"
        case MissingClaimError():
            return "The token lacks a claim of iss, aud, exp and sub"
        case ClaimError():
            return f"The token's claim {e.claim} does not hold here"
        case BadSignatureError():
            return "The token's signature does not hold"
    return "The token does not hold"
