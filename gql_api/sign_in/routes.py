"""Where people sign in and out with a browser."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from gql_api.auth.looking import LONGEST_LOOK_SECONDS, looking
from gql_api.auth.origins import Origins
from gql_api.auth.refusals import RefusalError
from gql_api.sign_in.attempts import Attempts, address_of
from gql_api.sign_in.client import OpenIdClient
from gql_api.sign_in.cookies import PENDING_SECONDS, Cookies
from gql_api.sign_in.failures import NotBegunError, SignInError, StoreUnavailableError, UntrustedAnswerError
from gql_api.sign_in.next_page import HOME, local_page
from gql_api.sign_in.pages import failure_page
from gql_api.sign_in.pending import Pending, PendingSignIns
from mailing.db.orm import DATABASE_ERRORS
from mailing.db.unit_of_work import unit_of_work
from mailing.sessions.records import EndedSession, Person
from mailing.sessions.service import begin_session, end_session

SIGN_IN: Final = "/auth/sign-in"
CALLBACK: Final = "/auth/callback"
SIGN_OUT: Final = "/auth/sign-out"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SignInRoutes:
    """To the provider, back from it, and out again."""

    public_url: str
    origins: Origins
    client: OpenIdClient
    pending: PendingSignIns
    attempts: Attempts
    cookies: Cookies
    lasting: timedelta

    def routes(self) -> list[Route]:
        return [
            Route(SIGN_IN, self._guarded(self._sign_in)),
            Route(CALLBACK, self._guarded(self._callback)),
            Route(SIGN_OUT, self._sign_out, methods=["POST"]),
        ]

    async def _sign_in(self, request: Request) -> Response:
        """Send the browser to the provider. `next`: where it goes afterwards; `account=other`: as somebody else."""
        _check_is_seen(request)
        await self.attempts.begin(address_of(request))
        query = request.query_params
        url, state, pending = await self.client.question(
            local_page(query.get("next")), as_somebody_else=query.get("account") == "other"
        )
        secret = await self.pending.keep(state, pending)
        response = RedirectResponse(url, 303)
        for stale in self.cookies.too_many_pending(request.cookies):
            self.cookies.clear(response, stale)
        self.cookies.set(response, self.cookies.pending(state), secret, PENDING_SECONDS)
        return response

    async def _callback(self, request: Request) -> Response:
        """What the provider sends the browser to: the sign-in is finished, once."""
        state = request.query_params.get("state", "")
        name = self.cookies.pending(state)
        secret = request.cookies.get(name)
        if secret is None:
            raise NotBegunError("the browser shows no cookie of it")
        response = await self._finished(request, await self.pending.take(state, secret))
        self.cookies.clear(response, name)
        return response

    async def _finished(self, request: Request, pending: Pending) -> Response:
        request.state.next_page = pending.next_page
        answer = request.query_params
        if len(answer) != len(answer.multi_items()):
            raise UntrustedAnswerError("a parameter stands there twice")
        return await self._signed_in(request, await self.client.person(dict(answer), pending), pending)

    async def _signed_in(self, request: Request, person: Person, pending: Pending) -> Response:
        before = self.cookies.session_in(request.headers.get("cookie"))
        try:
            async with asyncio.timeout(LONGEST_LOOK_SECONDS), unit_of_work():
                if before is not None:
                    await end_session(before)
                secret = await begin_session(person, self.lasting)
        except DATABASE_ERRORS as e:
            raise StoreUnavailableError(repr(e)) from e
        log.info("auth.signed_in", user=person.subject, role=person.role.name)
        response = RedirectResponse(self.public_url + pending.next_page, 303)
        self.cookies.set(response, self.cookies.session, secret, int(self.lasting.total_seconds()))
        return response

    async def _sign_out(self, request: Request) -> Response:
        """End the session and say where the browser should go: to the provider, where it can sign people out."""
        try:
            self.origins.check(request.headers)
            self.origins.check_not_forged("http", request.method, request.headers)
            ended = await self._ended(request)
        except RefusalError as e:
            error = {"message": e.message, "extensions": {"code": e.code}}
            return JSONResponse({"errors": [error]}, e.status, e.headers)
        goodbye = None
        if ended is not None:
            log.info("auth.signed_out", user=ended.subject)
            goodbye = await self.client.goodbye(ended.id_token)
        response = JSONResponse({"continueAt": goodbye or self.public_url + HOME})
        self.cookies.clear(response, self.cookies.session)
        return response

    async def _ended(self, request: Request) -> EndedSession | None:
        secret = self.cookies.session_in(request.headers.get("cookie"))
        if secret is None:
            return None
        async with looking("Signing out is not possible right now: try again in a minute"):
            return await end_session(secret)

    def _guarded(self, serve: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """What cannot be done is told on a page, under a reference that stands in the log."""

        async def served(request: Request) -> Response:
            try:
                return await serve(request)
            except SignInError as e:
                reference = secrets.token_hex(4)
                log.info("auth.sign_in_failed", reference=reference, failure=type(e).__name__, reason=str(e))
                next_page = getattr(request.state, "next_page", None) or local_page(request.query_params.get("next"))
                return failure_page(e, next_page, reference)

        return served


def _check_is_seen(request: Request) -> None:
    """Raises NotBegunError where a page of somebody else asks in the background, to use up what an address has."""
    mode, destination = (request.headers.get(f"sec-fetch-{name}") for name in ("mode", "dest"))
    is_early = "sec-purpose" in request.headers  # A page has the browser fetch what somebody might look at next.
    if mode not in (None, "navigate") or destination not in (None, "document") or is_early:
        raise NotBegunError("not a person, but a page asks for it")
