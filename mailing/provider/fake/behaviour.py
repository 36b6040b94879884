"""What becomes of a send: the scenario's mishaps, the contract's checks, and the ledger, in that order."""

from time import monotonic

from mailing.provider.fake.chance import Chance, Fault
from mailing.provider.fake.contract import ContractError, read_message
from mailing.provider.fake.ledger import Ledger
from mailing.provider.fake.reply import Reply, Silence, error_reply, json_reply, reply
from mailing.provider.fake.scenario import Scenario

_OK = json_reply(200, {"code": 0, "message": "OK"})
_ERROR = error_reply(500, "the scenario asked for an error")
_REFUSED = error_reply(400, "the scenario asked for a refusal")
_UNAUTHORIZED = error_reply(401, "the token is not accepted", "WWW-Authenticate: Bearer")
_RESET = Silence("connection refused", resets=True)

_GARBAGE = tuple(
    reply(200, body, "Content-Type: application/json")
    for body in (
        b"<html><body>It works!</body></html>",
        b'{"code": 0, "mess',
        b'[{"code": 0}]',
        b'{"code": "0", "message": "OK"}',
        b'{"code": 9223372036854775807, "message": "OK"}',
        b"\x00\xff\xfe\x00nonsense",
        b"null",
        b"",
    )
)


class Behaviour:
    """The fake provider without its network. Holds the scenario that is played and the ledger of what was taken."""

    def __init__(self, scenario: Scenario) -> None:
        self.ledger = Ledger()
        self.play(scenario)

    @property
    def scenario(self) -> Scenario:
        return self._scenario

    def play(self, scenario: Scenario) -> None:
        """Play this scenario from its beginning: its burst starts now, its chances are drawn afresh."""
        self._scenario = scenario
        self._chance = Chance(scenario)
        self._burst_ends_at = monotonic() + scenario.error_burst_seconds
        self._required = (
            None if scenario.required_token is None else f"Bearer {scenario.required_token}".encode("ascii")
        )
        self._outcomes = _outcomes(scenario)

    def clear_ledger(self) -> None:
        self.ledger = Ledger()

    def send(self, id_in_path: bytes, authorization: bytes | None, body: bytes) -> tuple[Reply | Silence, float]:
        """What a send gets, and after how many seconds. What is accepted is in the ledger when this returns."""
        self.ledger.requests += 1
        if (same_for_all := self._outcome_of_all(authorization)) is not None:
            return same_for_all, self._chance.least_seconds
        try:
            message_id, phone, text = read_message(id_in_path, body)
        except ContractError as e:
            return error_reply(400, str(e)), self._chance.least_seconds
        fault, delay = self._chance.draw(message_id)
        if fault is None or fault is Fault.CLOSE_AFTER:
            self.ledger.record(message_id, phone, text, drop_repeats=self._scenario.idempotent)
        if fault is Fault.GARBAGE:
            return _GARBAGE[message_id % len(_GARBAGE)], delay
        return self._outcomes[fault], delay

    def _outcome_of_all(self, authorization: bytes | None) -> Reply | Silence | None:
        """What befalls every send, whatever it says, if anything does."""
        if self._scenario.refuse_connections:
            return _RESET
        if monotonic() < self._burst_ends_at:
            return _ERROR
        if self._scenario.unauthorized or (self._required is not None and authorization != self._required):
            return _UNAUTHORIZED
        return None


def _outcomes(scenario: Scenario) -> dict[Fault | None, Reply | Silence]:
    return {
        None: _OK,
        Fault.ERROR: _ERROR,
        Fault.THROTTLE: error_reply(429, "too many requests", f"Retry-After: {scenario.retry_after_seconds}"),
        Fault.REFUSE: _REFUSED,
        Fault.CODE: json_reply(200, {"code": scenario.code, "message": "not accepted"}),
        Fault.HANG: Silence("hung", closes=False),
        Fault.CLOSE_BEFORE: Silence("closed before accepting"),
        Fault.CLOSE_AFTER: Silence("closed after accepting"),
    }
