"""What is asked of the OpenID provider, and what its answers say: Authlib speaks, and nothing is believed unchecked."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from authlib.common.urls import add_params_to_uri
from authlib.integrations.starlette_client import OAuthError

from gql_api.auth.identity import shown_name
from gql_api.auth.role_claim import RoleClaim
from gql_api.sign_in.failures import (
    DeclinedError,
    NoRoleError,
    ProviderUnavailableError,
    RefusedByProviderError,
    UntrustedAnswerError,
)
from gql_api.sign_in.id_token import IdTokens
from gql_api.sign_in.pending import Pending
from gql_api.sign_in.provider import Endpoints, Provider
from gql_api.sign_in.registration import ANSWER_SECONDS, Registration
from mailing.sessions.records import Person

_LONGEST_HINT = 4_000
"""Of an ID token that is put into an address: servers refuse much longer ones."""


class OpenIdClient:
    """Speaks for this service to one provider: authorization code and PKCE (OpenID Connect Core, 3.1; RFC 7636)."""

    def __init__(
        self, provider: Provider, registration: Registration, id_tokens: IdTokens, role_claim: RoleClaim
    ) -> None:
        self._provider = provider
        self._registration = registration
        self._id_tokens = id_tokens
        self._role_claim = role_claim

    async def question(self, next_page: str, *, as_somebody_else: bool) -> tuple[str, str, Pending]:
        """The address to send the browser to, the state in it, and what the answer will be held against.

        Raises ProviderUnavailableError.
        """
        app = self._registration.app(await self._provider.endpoints())
        # The provider would otherwise take whoever is signed in there already.
        prompt = {"prompt": "login"} if as_somebody_else else {}
        asked = await app.create_authorization_url(self._registration.redirect_uri, **prompt)
        return asked["url"], asked["state"], Pending(asked["nonce"], asked["code_verifier"], next_page)

    async def person(self, answer: Mapping[str, str], pending: Pending) -> Person:
        """Who has signed in, by the parameters that the provider has sent with the browser. Raises SignInError."""
        endpoints = await self._provider.endpoints()
        self._check_sender(answer, endpoints)
        async with _translated():
            app = self._registration.app(endpoints)
            tokens = await self._tokens(app, answer, pending)
            claims = await self._id_tokens.claims(
                tokens.get("id_token"), nonce=pending.nonce, access_token=tokens.get("access_token")
            )
            name, role = _name(claims), self._role_claim.highest(claims)
            if endpoints.userinfo and (name is None or role is None):
                more = await self._userinfo(app, tokens, claims["sub"])
                name, role = name or _name(more), role or self._role_claim.highest(more)
        subject = claims["sub"]
        if role is None:
            raise NoRoleError(subject, name or subject, self._role_claim.path)
        return Person(self._provider.issuer, subject, name or subject, role, tokens["id_token"])

    async def goodbye(self, id_token: str) -> str | None:
        """The address at which the provider signs out whom the token is of; None if it has none, or is away."""
        try:
            url = (await self._provider.endpoints()).end_session
        except ProviderUnavailableError:
            return None
        if url is None:
            return None
        hint = {"id_token_hint": id_token} if len(id_token) <= _LONGEST_HINT else {}
        known = {
            "client_id": self._registration.client_id,
            "post_logout_redirect_uri": self._registration.after_sign_out,
        }
        return str(add_params_to_uri(url, {**hint, **known}))

    def _check_sender(self, answer: Mapping[str, str], endpoints: Endpoints) -> None:
        """Whatever it says, an error too: it must not be that of another provider (RFC 9207, 2.4)."""
        sender = answer.get("iss")
        if sender != self._provider.issuer and (sender is not None or endpoints.says_who_answers):
            raise UntrustedAnswerError(f"the answer is that of another provider: {sender!r:.200}")
        if "error" in answer:
            refused = DeclinedError if answer["error"] == "access_denied" else RefusedByProviderError
            raise refused(f"{answer['error']!r:.100}: {answer.get('error_description')!r:.300}")

    async def _tokens(self, app: Any, answer: Mapping[str, str], pending: Pending) -> dict[str, Any]:
        if not answer.get("code"):
            raise UntrustedAnswerError("there is no code in the answer")
        tokens: dict[str, Any] = await app.fetch_access_token(
            redirect_uri=self._registration.redirect_uri,
            code=answer["code"],
            code_verifier=pending.code_verifier,
        )
        return tokens

    async def _userinfo(self, app: Any, tokens: dict[str, Any], subject: str) -> dict[str, Any]:
        said: dict[str, Any] = await app.userinfo(token=tokens)
        if said.get("sub") != subject:  # Somebody else's (OpenID Connect Core, 5.3.2).
            raise UntrustedAnswerError("userinfo is of somebody else")
        return said


@asynccontextmanager
async def _translated() -> AsyncIterator[None]:
    """What goes wrong on the way to the provider becomes a SignInError, within ANSWER_SECONDS."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            yield
    except OAuthError as e:
        raise RefusedByProviderError(f"{e.error!r:.100}: {e.description!r:.300}") from e
    except (httpx2.HTTPError, OSError) as e:
        raise ProviderUnavailableError(f"{type(e).__name__}: {e}"[:300]) from e
    except (ValueError, TypeError, AttributeError, KeyError) as e:
        # Authlib reads what the provider says as if it were well-formed.
        raise UntrustedAnswerError(f"the answer makes no sense: {e!r:.200}") from e


def _name(claims: Mapping[str, Any]) -> str | None:
    return shown_name(claims, "name", "preferred_username", "email")
