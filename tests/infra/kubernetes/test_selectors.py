"""What selects pods finds some, and at ports that they have."""

import pytest

from tests.infra.kubernetes.rendered import (
    OVERLAYS,
    Object,
    containers,
    labels,
    named,
    of_kind,
    pod,
    port_names,
    selects,
    workloads,
)

ABROAD = {"nothing", "to-dns", "from-ingress-to-certificate-solver"}
"""Policies for all pods, or for one of others."""


def _selected(overlay: str, selector: Object) -> set[str]:
    return {name for name, workload in workloads(overlay).items() if selects(selector, labels(workload))}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_workload_selects_its_own_pods_and_no_others(overlay: str) -> None:
    for name, workload in workloads(overlay).items():
        if workload["kind"] != "Job":
            assert _selected(overlay, workload["spec"]["selector"]) == {name}


@pytest.mark.parametrize(
    ("overlay", "expected"),
    [
        (
            "development",
            {
                "api": {"api"},
                "postgres": {"postgres"},
                "valkey": {"valkey"},
                "fake-provider": {"fake-provider"},
            },
        ),
        ("production", {"api": {"api"}, "metrics": {"api", "worker", "scheduler"}}),
    ],
)
def test_every_service_leads_to_pods_that_have_its_ports(overlay: str, expected: dict[str, set[str]]) -> None:
    services = {found["metadata"]["name"]: found["spec"] for found in of_kind(overlay, "Service")}
    found = {
        name: _selected(overlay, {"matchLabels": spec["selector"]})
        for name, spec in services.items()
        if "selector" in spec
    }
    assert found == expected
    for name, selected in found.items():
        for port in services[name]["ports"]:
            assert all(port["targetPort"] in port_names(workloads(overlay)[pods]) for pods in selected), name
    assert set(services) - set(found) == ({"closed"} if overlay == "production" else set())


def test_prometheus_finds_the_service_of_the_metrics_and_calls_the_job_as_the_alerts_do() -> None:
    service, monitor = named("production", "Service", "metrics"), named("production", "ServiceMonitor", "mailing")
    found = [
        of["metadata"]["name"]
        for of in of_kind("production", "Service")
        if selects(monitor["spec"]["selector"], of["metadata"].get("labels", {}))
    ]
    assert found == ["metrics"]
    assert [endpoint["port"] for endpoint in monitor["spec"]["endpoints"]] == [
        port["name"] for port in service["spec"]["ports"]
    ]
    assert service["metadata"]["labels"][monitor["spec"]["jobLabel"]] == "mailing"


def test_autoscalers_scale_what_is_there_and_nothing_else_says_how_many() -> None:
    scaled = {
        found["spec"]["scaleTargetRef"]["name"]: found["spec"]
        for found in of_kind("production", "HorizontalPodAutoscaler")
    }
    assert set(scaled) == {"api", "worker"}
    assert all("replicas" not in workloads("production")[name]["spec"] for name in scaled)
    assert workloads("production")["scheduler"]["spec"]["replicas"] == 2


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_ingress_leads_to_ports_that_there_are(overlay: str) -> None:
    services = {found["metadata"]["name"]: found["spec"]["ports"] for found in of_kind(overlay, "Service")}
    for ingress in of_kind(overlay, "Ingress"):
        for rule in ingress["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                backend = path["backend"]["service"]
                assert backend["port"] in [
                    named_port
                    for port in services[backend["name"]]
                    for named_port in ({"name": port.get("name")}, {"number": port["port"]})
                ]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_policy_is_of_pods_that_there_are_and_lets_in_at_ports_that_they_have(overlay: str) -> None:
    for policy in of_kind(overlay, "NetworkPolicy"):
        name, spec = policy["metadata"]["name"], policy["spec"]
        if name in ABROAD:
            continue
        selected = _selected(overlay, spec["podSelector"])
        assert selected, name
        for rule in spec.get("ingress", []):
            for port in rule["ports"]:
                assert all(port["port"] in port_names(workloads(overlay)[pods]) for pods in selected), name
            for source in rule["from"]:
                assert "podSelector" not in source or _selected(overlay, source["podSelector"]), name


def test_who_may_go_where_is_what_each_part_needs() -> None:
    """Beyond this, nothing: `nothing` is for all pods, both ways."""
    everywhere = named("production", "NetworkPolicy", "nothing")
    assert everywhere["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    allowed: dict[str, set[int]] = {}
    for policy in of_kind("production", "NetworkPolicy"):
        ports = {port["port"] for rule in policy["spec"].get("egress", []) for port in rule["ports"]}
        for pods in _selected("production", policy["spec"]["podSelector"]):
            allowed[pods] = allowed.get(pods, set()) | ports
    assert allowed == {
        "api": {53, 5432, 6379, 443, 465, 587},
        "worker": {53, 5432, 6379, 443},
        "scheduler": {53, 5432, 6379, 465, 587},
        "migrate": {53, 5432},
    }


def test_where_nobody_has_to_sign_in_no_other_namespace_comes_in_to_the_api() -> None:
    let_in = [
        source
        for policy in of_kind("development", "NetworkPolicy")
        if "api" in _selected("development", policy["spec"]["podSelector"])
        for rule in policy["spec"].get("ingress", [])
        if "metrics" not in [port["port"] for port in rule["ports"]]
        for source in rule["from"]
    ]
    assert let_in == []


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_volumes_that_are_mounted_are_there(overlay: str) -> None:
    for name, workload in workloads(overlay).items():
        there = {volume["name"] for volume in pod(workload)["volumes"]}
        there |= {claim["metadata"]["name"] for claim in workload["spec"].get("volumeClaimTemplates", [])}
        mounted = {
            container["name"]: {mount["name"] for mount in container["volumeMounts"]}
            for container in containers(workload)
        }
        assert set().union(*mounted.values()) == there, name
        assert all("tmp" in names for names in mounted.values()), name  # Nothing else can be written to.
