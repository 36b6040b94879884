"""What a person types to find something: the bounds, and how the database looks for it."""

import re

MAX_SEARCH_LENGTH = 100
"""No tag is longer, and of a text so much will do."""

_UNSTORABLE = re.compile(r"[\0\ud800-\udfff]")


def search_problem(raw: str) -> str | None:
    """What is wrong with a text to search for, or None."""
    if len(raw) > MAX_SEARCH_LENGTH:
        return f"must be at most {MAX_SEARCH_LENGTH} characters; given: {len(raw)}"
    if _UNSTORABLE.search(raw):
        return "must not hold NUL or half a surrogate pair"
    return None


def any_case(text: str) -> str:
    """A regular expression of PostgreSQL for `text` anywhere, in capital or small letters: nothing in it is special.

    Spells out both forms of each letter. What the database itself takes for the same letter depends on the locale
    that it was made with: in "C" that is true of English ones only. It is the faster way, too.
    """
    return "".join(_any_case_of(character) for character in text)


def _any_case_of(character: str) -> str:
    forms = sorted(form for form in {character, character.lower(), character.upper()} if len(form) == 1)
    if len(forms) > 1:
        return f"[{''.join(forms)}]"
    # In these expressions a backslash before a letter or a digit would mean something else.
    return character if character.isalnum() or not character.isascii() else f"\\{character}"
