"""A person with a browser: its cookies, the pages it is led to, and the forms on them."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Self

import aiohttp
from multidict import CIMultiDictProxy
from yarl import URL

from tests.gql_api.api import Api, Json

PREFLIGHT = {"GraphQL-Require-Preflight": "1"}


@dataclass(frozen=True, slots=True)
class Page:
    """What the browser shows, or would go to next."""

    url: URL
    status: int
    headers: "CIMultiDictProxy[str]"
    text: str

    @property
    def leads_to(self) -> URL | None:
        location = self.headers.get("location")
        return self.url.join(URL(location, encoded=True)) if location else None

    @property
    def title(self) -> str:
        found = re.search(r"<h1>(.*?)</h1>", self.text)
        return found[1] if found else ""


@dataclass(slots=True)
class Browser:
    """Goes wherever it is led, until the end."""

    api: Api
    http: aiohttp.ClientSession
    visited: list[URL] = field(default_factory=list)

    @classmethod
    @asynccontextmanager
    async def opened(cls, api: Api) -> AsyncIterator[Self]:
        """One that has never been anywhere."""
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
            yield cls(api, http)

    @property
    def home(self) -> URL:
        return URL(f"http://{self.api.address}")

    def cookies(self) -> dict[str, str]:
        """Those of the service."""
        return {name: morsel.value for name, morsel in self.http.cookie_jar.filter_cookies(self.home).items()}

    async def ask(self, url: URL, form: Mapping[str, str] | None = None) -> Page:
        """One step, led nowhere."""
        self.visited.append(url)
        method = "GET" if form is None else "POST"
        async with self.http.request(method, url, data=form, allow_redirects=False) as response:
            return Page(url, response.status, response.headers, await response.text())

    async def follow(self, page: Page, *, until: str = "\n") -> Page:
        """Where the page leads, on and on; not to a path that is `until`."""
        while (url := page.leads_to) is not None and url.path != until:
            page = await self.ask(url)
        return page

    async def question(self, **query: str) -> URL:
        """Begin to sign in: where the provider is asked."""
        page = await self.ask(self.home.with_path("/auth/sign-in").with_query(query))
        assert page.leads_to is not None, page.text
        return page.leads_to

    async def answer(self, name: str, **query: str) -> URL:
        """Sign in at the provider: where it sends the browser back to, which has not gone there yet."""
        form = await self.follow(await self.ask(await self.question(**query)), until="/auth/callback")
        if form.leads_to is None:  # Nobody is signed in there yet.
            action = re.search(r'action="(.*?)"', form.text)
            assert action, form.text
            fields = {"prompt": "login", "login": name, "password": "any"}
            asked = form.url.join(URL(unescape(action[1])))
            form = await self.follow(await self.ask(asked, fields), until="/auth/callback")
        assert form.leads_to is not None, form.text
        return form.leads_to

    async def sign_in(self, name: str, **query: str) -> Page:
        """What the browser is answered when it is back."""
        return await self.ask(await self.answer(name, **query))

    async def post(self, path: str, body: Json, **headers: str) -> tuple[int, Json]:
        """As a script of the service's own pages does, unless other headers are given."""
        sent = {"Origin": str(self.home), **PREFLIGHT, **headers}
        given = {name: value for name, value in sent.items() if value}
        async with self.http.post(self.home.with_path(path), json=body, headers=given) as response:
            return response.status, await response.json()

    async def graphql(self, query: str, **headers: str) -> tuple[int, Json]:
        return await self.post("/graphql", {"query": query}, **headers)

    async def sign_out(self, **headers: str) -> tuple[int, Json]:
        return await self.post("/auth/sign-out", {}, **headers)
