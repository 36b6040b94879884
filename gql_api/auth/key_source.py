"""Where an issuer's public keys come from."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

from mailing.sign_in_checks import is_safe_url

FETCH_SECONDS: Final = 5.0
MOST_BYTES: Final = 262_144

_PUBLIC_KINDS = ("RSA", "EC", "OKP")


class KeysUnavailableError(Exception):
    """Raised when the issuer does not give its keys, or its configuration; says what it did instead."""


@dataclass(frozen=True, slots=True)
class KeySource:
    """Asks for the keys over HTTP, without following redirects: to whom we turn stands in the settings."""

    issuer: str
    jwks_url: str | None = None
    """Without it the issuer is asked where the keys are (OpenID Connect Discovery 1.0, 4)."""

    async def fetch(self) -> list[Key]:
        """All keys that signatures can be checked with. Raises KeysUnavailableError, also where there is none."""
        async with _asking() as http:
            keys = _keys(await _json(http, self.jwks_url or await self._discovered(http)))
        if not keys:
            raise KeysUnavailableError("there is no key for signatures among its keys")
        return keys

    async def _discovered(self, http: aiohttp.ClientSession) -> str:
        url = (await _configuration(http, self.issuer)).get("jwks_uri")
        if not isinstance(url, str) or not is_safe_url(url):
            raise KeysUnavailableError(f"its configuration names no safe jwks_uri: {url!r:.200}")
        return url


async def discovered(issuer: str) -> dict[str, Any]:
    """What the issuer says of itself. Raises KeysUnavailableError, also for what another one says."""
    async with _asking() as http:
        return await _configuration(http, issuer)


@asynccontextmanager
async def _asking() -> AsyncIterator[aiohttp.ClientSession]:
    """Raises KeysUnavailableError for whatever goes wrong on the way, and after `FETCH_SECONDS`."""
    try:
        async with asyncio.timeout(FETCH_SECONDS), aiohttp.ClientSession() as http:
            yield http
    except TimeoutError as e:
        raise KeysUnavailableError(f"no answer within {FETCH_SECONDS:g} s") from e
    except (aiohttp.ClientError, OSError, ValueError) as e:
        # ValueError: of a host's name that cannot be encoded.
        raise KeysUnavailableError(f"{type(e).__name__}: {e}") from e


async def _configuration(http: aiohttp.ClientSession, issuer: str) -> dict[str, Any]:
    found = await _json(http, issuer.removesuffix("/") + "/.well-known/openid-configuration")
    # Otherwise somebody else's keys would be taken for this issuer's (Discovery 1.0, 4.3).
    if found.get("issuer") != issuer:
        raise KeysUnavailableError(f"its configuration is that of another issuer: {found.get('issuer')!r:.200}")
    return found


async def _json(http: aiohttp.ClientSession, url: str) -> dict[str, Any]:
    async with http.get(url, allow_redirects=False, headers={"Accept": "application/json"}) as response:
        if response.status != 200:
            raise KeysUnavailableError(f"HTTP {response.status} from {url}")
        body = await response.content.read(MOST_BYTES + 1)
        while len(body) <= MOST_BYTES and (more := await response.content.read(MOST_BYTES)):
            body += more
    if len(body) > MOST_BYTES:
        raise KeysUnavailableError(f"more than {MOST_BYTES:,} bytes from {url}")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as e:
        raise KeysUnavailableError(f"no JSON from {url}") from e
    if not isinstance(found, dict):
        raise KeysUnavailableError(f"no JSON object from {url}")
    return found


def _keys(key_set: Mapping[str, Any]) -> list[Key]:
    listed = key_set.get("keys")
    return [key for one in listed if (key := _key(one))] if isinstance(listed, list) else []


def _key(listed: object) -> Key | None:
    """None for what signatures are not checked with, or is not understood: that does not spoil the others
    (RFC 7517, 5). Nor for a secret one, with which everybody who reads it could sign."""
    if not isinstance(listed, dict) or listed.get("kty") not in _PUBLIC_KINDS or listed.get("use", "sig") != "sig":
        return None
    try:
        return JWKRegistry.import_key(listed)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
