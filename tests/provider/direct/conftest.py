"""The direct client alone."""

import pytest

from mailing.provider.direct.client import DirectProvider


@pytest.fixture
def client() -> type[DirectProvider]:
    return DirectProvider
