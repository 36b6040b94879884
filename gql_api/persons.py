"""Telling people with a browser from programs."""

from starlette.datastructures import Headers


def is_for_a_person(headers: Headers) -> bool:
    """Whether somebody looks at the answer: a browser that shows a page asks for HTML, no client of an API does."""
    accepted = headers.get("accept", "").split(",")
    return any(part.partition(";")[0].strip().lower() == "text/html" for part in accepted)
