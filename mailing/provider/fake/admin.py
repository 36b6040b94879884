"""The fake provider's own endpoints, for whoever sets the scene and reads the ledger.

GET    /_ledger                            totals
GET    /_ledger/messages?after=0&limit=1000  accepted messages in the order of arrival, page by page
DELETE /_ledger                            forget everything
GET    /_scenario                          what is played
PUT    /_scenario                          play another: it is in force when the answer comes
"""

from collections.abc import Awaitable, Callable
from typing import Final, Protocol
from urllib.parse import parse_qsl

from mailing.provider.fake.ledger import Ledger
from mailing.provider.fake.reply import Reply, error_reply, json_reply, reply
from mailing.provider.fake.request import Request
from mailing.provider.fake.scenario import Scenario, ScenarioError, scenario_from_json, scenario_to_json

DEFAULT_PAGE: Final = 1_000
MOST_ON_A_PAGE: Final = 10_000


class Stage(Protocol):
    """What the endpoints look at and change."""

    @property
    def ledger(self) -> Ledger: ...

    @property
    def scenario(self) -> Scenario: ...

    def clear_ledger(self) -> None: ...

    async def set_scenario(self, scenario: Scenario) -> None: ...


class Admin:
    """Answers the requests that are not sends."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._routes: dict[str, dict[str, Callable[[Request, str], Awaitable[Reply]]]] = {
            "/_ledger": {"GET": self._totals, "DELETE": self._clear},
            "/_ledger/messages": {"GET": self._messages},
            "/_scenario": {"GET": self._scenario, "PUT": self._play},
        }

    async def __call__(self, request: Request) -> Reply:
        path, _, query = request.target.decode("latin-1").partition("?")
        methods = self._routes.get(path)
        if methods is None:
            return error_reply(404, f"there is nothing at {path}")
        handler = methods.get(request.method.decode("ascii"))
        if handler is None:
            return error_reply(405, f"allowed: {', '.join(methods)}", f"Allow: {', '.join(methods)}")
        return await handler(request, query)

    async def _totals(self, request: Request, query: str) -> Reply:
        return json_reply(200, self._stage.ledger.totals())

    async def _clear(self, request: Request, query: str) -> Reply:
        self._stage.clear_ledger()
        return json_reply(200, self._stage.ledger.totals())

    async def _messages(self, request: Request, query: str) -> Reply:
        given = {"after": "0", "limit": str(DEFAULT_PAGE)} | dict(parse_qsl(query))
        try:
            after, limit = _whole_number(given["after"]), _whole_number(given["limit"])
        except ValueError:
            limit = 0
        if not 1 <= limit <= MOST_ON_A_PAGE:
            return error_reply(400, f"after must be a whole number, limit one from 1 to {MOST_ON_A_PAGE}")
        messages = self._stage.ledger.entries(after, limit)
        return json_reply(200, {"messages": messages, "next": after + len(messages)})

    async def _scenario(self, request: Request, query: str) -> Reply:
        return reply(200, scenario_to_json(self._stage.scenario), "Content-Type: application/json")

    async def _play(self, request: Request, query: str) -> Reply:
        try:
            scenario = scenario_from_json(request.body or b"")
        except ScenarioError as e:
            return json_reply(400, {"message": "the scenario is not allowed", "fields": e.problems})
        await self._stage.set_scenario(scenario)
        return await self._scenario(request, query)


def _whole_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise ValueError(text)
    return int(text)
