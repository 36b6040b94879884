"""Large answers in a smaller form, above all the description of the schema, which GraphiQL asks for at each visit."""

import asyncio
import gzip
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from gql_api.http.encodings import accepted_encodings
from gql_api.http.negotiation import Form

SMALLEST_BYTES: Final = 65_536
"""What is smaller is on its way sooner than it could be compressed for most callers; pages of lists are."""

_LEVEL: Final = 1
"""A sixth of the size at 100 MB a second; the highest level takes ten times as long for a little more."""


async def compressed(response: Response, request: Request) -> Response:
    """The same answer by gzip where it is large and JSON, and the caller reads that. Beside the event loop."""
    body = bytes(response.body)
    if len(body) < SMALLEST_BYTES or response.media_type is None or Form.EVENTS in response.media_type:
        return response
    vary = {"Vary": f"{response.headers['Vary']}, Accept-Encoding"}
    if "gzip" not in accepted_encodings(request.headers):
        response.headers.update(vary)
        return response
    smaller = await asyncio.to_thread(gzip.compress, body, _LEVEL)
    return Response(smaller, response.status_code, {**vary, "Content-Encoding": "gzip"}, response.media_type)
