"""The tests that stand beside the admin UI's own sources, run by Vitest."""

from pathlib import Path

from tests.conformance.node import node_path
from tests.running import run

WEB = Path(__file__).parents[2] / "web"


async def test_what_the_pages_reckon_and_show_without_a_browser() -> None:
    assert (WEB / "node_modules").exists(), "run `make web`"
    vitest = WEB / "node_modules" / "vitest" / "vitest.mjs"

    # The documents are those of the build that `make test` makes first.
    ran = await run(node_path(), vitest, "run", "--reporter=dot", folder=WEB / "admin", seconds=100)

    assert ran.status == 0, ran.output + ran.errors
    assert "passed" in ran.output
