"""Whether a JWT was signed by the issuer, whatever it is for."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import InvalidHeaderValueError

from gql_api.auth.issuer_keys import IssuerKeys


class Signatures:
    """Nothing that stands in a token's header says where its key is or how it is checked: only the key's name is read,
    and the algorithm has to be one of ours."""

    def __init__(self, keys: IssuerKeys, algorithms: Sequence[str]) -> None:
        """`algorithms`: for key pairs only; with one for shared secrets a public key could be taken for a secret
        (RFC 8725, 2.1)."""
        self._keys = keys
        # Members of the header that are not known are ignored, if they are not in `crit` (RFC 7515, 4).
        self._registry = jws.JWSRegistry(algorithms=list(algorithms), strict_check_header=False)

    async def opened(self, token: str, check_header: Callable[[Mapping[str, Any]], None] | None = None) -> jwt.Token:
        """What the issuer has signed. What it says there is not looked at.

        Raises JoseError, and what IssuerKeys raises. Before the issuer is asked for a key the header is checked, since
        anybody can write one; `check_header` may raise JoseError, too.
        """
        header = jws.extract_compact(token.encode(), registry=self._registry).headers()
        _check_extensions(header)
        self._registry.check_header(header)
        self._registry.get_alg(header["alg"])
        if check_header is not None:
            check_header(header)
        key = await self._keys.find(header.get("kid"))
        key.check_use("sig")
        key.check_alg(header["alg"])
        return jwt.decode(token, key, registry=self._registry)


def _check_extensions(header: Mapping[str, Any]) -> None:
    """None is known here, and none may be passed over (RFC 7515, 4.1.11)."""
    if "crit" in header:
        raise InvalidHeaderValueError("'crit' wants an extension to be understood")
