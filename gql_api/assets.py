"""The files that pages load. Each has a hash of its content in its name, and so never changes."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, PathLike, StaticFiles
from starlette.types import Scope

from gql_api.http.encodings import accepted_encodings

_FOR_GOOD: Final = "public, max-age=31536000, immutable"

_MEDIA_TYPES: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
"""Python's own table differs from machine to machine, and a script of another type is not run."""

_ENCODINGS: Final = {"br": ".br", "gzip": ".gz"}
"""What a file may be there as, too: the name in Accept-Encoding, the end of the file's name. The smallest first."""


class Assets(StaticFiles):
    """Gives each file in the smallest form that the browser accepts; it was compressed when the bundle was built."""

    def __init__(self, directory: Path, page_headers: Mapping[str, str]) -> None:
        """The directory may come later. `page_headers`: a worker goes by the policy that its own file came with."""
        super().__init__(directory=directory, check_dir=False)
        self._headers = {**page_headers, "Cache-Control": _FOR_GOOD, "Vary": "Accept-Encoding"}

    async def check_config(self) -> None:
        """Without a bundle there are no files: 404, not an error of the server."""

    def file_response(
        self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        request = Headers(scope=scope)
        headers = dict(self._headers)
        path = Path(full_path)
        media_type = _MEDIA_TYPES.get(path.suffix, "application/octet-stream")
        accepted = accepted_encodings(request)
        for encoding, ending in _ENCODINGS.items():
            smaller = path.with_name(path.name + ending)
            if encoding in accepted and smaller.is_file():
                path, stat_result = smaller, smaller.stat()
                headers["Content-Encoding"] = encoding
                break
        response = FileResponse(path, status_code, headers, media_type, stat_result=stat_result)
        return NotModifiedResponse(response.headers) if self.is_not_modified(response.headers, request) else response
