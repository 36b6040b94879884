"""What the manifests say of the program is so: its commands, its settings, its ports, its times."""

from pathlib import Path

import pytest
from starlette.routing import Route

from gql_api.app import create_app
from gql_api.auth.loopback import check_may_listen
from gql_api.http.asking import MOST_REQUEST_BYTES
from mailing.cli.commands.api import FINISH_SECONDS
from mailing.metrics.port import MetricsPort
from mailing.settings import Settings
from tests.infra.kubernetes.command_line import check
from tests.infra.kubernetes.given import IN_SECRETS, settings_of
from tests.infra.kubernetes.rendered import (
    OURS,
    OVERLAYS,
    environment,
    named,
    objects,
    of_the_program,
    pod,
    workloads,
)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_command_is_one_of_the_program_with_options_that_it_has(overlay: str) -> None:
    found = list(of_the_program(overlay))
    assert {name for name, _ in found} >= {*OURS}
    for _, container in found:
        check(container["command"])


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_variable_is_a_setting_and_every_value_one_that_the_program_takes(
    overlay: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, container in of_the_program(overlay):
        with monkeypatch.context() as variables:
            settings = settings_of(overlay, container, variables)
            if name in {"api", "worker", "scheduler"} and container["name"] == name:
                assert (settings.metrics_port, settings.metrics_host) == (9100, "0.0.0.0")
                assert settings.redis_url
            if container["name"] == "api":
                check_may_listen(settings, "0.0.0.0")  # Raises where nobody would have to sign in.


def test_in_production_people_sign_in_and_nothing_lets_them_past_that(monkeypatch: pytest.MonkeyPatch) -> None:
    (api,) = pod(workloads("production")["api"])["containers"]
    settings = settings_of("production", api, monkeypatch)
    (host,) = [rule["host"] for rule in named("production", "Ingress", "mailing")["spec"]["rules"]]
    assert settings.is_sign_in_on
    assert not settings.let_anyone_in_without_sign_in
    assert not settings.metrics_without_sign_in
    assert settings.public_url == f"https://{host}"


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_probes_ask_what_the_program_answers(overlay: str, settings: Settings) -> None:
    paths = {route.path for route in create_app(settings).routes if isinstance(route, Route)}
    for name in ("api", "worker", "scheduler"):
        (container,) = pod(workloads(overlay)[name])["containers"]
        ports = {port["name"]: port["containerPort"] for port in container["ports"]}
        probes = {kind: container[f"{kind}Probe"]["httpGet"] for kind in ("startup", "liveness", "readiness")}
        if name == "api":
            assert probes["liveness"] == probes["startup"] == {"path": "/healthz", "port": "http"}
            assert probes["readiness"] == {"path": "/readyz", "port": "http"}
            assert {probe["path"] for probe in probes.values()} <= paths
            assert ports == {"http": 8000, "metrics": 9100}
            assert container["command"][-2:] == ["--port", str(ports["http"])]
        else:
            assert all(probe == {"path": "/healthz", "port": "metrics"} for probe in probes.values())
            assert ports == {"metrics": 9100}


def test_the_port_of_the_metrics_has_the_path_of_the_probes_and_of_prometheus() -> None:
    port = MetricsPort("127.0.0.1", 0, lambda _: ("text/plain", b""), lambda: 0.0)
    try:
        assert {path: port.page(path, "").status for path in ("/healthz", "/metrics", "/readyz")} == {
            "/healthz": 200,
            "/metrics": 200,
            "/readyz": 404,
        }
    finally:
        port.close()


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_nobody_is_killed_before_the_program_has_had_its_time(overlay: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = workloads(overlay)
    grace = {name: pod(found[name])["terminationGracePeriodSeconds"] for name in ("api", "worker", "scheduler")}
    (api,), (worker,) = (pod(found[name])["containers"] for name in ("api", "worker"))
    drain = settings_of(overlay, worker, monkeypatch).drain_seconds
    assert grace["worker"] >= drain + 5
    assert grace["api"] >= api["lifecycle"]["preStop"]["sleep"]["seconds"] + FINISH_SECONDS + 5


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_token_of_the_provider_is_a_file_that_only_workers_have(overlay: str) -> None:
    holders = {
        name for name, workload in workloads(overlay).items() if any("secret" in v for v in pod(workload)["volumes"])
    }
    (worker,) = pod(workloads(overlay)["worker"])["containers"]
    path = Path(environment(overlay, worker)["MAILING_PROVIDER_TOKEN_FILE"])
    (mount,) = [mount for mount in worker["volumeMounts"] if mount["name"] == "provider-token"]
    assert holders == {"worker"}
    assert mount["mountPath"] == str(path.parent)
    assert "subPath" not in mount  # It would never change.
    (volume,) = [volume for volume in pod(workloads(overlay)["worker"])["volumes"] if "secret" in volume]
    assert volume["secret"] == {"secretName": "mailing-provider", "defaultMode": 0o440}
    assert path.name == "token"


def test_the_ingress_takes_what_the_api_takes_and_keeps_what_is_for_the_inside() -> None:
    ingress = named("production", "Ingress", "mailing")
    annotations = {
        name.removeprefix("nginx.ingress.kubernetes.io/"): value
        for name, value in ingress["metadata"]["annotations"].items()
    }
    (rule,) = ingress["spec"]["rules"]
    leads = {path["path"]: path["backend"]["service"]["name"] for path in rule["http"]["paths"]}
    assert annotations["proxy-body-size"] == f"{MOST_REQUEST_BYTES // 2**20}m"
    assert annotations["proxy-buffering"] == "off"
    assert int(annotations["proxy-read-timeout"]) >= 3_600
    assert int(annotations["proxy-send-timeout"]) >= 3_600
    assert leads == {"/": "api", "/healthz": "closed", "/readyz": "closed", "/metrics": "closed"}
    assert [tls["hosts"] for tls in ingress["spec"]["tls"]] == [[rule["host"]]]


def test_a_large_mailing_may_use_every_worker_that_the_autoscaler_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    (worker,) = pod(workloads("production")["worker"])["containers"]
    scaler = named("production", "HorizontalPodAutoscaler", "worker")
    assert settings_of("production", worker, monkeypatch).pump_slots == scaler["spec"]["maxReplicas"]


def test_production_has_no_secret_in_it() -> None:
    assert [found["kind"] for found in objects("production") if found["kind"] == "Secret"] == []
    for name, container in of_the_program("production"):
        for variable, value in environment("production", container).items():
            assert value.startswith("<mailing:") == (variable in IN_SECRETS), (name, variable)
            assert variable != "MAILING_PROVIDER_TOKEN", name
