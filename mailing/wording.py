"""What is put into words in more than one place, the same in each."""

NULL_IN_CHANGE = "must not be null; leave it out to keep it"


def shown(value: str) -> str:
    """A value from outside, quoted for a message: one line, short, and encodable whatever it holds."""
    start = value if len(value) <= 40 else value[:40] + "…"
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in start) + '"'


def messages(number: int) -> str:
    """`1 message`, `12,345 messages`."""
    return f"{number:,} message{'' if number == 1 else 's'}"


def days(number: int) -> str:
    """`1 day`, `90 days`."""
    return f"{number:,} day{'' if number == 1 else 's'}"
