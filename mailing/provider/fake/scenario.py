"""What the fake provider plays: plain data, checked as a whole, the same in Python and in JSON."""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import orjson

SHARES = (
    "error_share",
    "throttle_share",
    "refuse_share",
    "garbage_share",
    "code_share",
    "hang_share",
    "close_before_share",
    "close_after_share",
)
"""At most one of these happens to a request, so together they are at most 1; the rest goes well."""

LONGEST_LATENCY_MS = 3_600_000
LONGEST_SECONDS = 86_400


class ScenarioError(Exception):
    """Raised when a scenario breaks its rules; `problems` maps each wrong field to what is allowed there."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{field} {problem}" for field, problem in problems.items()))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """How the fake provider behaves. The default takes everything at once and drops repeated ids.

    Raises ScenarioError when made with values that are not allowed.
    """

    seed: int = 0
    """Same seed, same requests, same faults: what happens depends on the seed, the id and how often it was sent."""
    latency_ms: float | tuple[float, float] = 0
    """Time from the request to the answer: fixed, or spread evenly over (least, most)."""
    error_share: float = 0
    """Answered with 500."""
    error_burst_seconds: float = 0
    """For so long after the scenario is set, every send is answered with 500."""
    throttle_share: float = 0
    """Answered with 429 and Retry-After."""
    retry_after_seconds: int = 1
    refuse_share: float = 0
    """Answered with 400: the provider will never take this request."""
    garbage_share: float = 0
    """Answered with 200 and nonsense, not taken."""
    code_share: float = 0
    """Answered with 200 and `code`, not taken."""
    code: int = 17
    unauthorized: bool = False
    """Every send is answered with 401."""
    required_token: str | None = None
    """Sends without this bearer token are answered with 401."""
    hang_share: float = 0
    """Never answered, not taken."""
    close_before_share: float = 0
    """Not taken, and the connection is closed instead of an answer."""
    close_after_share: float = 0
    """Taken, and the connection is closed instead of an answer."""
    refuse_connections: bool = False
    """Nothing listens where messages are sent to; see FakeProvider."""
    idempotent: bool = True
    """An id that was taken before is answered with OK and dropped; otherwise it is taken again."""

    def __post_init__(self) -> None:
        problems = {name: text for name, (ok, text) in _RULES.items() if not ok(getattr(self, name))}
        if not problems.keys() & set(SHARES) and sum(self.shares) > 1 + 1e-9:
            problems = dict.fromkeys(_nonzero_shares(self), "must add up to at most 1 with the other shares") | problems
        if problems:
            raise ScenarioError(problems)

    @property
    def shares(self) -> tuple[float, ...]:
        """In the order of SHARES."""
        return tuple(getattr(self, name) for name in SHARES)

    @property
    def latency_range_ms(self) -> tuple[float, float]:
        return self.latency_ms if isinstance(self.latency_ms, tuple) else (self.latency_ms, self.latency_ms)


def scenario_from_json(body: bytes) -> Scenario:
    """A scenario from a JSON object; what is not named keeps its default. Raises ScenarioError."""
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError as e:
        raise ScenarioError({"body": f"must be JSON ({e})"}) from e
    if not isinstance(given, dict):
        raise ScenarioError({"body": "must be a JSON object"})
    known = [field.name for field in fields(Scenario)]
    if unknown := [name for name in given if name not in known]:
        raise ScenarioError(dict.fromkeys(unknown, f"is unknown; known are {', '.join(known)}"))
    if isinstance(latency := given.get("latency_ms"), list):
        given["latency_ms"] = tuple(latency)
    return Scenario(**given)


def scenario_to_json(scenario: Scenario) -> bytes:
    return orjson.dumps(asdict(scenario))


def _nonzero_shares(scenario: Scenario) -> list[str]:
    return [name for name in SHARES if getattr(scenario, name) > 0]


def _is_integer(least: int, most: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and least <= value <= most


def _is_number(least: float, most: float) -> Callable[[Any], bool]:
    return lambda value: type(value) in (int, float) and math.isfinite(value) and least <= value <= most


def _is_latency(value: Any) -> bool:
    each = _is_number(0, LONGEST_LATENCY_MS)
    if isinstance(value, tuple):
        return len(value) == 2 and all(map(each, value)) and value[0] <= value[1]
    return each(value)


def _is_flag(value: Any) -> bool:
    return type(value) is bool


def _is_token(value: Any) -> bool:
    return value is None or (isinstance(value, str) and bool(value) and value.isascii() and value.isprintable())


_SHARE = (_is_number(0, 1), "must be a number from 0 to 1")
_FLAG = (_is_flag, "must be true or false")

_RULES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "seed": (_is_integer(0, 2**63 - 1), "must be an integer from 0 to 9223372036854775807"),
    "latency_ms": (
        _is_latency,
        f"must be a number from 0 to {LONGEST_LATENCY_MS}, or two of them, [least, most]",
    ),
    **dict.fromkeys(SHARES, _SHARE),
    "error_burst_seconds": (
        _is_number(0, LONGEST_SECONDS),
        f"must be a number from 0 to {LONGEST_SECONDS}",
    ),
    "retry_after_seconds": (
        _is_integer(0, LONGEST_SECONDS),
        f"must be an integer from 0 to {LONGEST_SECONDS}",
    ),
    "code": (_is_integer(-(2**31), 2**31 - 1), "must be an integer of 32 bits"),
    "unauthorized": _FLAG,
    "required_token": (_is_token, "must be null or a text of printable ASCII"),
    "refuse_connections": _FLAG,
    "idempotent": _FLAG,
}
