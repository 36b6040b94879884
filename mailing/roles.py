"""What somebody may do."""

from enum import IntEnum


class Role(IntEnum):
    """Each may do all that the ones before it may: `Role.ADMIN >= Role.OPERATOR`."""

    VIEWER = 1
    """Reads everything and follows it live."""
    OPERATOR = 2
    """Also runs mailings and looks after clients."""
    ADMIN = 3
    """Also decides who else may come in, and how the service is set up."""
