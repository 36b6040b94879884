"""docker-compose.yml: by its schema, and against the program, the Dockerfile and the files that it mounts."""

import re
import shutil
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from typer.main import get_command

from mailing.cli import app
from mailing.settings import PREFIX, Settings, load_settings
from tests.infra.containers.compose import (
    FILE,
    OURS,
    environment,
    grace_seconds,
    health_check,
    services,
    variables,
)
from tests.infra.containers.context import ROOT
from tests.infra.containers.dockerfile import stages
from tests.infra.containers.test_dockerfile import DIGEST
from tests.running import run

SERVE = ("api", "worker", "scheduler")
OTHERS = sorted(set(services()) - set(OURS))
IMAGE = stages()["runtime"].environment
PORTS_OF_OTHERS = {"postgres": 5432, "valkey": 6379, "mailpit": 1025}
"""What their images listen on."""


async def test_it_is_what_its_schema_allows() -> None:
    program = Path(sys.executable).parent / "check-jsonschema"
    ran = await run(program, "--builtin-schema", "vendor.compose-spec", FILE, folder=ROOT)
    assert ran.status == 0, ran.output + ran.errors


@pytest.mark.parametrize("service", OURS)
def test_every_command_is_one_with_options_that_it_has(service: str) -> None:
    name, *arguments = services()[service]["command"]
    command = get_command(app).get_command(None, name)  # type: ignore[attr-defined]  # it is a group of commands
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in arguments if word.startswith("--")} - known == set()


