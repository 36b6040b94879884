import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("folder", ["web", "tests/conformance"])
def test_what_comes_from_npm_is_pinned_and_comes_from_any_registry(folder: str) -> None:
    packages = json.loads((ROOT / folder / "package-lock.json").read_text())["packages"]
    own = {"", "admin", "graphiql", *(name for name, package in packages.items() if "link" in package)}
    of_others = {name: package for name, package in packages.items() if name not in own}

    assert [name for name, package in of_others.items() if "integrity" not in package] == []
    assert [name for name, package in of_others.items() if "resolved" in package] == []
