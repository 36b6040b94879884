"""Where somebody goes who has signed in."""

from typing import Final

HOME: Final = "/"

_MOST_CHARACTERS = 300


def local_page(asked: str | None) -> str:
    """The page that is asked for, if it is one of this service: a path, and what may follow it. Else `HOME`.

    Browsers take `//host` and `/\\host` for another host, and leave out line ends and tabs before they look. What
    lies below /auth/ would begin all over again.
    """
    if asked is None or len(asked) > _MOST_CHARACTERS or not (asked.isascii() and asked.isprintable()):
        return HOME
    if not asked.startswith("/") or asked.startswith(("//", "/auth/")) or "\\" in asked or " " in asked:
        return HOME
    return asked
