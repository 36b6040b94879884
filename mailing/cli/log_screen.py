"""Shows lines of the log to people."""

from rich.text import Text

from mailing.cli.log_search import Found

_ELSEWHERE = ("timestamp", "level", "event", "process", "worker", "logger", "exception")
"""Fields that stand at the beginning or the end, or are left out."""
_IDS = ("mailing_id", "client_id", "message_id")
_COLOURS = {"warning": "yellow", "error": "red", "critical": "red"}


def as_text(found: Found) -> Text:
    """When, who, what; then the ids and the other fields; a traceback below."""
    fields = found.fields
    if "event" not in fields:
        return Text(_harmless(found.text))
    level = str(fields.get("level", "info"))
    who = _harmless(f"{fields.get('process', '?')} {fields.get('worker', '')}".strip())
    text = Text.assemble(
        (_clock(found.timestamp), "dim"),
        f" {who:<24} ",
        (f"{_harmless(str(fields['event'])):<28}", f"bold {_COLOURS.get(level, '')}".strip()),
    )
    shown = [*(name for name in _IDS if name in fields), *(name for name in fields if name not in (*_IDS, *_ELSEWHERE))]
    for name in shown:
        text.append(f" {_harmless(name)}=", "dim").append(_value(fields[name]), "cyan" if name in _IDS else "")
    for line in str(fields.get("exception", "")).splitlines():
        text.append(f"\n    {_harmless(line)}", "red")
    return text


def _clock(timestamp: str) -> str:
    """Day and time of day, to the millisecond, in UTC as in the log."""
    return _harmless(timestamp.replace("T", " ")[:23])


def _value(value: object) -> str:
    text = str(value)
    return repr(text) if " " in text or not text.isprintable() else text


def _harmless(text: str) -> str:
    """Without what would steer the terminal, or cannot be shown: callers choose some of the values."""
    return text if text.isprintable() else "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)
