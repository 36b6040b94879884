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
from gql_api.auth.issuer_keys import IssuerKeys
from gql_api.auth.refusals import ForbiddenError, UnauthenticatedError
from gql_api.auth.role_claim import RoleClaim
from gql_api.auth.signature import Signatures
from gql_api.auth.viewer import Viewer

MOST_CHARACTERS: Final = 8_192

_ACCESS_TOKENS = ("jwt", "at+jwt")


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
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`algorithms`: as for Signatures. `leeway_seconds`: how far the issuer's clock may be wrong."""
        self._signatures = Signatures(keys, algorithms)
        self._leeway_seconds = leeway_seconds
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
        return claims

    def _pass(self, claims: Mapping[str, Any]) -> Pass:
        role = self._role_claim.highest(claims)
        if role is None:
            raise ForbiddenError("The token holds, but gives no role here")
        name = next((claims[one] for one in ("name", "preferred_username") if _is_text(claims.get(one))), claims["sub"])
        # A number may be too large for a clock: no token is good for longer than thousands of years.
        return Pass(Viewer(claims["sub"], name, role), min(claims["exp"], 1e12) + self._leeway_seconds)


def _check_type(header: Mapping[str, Any]) -> None:
    """An issuer signs other things, too, with the same keys: notices of log-outs, for example (RFC 8725, 3.11)."""
    kind = str(header.get("typ", "JWT")).lower().removeprefix("application/")
    if kind not in _ACCESS_TOKENS:
        raise InvalidHeaderValueError(f"'typ' is {kind[:40]!r}")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


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
