"""Tokens that have been checked a moment ago: programs show the same one with every request."""

from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from typing import Final

from gql_api.auth.credentials import Authenticator, Credentials, Pass

MOST_TOKENS: Final = 1_024


class Remembered:
    """Asks the authenticator once for each bearer token, as long as what it checks by stays the same.

    `state` tells what that is: a pass is good for as long as it answers with the same object; None: not at all. Only
    good tokens are remembered, the last `MOST_TOKENS` of them, each by a hash: a token is as good as a password.
    """

    def __init__(self, authenticator: Authenticator, state: Callable[[], object | None]) -> None:
        self._authenticator = authenticator
        self._state = state
        self._passes: OrderedDict[bytes, tuple[Pass, object]] = OrderedDict()

    async def recognise(self, shown: Credentials) -> Pass | None:
        token = shown.bearer_token
        if token is None:
            return await self._authenticator.recognise(shown)
        key = sha256(token.encode()).digest()
        return self._known(key) or await self._asked(key, shown)

    def _known(self, key: bytes) -> Pass | None:
        remembered, state = self._passes.get(key, (None, None))
        if remembered is None or state is not self._state() or not remembered.remaining_seconds():
            return None
        self._passes.move_to_end(key)
        return remembered

    async def _asked(self, key: bytes, shown: Credentials) -> Pass | None:
        self._passes.pop(key, None)
        found = await self._authenticator.recognise(shown)
        state = self._state()
        if found is not None and state is not None:
            self._passes[key] = found, state
            if len(self._passes) > MOST_TOKENS:
                self._passes.popitem(last=False)
        return found
