"""Who sends the report of which day: one row a day, had by whoever writes it, for a while."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from mailing.db.orm import fetch


@dataclass(frozen=True, slots=True)
class ClaimedDay:
    """A day whose report is this process's to send, until its lease is over."""

    day: date
    key: UUID
    """The same in all tries: the mail is known by it."""
    token: UUID
    """Of this try alone."""
    tries: int
    """With this one."""


async def unsent_days(latest: date, most: int) -> list[date]:
    """The last `most` days up to `latest` whose report has not been sent, oldest first.

    None before the first that was ever tried; if none was, only `latest`: who switches the report on wants no past.
    """
    rows = await fetch(
        """
        SELECT wanted.day::date AS day
        FROM generate_series($1::date - ($2::int - 1), $1::date, interval '1 day') AS wanted (day)
        LEFT JOIN daily_report r ON r.day = wanted.day::date
        WHERE r.sent_at IS NULL AND wanted.day >= coalesce((SELECT min(day) FROM daily_report), $1::date)
        ORDER BY 1
        """,
        latest,
        most,
    )
    return [row["day"] for row in rows]


async def claim_day(day: date, lease: timedelta) -> ClaimedDay | None:
    """Have the day alone for that time; None where it is sent, somebody else has it, or its next try is not due.

    A crash after this leaves it to whoever comes when the lease is over.
    """
    rows = await fetch(
        """
        INSERT INTO daily_report AS r (day, mail_key, token, claimed_until)
        VALUES ($1, gen_random_uuid(), gen_random_uuid(), now() + $2)
        ON CONFLICT (day) DO UPDATE
            SET token = excluded.token, claimed_until = excluded.claimed_until, tries = r.tries + 1
            WHERE r.sent_at IS NULL AND r.due_at <= now() AND (r.claimed_until IS NULL OR r.claimed_until <= now())
        RETURNING mail_key, token, tries
        """,
        day,
        lease,
    )
    return ClaimedDay(day, rows[0]["mail_key"], rows[0]["token"], rows[0]["tries"]) if rows else None


async def renew_claim(claimed: ClaimedDay, lease: timedelta) -> bool:
    """Have the day for that time from now on; False where the lease was lost to somebody else, who sends it."""
    renewed = await fetch(
        """
        UPDATE daily_report SET claimed_until = now() + $3
        WHERE day = $1 AND token = $2 AND sent_at IS NULL RETURNING day
        """,
        claimed.day,
        claimed.token,
        lease,
    )
    return bool(renewed)


async def note_sent(claimed: ClaimedDay) -> None:
    """The mail server has it. True whoever has the day by now, so it is written in any case."""
    await fetch(
        """
        UPDATE daily_report SET sent_at = now(), token = NULL, claimed_until = NULL, error = NULL
        WHERE day = $1 AND sent_at IS NULL
        """,
        claimed.day,
    )


async def put_off(claimed: ClaimedDay, wait: timedelta, error: str) -> None:
    """It could not be sent: let anybody try again after that time. Nothing is written once the lease was lost."""
    await fetch(
        """
        UPDATE daily_report SET due_at = now() + $3, error = $4, token = NULL, claimed_until = NULL
        WHERE day = $1 AND token = $2 AND sent_at IS NULL
        """,
        claimed.day,
        claimed.token,
        wait,
        error,
    )
