"""The outside provider of these stories, a process of its own."""

from collections.abc import Iterator

import pytest

from tests.e2e.outside import Addresses, outside_process


@pytest.fixture(scope="module")
def outside_addresses() -> Iterator[Addresses]:
    """Where it is."""
    with outside_process() as addresses:
        yield addresses
