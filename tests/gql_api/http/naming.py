"""Names of tests whose parameters are too long for one."""


def short(value: object) -> str:
    """The beginning of it."""
    return repr(value)[:40]
