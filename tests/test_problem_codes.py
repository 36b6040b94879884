"""Each rule that an input can break, broken once."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime

import pytest

from mailing.access_tokens.validation import new_token
from mailing.clients.import_piece import import_piece
from mailing.clients.validation import client_changes, new_client
from mailing.errors import InvalidInputError
from mailing.mailings.raw_values import RawFilter, RawWindow
from mailing.mailings.validation import check_changes, checked_filter, mailing_changes, new_mailing
from mailing.models import Mailing
from mailing.problem_code import ProblemCode
from mailing.reports.validation import chosen_day
from mailing.roles import Role

Codes = Iterable[ProblemCode]
NOW = datetime(2030, 1, 31, 12, tzinfo=UTC)
LATER = "2030-02-01T00:00:00Z"


def client(
    phone: str = "79161234567", code: str | None = None, tag: str = "", zone: str = "UTC"
) -> Callable[[], Codes]:
    return told(lambda: new_client(phone, code, tag, zone))


def mailing(
    text: str = "Hello", starts_at: str = LATER, window: RawWindow | None = None, max_rate: int = 1
) -> Callable[[], Codes]:
    """One that ends a day after LATER."""
    return told(
        lambda: new_mailing(
            now=NOW,
            text=text,
            starts_at=starts_at,
            ends_at="2030-02-02T00:00:00Z",
            window=window,
            max_rate=max_rate,
        )
    )


def start_of_change(starts_at: str) -> Callable[[], Codes]:
    stored = Mailing(starts_at=NOW, ends_at=NOW)
    return lambda: {problem.code for problem in check_changes(stored, mailing_changes(starts_at=starts_at), NOW)}


def token(expires_at: str) -> Callable[[], Codes]:
    return told(lambda: new_token(now=NOW, name="a", role=Role.VIEWER, expires_at=expires_at))


def day(raw: str) -> Callable[[], Codes]:
    return told(lambda: chosen_day(raw, zone="UTC", now=NOW))


def told(act: Callable[[], object]) -> Callable[[], Codes]:
    def codes() -> Codes:
        with pytest.raises(InvalidInputError) as raised:
            act()
        return {problem.code for problem in raised.value.problems}

    return codes


def header(csv: str) -> Callable[[], Awaitable[Codes]]:
    async def codes() -> Codes:
        with pytest.raises(InvalidInputError) as raised:
            await import_piece(csv)
        return {problem.code for problem in raised.value.problems}

    return codes


def row(csv: str) -> Callable[[], Awaitable[Codes]]:
    async def codes() -> Codes:
        return {rejection.code for rejection in (await import_piece(f"phone,timezone\n{csv}")).rejections}

    return codes


BREACHES: dict[ProblemCode, Callable[[], Codes] | Callable[[], Awaitable[Codes]]] = {
    ProblemCode.REQUIRED: told(lambda: client_changes(phone=None)),
    ProblemCode.BLANK: mailing(text=" "),
    ProblemCode.TOO_LONG: client(tag="x" * 101),
    ProblemCode.TOO_MANY: told(lambda: checked_filter(RawFilter(tags=[str(n) for n in range(101)]))),
    ProblemCode.OUT_OF_RANGE: mailing(max_rate=0),
    ProblemCode.FORBIDDEN_CHARACTERS: client(tag="\0"),
    ProblemCode.NOT_A_PHONE: client(phone="8 916"),
    ProblemCode.NOT_AN_OPERATOR_CODE: client(code="x"),
    ProblemCode.NOT_A_TIME_ZONE: client(zone="Mars"),
    ProblemCode.NOT_A_MOMENT: mailing(starts_at="tomorrow"),
    ProblemCode.NOT_A_DAY: day("yesterday"),
    ProblemCode.NOT_A_LOCAL_TIME: mailing(window=RawWindow("9:00", "18:00")),
    ProblemCode.NOT_AFTER_START: mailing(starts_at="2030-02-03T00:00:00Z"),
    ProblemCode.NOT_BEFORE_END: start_of_change(LATER),
    ProblemCode.NOT_IN_FUTURE: token("2030-01-01T00:00:00Z"),
    ProblemCode.TOO_FAR_AHEAD: token("2050-01-01T00:00:00Z"),
    ProblemCode.DAY_OUT_OF_RANGE: day("2030-02-01"),
    ProblemCode.EMPTY_WINDOW: mailing(window=RawWindow("09:00", "09:00")),
    ProblemCode.EMPTY_FILE: header(""),
    ProblemCode.COLUMN_MISSING: header("phone"),
    ProblemCode.COLUMN_UNKNOWN: header("phone,timezone,name"),
    ProblemCode.COLUMN_REPEATED: header("phone,timezone,phone"),
    ProblemCode.NOT_CSV: row('79161234567,"UTC"x'),
    ProblemCode.UNCLOSED_QUOTE: row('79161234567,"UTC'),
    ProblemCode.WRONG_FIELD_COUNT: row("79161234567"),
}


def test_there_is_a_breach_of_every_rule() -> None:
    assert BREACHES.keys() == set(ProblemCode)


@pytest.mark.parametrize("code", BREACHES)
async def test_who_breaks_a_rule_is_told_which(code: ProblemCode) -> None:
    codes = BREACHES[code]()

    assert set(await codes if isinstance(codes, Awaitable) else codes) == {code}