@pytest.mark.parametrize("service", OURS)
def test_every_variable_of_the_program_is_a_setting_with_a_value_that_it_allows(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    given = {name: value for name, value in {**IMAGE, **environment(service)}.items() if name.startswith(PREFIX)}
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    # When
    settings = load_settings()

    # Then
    assert set(given) - {PREFIX + name.upper() for name in Settings.model_fields} == set()
    assert settings.metrics_host == "0.0.0.0"


def test_variables_that_can_be_set_stand_in_the_example_with_the_same_default() -> None:
    listed = dict(re.findall(r"^#(\w+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    own = {name: default for name, default in variables().items() if not name.startswith(PREFIX)}
    assert own == {name: default for name, default in listed.items() if not name.startswith(PREFIX)}
    assert set(variables()) - set(listed) == set()


def test_hosts_and_ports_are_those_of_services() -> None:
    settings = environment("worker")
    urls = [urlsplit(settings[f"{PREFIX}{name}_URL"]) for name in ("DATABASE", "REDIS", "PROVIDER", "SMTP")]
    assert {url.hostname: url.port for url in urls} == PORTS_OF_OTHERS | {"fake-provider": 8090}
    assert services()["fake-provider"]["command"][-2:] == ["--port", "8090"]
    database = urls[0]
    assert environment("postgres") == {
        "POSTGRES_USER": database.username,
        "POSTGRES_PASSWORD": database.password,
        "POSTGRES_DB": database.path.removeprefix("/"),
    }


def test_nothing_is_reached_from_outside_this_machine() -> None:
    published = {name: service["ports"] for name, service in services().items() if "ports" in service}
    assert published == {
        "api": ["127.0.0.1:8000:8000"],
        "fake-provider": ["127.0.0.1:8090:8090"],
        "mailpit": ["127.0.0.1:8025:8025"],
        "prometheus": ["127.0.0.1:9090:9090"],
        "grafana": ["127.0.0.1:3000:3000"],
    }
    assert environment("api")[f"{PREFIX}LET_ANYONE_IN_WITHOUT_SIGN_IN"] == "true"
    assert [name for name in OURS if f"{PREFIX}LET_ANYONE_IN_WITHOUT_SIGN_IN" in environment(name)] == ["api"]


@pytest.mark.parametrize("service", SERVE)
def test_what_serves_waits_for_what_it_needs_and_comes_back(service: str) -> None:
    it = services()[service]
    assert it["depends_on"] == {
        "migrate": {"condition": "service_completed_successfully"},
        "valkey": {"condition": "service_healthy"},
    }
    assert it["restart"] == "unless-stopped"
    assert services()["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


@pytest.mark.parametrize("service", OURS)
def test_ours_may_do_nothing_that_they_need_not(service: str) -> None:
    it = services()[service]
    assert (it["read_only"], it["tmpfs"], it["cap_drop"]) == (True, ["/tmp"], ["ALL"])
    assert "user" not in it, "the image says who runs it"


@pytest.mark.parametrize("service", list(services()))
def test_logs_cannot_fill_the_disk_and_nobody_gains_rights(service: str) -> None:
    it = services()[service]
    assert it["logging"] == {"driver": "json-file", "options": {"max-size": "50m", "max-file": "5"}}
    assert it["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("service", SERVE)
def test_any_number_of_each_may_run_where_no_port_is_published(service: str) -> None:
    assert "container_name" not in services()[service]
    assert ("ports" in services()[service]) == (service == "api")


def test_who_is_told_to_stop_has_the_time_that_it_takes() -> None:
    drain = float(environment("worker")[f"{PREFIX}DRAIN_SECONDS"])
    assert drain == Settings.model_fields["drain_seconds"].default
    assert grace_seconds("worker") >= drain + 5
    # Five seconds for requests in flight (commands/api.py), and some to close.
    assert grace_seconds("api") >= 10


def test_one_service_builds_the_image_and_none_asks_a_registry_for_it() -> None:
    assert [name for name, service in services().items() if "build" in service] == ["migrate"]
    assert {services()[name]["pull_policy"] for name in OURS} == {"never"}


@pytest.mark.parametrize("service", OTHERS)
def test_images_of_others_are_pinned_by_their_content(service: str) -> None:
    assert DIGEST.match(services()[service]["image"])


@pytest.mark.parametrize("service", SERVE)
def test_each_is_asked_whether_it_lives(service: str) -> None:
    command = ["mailing", "healthy"]
    assert health_check(service) == ([*command, "--port", "8000"] if service == "api" else command)


def test_what_is_mounted_is_there_and_every_volume_is_named() -> None:
    mounts = [volume.split(":") for service in services().values() for volume in service.get("volumes", ())]
    files = [mount[0] for mount in mounts if mount[0].startswith("./")]
    assert [file for file in files if not (ROOT / file).exists()] == []
    assert [mount for mount in mounts if mount[0].startswith("./") and mount[2:] != ["ro"]] == []
    named = {mount[0] for mount in mounts if not mount[0].startswith("./")}
    assert named == set(yaml.safe_load(FILE.read_text())["volumes"])


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not there: apt-get install prometheus")
async def test_promtool_is_content_with_what_prometheus_finds(tmp_path: Path) -> None:
    # Given the files where they are mounted
    for volume in services()["prometheus"]["volumes"][:2]:
        source, target, _ = volume.split(":")
        shutil.copy(ROOT / source, tmp_path / Path(target).name)

    # Then
    ran = await run("promtool", "check", "config", "prometheus.yml", folder=tmp_path)
    assert ran.status == 0, ran.output + ran.errors


def test_prometheus_asks_every_process_on_the_port_that_it_has() -> None:
    (job,) = yaml.safe_load((ROOT / "deploy/compose/prometheus.yml").read_text())["scrape_configs"]
    (found,) = job["dns_sd_configs"]
    assert (job["job_name"], sorted(found["names"])) == ("mailing", sorted(SERVE))
    assert {str(found["port"])} == {environment(name)[f"{PREFIX}METRICS_PORT"] for name in SERVE}


def test_grafana_finds_prometheus_and_the_dashboard() -> None:
    mounted = {target: source for source, target, *_ in (volume.split(":") for volume in _volumes("grafana"))}
    provisioning = ROOT / mounted["/etc/grafana/provisioning"]
    (source,) = yaml.safe_load((provisioning / "datasources/prometheus.yml").read_text())["datasources"]
    assert (urlsplit(source["url"]).hostname, urlsplit(source["url"]).port) == ("prometheus", 9090)
    assert source["isDefault"], "the dashboard's variable takes the default"
    (provider,) = yaml.safe_load((provisioning / "dashboards/mailing.yml").read_text())["providers"]
    home = environment("grafana")["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert home == f"{provider['options']['path']}/mailing.json"
    assert ROOT / mounted[home] == ROOT / "deploy/grafana/dashboard.json"


def _volumes(service: str) -> list[str]:
    found: list[str] = services()[service]["volumes"]
    return found
