"""docs/docker.md speaks of services, commands, ports and settings that there are."""

import re
import shlex

import pytest
from typer.main import get_command

from mailing.cli import app
from tests.infra.containers.compose import services, variables
from tests.infra.containers.context import ROOT

TEXT = (ROOT / "docs" / "docker.md").read_text()
LINES = re.findall(r"^docker .+$", "\n".join(re.findall(r"```bash\n(.+?)```", TEXT, re.DOTALL)), re.MULTILINE)
IN_CONTAINERS = [line for line in LINES if line.startswith(("docker compose exec", "docker compose run"))]
OF_THE_PROGRAM = re.findall(r"(?:exec (?:-T )?api mailing|run --rm migrate|docker run --rm mailing) ([\w-]+)", TEXT)


@pytest.mark.parametrize("line", IN_CONTAINERS)
def test_commands_run_in_services_that_there_are(line: str) -> None:
    _, _, _, *words = shlex.split(line)
    assert next(word for word in words if not word.startswith("-")) in services()


def test_commands_of_the_program_are_some() -> None:
    known = set(get_command(app).commands) | {"--help"}  # type: ignore[attr-defined]  # it is a group of commands
    assert len(OF_THE_PROGRAM) > 5
    assert set(OF_THE_PROGRAM) - known == set()


def test_every_address_is_one_that_is_published_and_none_is_left_out() -> None:
    told = set(re.findall(r"<http://localhost:(\d+)/", TEXT))
    published = {port.split(":")[1] for service in services().values() for port in service.get("ports", ())}
    assert told == published


def test_every_service_is_told_of() -> None:
    table = TEXT[TEXT.index("## What runs") : TEXT.index("## Settings")]
    told = {
        name for row in re.findall(r"^\| (`.+?) \|", table, re.MULTILINE) for name in re.findall(r"`([\w-]+)`", row)
    }
    assert told == set(services()) - {"demo"}


def test_every_variable_of_the_compose_file_alone_is_named_or_is_a_port() -> None:
    own = {name for name in variables() if not name.startswith("MAILING_") and not name.endswith("_PORT")}
    assert {name for name in own if f"`{name}`" not in TEXT} == set()


def test_places_that_it_leads_to_are_there() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", TEXT) if "://" not in link]
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
