import json
import subprocess
import sys
import zipfile
from pathlib import Path

from gql_api.docs.page import BUNDLE as GRAPHIQL
from gql_api.ui.page import BUNDLE as UI

ROOT = Path(__file__).parents[2]


def test_what_the_pages_are_built_from_is_pinned_and_comes_from_any_registry() -> None:
    packages = json.loads((ROOT / "web/package-lock.json").read_text())["packages"]
    own = {"", "admin", "graphiql", *(name for name, package in packages.items() if "link" in package)}
    for name in own:
        del packages[name]

    assert [name for name, package in packages.items() if "integrity" not in package] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []


def test_a_wheel_has_both_pages_whole_in_it(tmp_path: Path) -> None:
    # Given
    assert all((bundle / "index.html").exists() for bundle in (UI, GRAPHIQL)), "run `make web`"
    files = [path for bundle in (UI, GRAPHIQL) for path in bundle.rglob("*") if path.is_file()]
    built = {str(path.relative_to(ROOT)): path.read_bytes() for path in files}

    # When
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip

    # Then
    (path,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(path) as wheel:
        packed = {name: wheel.read(name) for name in wheel.namelist() if "/bundle/" in name}
    assert packed == built
