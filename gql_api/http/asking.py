"""What a request asks for: its body or its query string, read and checked."""

import asyncio
from dataclasses import dataclass
from typing import Any, Final

import orjson
from starlette.requests import ClientDisconnect, Request

from gql_api.http.refusals import RefusedError, bad_request, method_not_allowed, too_large, unsupported_media_type

MOST_REQUEST_BYTES = 1_048_576
"""Of a body, or a frame of a WebSocket."""

BODY_SECONDS = 30.0
"""In which a body must have come."""

Json = dict[str, Any]

_PARAMETERS: Final[dict[str, tuple[type, str]]] = {
    "query": (str, "a string"),
    "operationName": (str, "a string"),
    "variables": (dict, "an object"),
    "extensions": (dict, "an object"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of GraphQL over HTTP."""

    query: str | None
    """None where `extensions` tell which document is meant."""
    operation_name: str | None
    variables: Json | None
    extensions: Json | None


async def asked_by(request: Request, *, most_bytes: int) -> Asked:
    """Raises RefusedError. Of a body no more than `most_bytes` are kept."""
    if request.method == "POST":
        _check_content_type(request)
        return _asked(_parsed(await _body(request, most_bytes), "The body"))
    if request.method == "GET":
        return _asked(_of_query_string(request))
    raise method_not_allowed("GraphQL is asked by POST or GET", "GET", "POST")


def _check_content_type(request: Request) -> None:
    type_, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    if type_.strip() != "application/json":
        raise unsupported_media_type("The body must have Content-Type: application/json")
    if "charset" in parameters and "utf-8" not in parameters and "utf8" not in parameters:
        raise unsupported_media_type("The body must be UTF-8")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise unsupported_media_type("The body must not be compressed")


async def _body(request: Request, most_bytes: int) -> bytes:
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > most_bytes:
        raise too_large(most_bytes, int(length))
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most_bytes:
                    raise too_large(most_bytes, len(body))
    except ClientDisconnect:
        raise bad_request("The body ended early") from None
    except TimeoutError:
        raise RefusedError(408, "REQUEST_TIMEOUT", f"The body did not come within {BODY_SECONDS:g} s") from None
    return bytes(body)


def _parsed(text: str | bytes, what: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise bad_request(f"{what} must be JSON in UTF-8") from None


def _of_query_string(request: Request) -> Json:
    given: Json = {name: value for name, value in request.query_params.items() if value}
    for name in ("variables", "extensions"):
        if name in given:
            given[name] = _parsed(given[name], f"`{name}`")
    return given


def _asked(given: object) -> Asked:
    if not isinstance(given, dict):
        raise bad_request("The body must be one JSON object with `query`; batches are not served")
    for name, (type_, shape) in _PARAMETERS.items():
        if not isinstance(given.get(name), type_ | None):
            raise bad_request(f"`{name}` must be {shape}")
    if not given.get("query") and "persistedQuery" not in (given.get("extensions") or {}):
        raise bad_request("`query` is missing")
    return Asked(given.get("query"), given.get("operationName"), given.get("variables"), given.get("extensions"))
