"""What the Dockerfile makes, once for all tests that look at it or run it."""

from pathlib import Path

import pytest

from tests.infra.containers.dockerfile import stages
from tests.infra.containers.scratch import Scratch


@pytest.fixture(scope="session")
async def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is / in the image, as far as this project puts it there."""
    scratch = Scratch(tmp_path_factory.mktemp("image"))
    await scratch.prepare()
    for name in ("pages", "environment"):
        await scratch.build(stages()[name])
    return scratch.of("environment")
