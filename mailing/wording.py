"""How what is wrong with a value from outside is put into words, the same wherever it is checked."""

NULL_IN_CHANGE = "must not be null; leave it out to keep it"


def shown(value: str) -> str:
    """A value from outside, quoted for a message: one line, short, and encodable whatever it holds."""
    start = value if len(value) <= 40 else value[:40] + "…"
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in start) + '"'
