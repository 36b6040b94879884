"""Checks of the provider's token, as far as it can be read here. Nothing of it is told but when it is good."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc.errors import JoseError
from joserfc.jws import extract_compact

from mailing.health.amounts import span
from mailing.health.finding import Finding, fine, problem, warning
from mailing.setting_checks import checked_token
from mailing.settings import Settings

SOON = timedelta(days=7)

_SUBJECT = "provider's token"
_ADVICE = (
    "Get a new one from the provider. A file named by MAILING_PROVIDER_TOKEN_FILE is read again when it changes; "
    "a new MAILING_PROVIDER_TOKEN needs the workers started anew."
)


@dataclass(frozen=True, slots=True)
class Validity:
    """From when until when a token says that it is good; None: it does not say."""

    begins_at: datetime | None
    ends_at: datetime | None


async def look_at_token(settings: Settings, now: datetime) -> list[Finding]:
    """Whether there is one, whether it can be read, and how long it is good."""
    try:
        token = _token(settings)
    except (OSError, ValueError) as e:
        what = f"{settings.provider_token_file} holds no token: {e.strerror if isinstance(e, OSError) else e}."
        return [problem(_SUBJECT, what, "Write the token there, readable by the user of the workers.")]
    if token is None:
        advice = "Set MAILING_PROVIDER_TOKEN or MAILING_PROVIDER_TOKEN_FILE, unless the provider wants none."
        return [warning(_SUBJECT, "There is none.", advice)]
    return [judged(validity(token), now)]


def validity(token: str) -> Validity | None:
    """When the JWT is good by its own words, which nobody has verified; None for what is no JWT."""
    try:
        claims = json.loads(extract_compact(token.encode()).payload)
    except (JoseError, ValueError):
        return None
    return Validity(_moment(claims, "nbf"), _moment(claims, "exp")) if isinstance(claims, dict) else None


def judged(validity: Validity | None, now: datetime) -> Finding:
    """What this says of the token now."""
    if validity is None:
        return fine(_SUBJECT, "It is no JWT, so it does not tell how long it is good.")
    begins, ends = validity.begins_at, validity.ends_at
    if begins is not None and begins > now:
        what = f"It is not good before {begins:%Y-%m-%d %H:%M} UTC."
        return problem(_SUBJECT, what, "Wait until then or get another one; or set this machine's clock.")
    if ends is None:
        return fine(_SUBJECT, "It is a JWT that does not expire.")
    moment = f"{ends:%Y-%m-%d %H:%M} UTC"
    if ends <= now:
        return problem(_SUBJECT, f"It expired at {moment}, {span(now - ends)} ago.", _ADVICE)
    what = f"It is good until {moment}, for {span(ends - now)} more."
    return warning(_SUBJECT, what, _ADVICE) if ends - now < SOON else fine(_SUBJECT, what)


def _token(settings: Settings) -> str | None:
    """As `TokenSource` would read it at its start: the file wins."""
    if settings.provider_token_file is not None:
        return checked_token(settings.provider_token_file.read_bytes().decode("ascii", "replace"))
    return settings.provider_token.get_secret_value() if settings.provider_token else None


def _moment(claims: Mapping[str, Any], name: str) -> datetime | None:
    seconds = claims.get(name)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None  # Beyond what calendars hold: as good as never.
