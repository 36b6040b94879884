"""Sign-ins that are under way, kept on this side: in Redis, for ten minutes."""

import secrets
from dataclasses import asdict, dataclass
from hashlib import sha256

import orjson
from redis.asyncio import Redis
from redis.exceptions import RedisError

from gql_api.sign_in.cookies import PENDING_SECONDS
from gql_api.sign_in.failures import NotBegunError, StoreUnavailableError


@dataclass(frozen=True, slots=True)
class Pending:
    """What the provider's answer is held against."""

    nonce: str
    """Stands in the ID token, which therefore is for this sign-in and no other (OpenID Connect Core, 3.1.2.1)."""
    code_verifier: str
    """Without which the code is worth nothing (RFC 7636)."""
    next_page: str


class PendingSignIns:
    """Each can be taken once, and by the browser that began it: where it is kept depends on the state, which the
    provider hands back, and on a secret, which only that browser has. Who knows one of the two finds nothing, and
    spoils nothing either."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def keep(self, state: str, pending: Pending) -> str:
        """The secret for the browser. Raises StoreUnavailableError."""
        secret = secrets.token_urlsafe(32)
        try:
            await self._redis.set(_key(state, secret), orjson.dumps(asdict(pending)), ex=PENDING_SECONDS)
        except (RedisError, OSError) as e:
            raise StoreUnavailableError(repr(e)) from e
        return secret

    async def take(self, state: str, secret: str) -> Pending:
        """Raises NotBegunError where there is none, or none any more, and StoreUnavailableError."""
        try:
            found = await self._redis.getdel(_key(state, secret))
        except (RedisError, OSError) as e:
            raise StoreUnavailableError(repr(e)) from e
        if found is None:
            raise NotBegunError("it is not under way")
        return Pending(**orjson.loads(found))


def _key(state: str, secret: str) -> str:
    # Who reads Redis learns neither. The lengths are fixed, so that no two pairs make one text.
    both = sha256(state.encode()).digest() + sha256(secret.encode()).digest()
    return f"mailing:sign-in:{sha256(both).hexdigest()}"
