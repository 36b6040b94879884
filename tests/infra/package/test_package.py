import re
import shutil
import tarfile
import zipfile
from pathlib import Path

import aiohttp
import pytest

from gql_api.docs.page import BUNDLE as GRAPHIQL
from gql_api.ui.page import BUNDLE as UI
from mailing.cli.preconditions import free_port
from mailing.version import version
from releasing.package import differences, problems_of
from tests.e2e.service import Service
from tests.infra.package.environment import environment_with
from tests.running import run

pytestmark = [
    pytest.mark.xdist_group("package"),  # Built once, not in each test process.
    pytest.mark.timeout(600),  # Twenty seconds of work, which may take long on a busy machine.
]


def test_wheel_and_source_distribution_are_whole(distributions: Path) -> None:
    assert problems_of(distributions) == []


def test_what_is_not_whole_is_told(distributions: Path, tmp_path: Path) -> None:
    # Given a wheel without its triggers, and a source distribution with nothing in it
    (wheel,), (source,) = distributions.glob("*.whl"), distributions.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as whole, zipfile.ZipFile(tmp_path / wheel.name, "w") as partly:
        for name in whole.namelist():
            if name != "mailing/migrations/sql/0001_engine.sql":
                partly.writestr(name, whole.read(name))
    with tarfile.open(tmp_path / source.name, "w:gz"):
        pass

    # Then
    problems = problems_of(tmp_path)
    assert [problem for problem in problems if problem.startswith(wheel.name)] == [
        f"{wheel.name}: lacks mailing/migrations/sql/0001_engine.sql"
    ]
    assert {f"{source.name}: lacks {path}" for path in ("Makefile", "web/package.json", "mailing/__init__.py")} < {
        *problems
    }


def test_another_version_is_not_taken_for_this_one(distributions: Path, tmp_path: Path) -> None:
    (wheel,) = distributions.glob("*.whl")
    shutil.copy(wheel, tmp_path / "mailing_service-9.9.9-py3-none-any.whl")
    (problem,) = problems_of(tmp_path)
    assert problem.endswith("and holds ['mailing_service-9.9.9-py3-none-any.whl']")


def test_what_lacks_is_too_much_or_differs_is_told() -> None:
    needed, found = {"a": b"1", "b": b"2", "c": b"3"}, {"b": b"2", "c": b"4", "d": b"5"}
    assert differences("w", needed, found) == [
        "w: lacks a",
        "w: has d, which git leaves out",
        "w: c is not as it is here",
    ]


async def test_in_an_empty_environment_it_starts_everything(distributions: Path, server_dir: Path) -> None:
    # Given
    (wheel,) = distributions.glob("*.whl")
    folder = server_dir / "package"
    python = await environment_with(wheel, folder / "environment")

    # When
    service = Service(folder, free_port(), {}, python=python)
    try:
        await service.start(seconds=150)  # Python has compiled nothing there yet.
        said = await run(python.with_name("mailing"), "--version", folder=folder, env={})
        pages = {path: await _page(service, path) for path in ("/", "/docs/")}
    finally:
        await service.stop_if_running()

    # Then
    assert (said.status, said.output) == (0, f"mailing {version()}\n")
    for path, bundle in {"/": UI, "/docs/": GRAPHIQL}.items():
        scripts = re.findall(r'<script[^>]* src="([^"]+)"', (bundle / "index.html").read_text())
        assert scripts
        assert re.findall(r'<script[^>]* src="([^"]+)"', pages[path]) == scripts, path


async def _page(service: Service, path: str) -> str:
    async with aiohttp.ClientSession() as session, session.get(f"http://{service.address}{path}") as answer:
        assert answer.status == 200, await answer.text()
        return await answer.text()
