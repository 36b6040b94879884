"""Checks of the settings that no single value can show to be wrong."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from mailing.health.finding import Finding, fine, problem, warning
from mailing.settings import PREFIX, Settings, SettingsError

_SUBJECT = "settings"
_OTHERS = frozenset({"TOKEN"})
"""Variables of single commands."""


def look_at_settings(settings: Settings, environment: Mapping[str, str]) -> list[Finding]:
    """Names in the environment that look like settings and are none, and settings of which one hides another."""
    found = [*_unknown(environment), *_hidden(settings)]
    return found or [
        fine(_SUBJECT, f"All values are allowed ({len(settings.model_fields_set)} set, the rest defaults).")
    ]


def told(error: SettingsError, environment: Mapping[str, str]) -> list[Finding]:
    """One problem for each wrong value; with the names that are none, for one that seems missing may be misspelt."""
    advice = "Correct it where this process gets its environment; nothing starts with it."
    return [*(problem(_SUBJECT, f"{line}.", advice) for line in error.problems), *_unknown(environment)]


def _unknown(environment: Mapping[str, str]) -> Iterable[Finding]:
    known = {name.upper() for name in Settings.model_fields} | _OTHERS
    for name in sorted(environment):
        bare = name.removeprefix(PREFIX)
        if bare != name and bare not in known:
            close = get_close_matches(bare, known, n=1)
            advice = (
                f"Did you mean {PREFIX}{close[0]}?" if close else "Take it away; .env.example lists all that there are."
            )
            yield warning(_SUBJECT, f"{name} is no setting, and has no effect.", advice)


def _hidden(settings: Settings) -> Iterable[Finding]:
    if settings.provider_token is not None and settings.provider_token_file is not None:
        what = f"{PREFIX}PROVIDER_TOKEN has no effect, because {PREFIX}PROVIDER_TOKEN_FILE is set, too."
        yield warning(_SUBJECT, what, "Take one of them away.")
