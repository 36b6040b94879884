"""A bundle as the build makes them, but small, and a server that has it."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from gql_api.docs.routes import PageForPeople, docs_routes
from tests.gql_api.serving import serving


@pytest.fixture(scope="session")
def _bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("docs") / "bundle"


@pytest.fixture
def bundle(_bundle: Path) -> Path:
    """The page, a script in three forms, a style sheet in one, and a file beside them that is nobody's business."""
    assets = _bundle / "assets"
    assets.mkdir(parents=True, exist_ok=True)
    (_bundle / "index.html").write_text("<title>GraphiQL</title>")
    for name, content in {
        "index-1a2b.js": "the script",
        "index-1a2b.js.br": "by Brotli",
        "index-1a2b.js.gz": "by gzip",
        "index-3c4d.css": "the styles",
    }.items():
        (assets / name).write_text(content)
    (_bundle.parent / "secret.txt").write_text("a secret")
    return _bundle


@pytest.fixture(scope="session")
async def _site(_bundle: Path) -> AsyncIterator[aiohttp.ClientSession]:
    api = PageForPeople(PlainTextResponse("the API"), _bundle)
    app = Starlette(routes=[Route("/graphql", api), *docs_routes(_bundle)])
    async with serving(app) as address, aiohttp.ClientSession(f"http://{address}", auto_decompress=False) as http:
        yield http


@pytest.fixture
def site(_site: aiohttp.ClientSession, bundle: Path) -> aiohttp.ClientSession:
    """Asks a server that has the bundle at /docs/ and something that stands for the API at /graphql."""
    return _site
