import os
import sys
from pathlib import Path

import pytest

from gql_api.docs.page import BUNDLE as GRAPHIQL
from gql_api.ui.page import BUNDLE as UI
from tests.infra.package.environment import ROOT
from tests.running import run


@pytest.fixture(scope="session")
async def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution, and the wheel that was built from it."""
    assert all((bundle / "index.html").exists() for bundle in (UI, GRAPHIQL)), "run `make web`"
    folder = tmp_path_factory.mktemp("dist")
    env = os.environ | {"SOURCE_DATE_EPOCH": "1767225600"}
    ran = await run(
        sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ".",
        folder=ROOT, env=env, seconds=240,
    )  # fmt: skip
    assert ran.status == 0, ran.output + ran.errors
    return folder
