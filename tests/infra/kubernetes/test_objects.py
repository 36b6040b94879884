"""Every object is one that Kubernetes takes, and none may do more than it has to."""

import json
import tomllib
from collections import Counter
from pathlib import Path

import jsonschema
import kubernetes_validate
import pytest
import yaml
from kubernetes_validate import SchemaNotFoundError

from tests.infra.kubernetes.rendered import OVERLAYS, ROOT, Object, containers, objects, of_kind, pod, workloads

VERSION = "1.37"
SCHEMAS = Path(__file__).parent / "schemas"
"""Of the Prometheus operator, whose objects are no part of Kubernetes."""


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_object_keeps_to_the_schema_of_its_kind(overlay: str) -> None:
    for found in objects(overlay):
        if found["apiVersion"].startswith("monitoring.coreos.com/"):
            schema = json.loads((SCHEMAS / f"{found['kind'].lower()}.json").read_text())
            jsonschema.validate(found, schema)
        else:
            kubernetes_validate.validate(dict(found), VERSION, strict=True)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_no_two_objects_are_the_same_one_and_all_are_in_the_overlays_namespace(overlay: str) -> None:
    (namespace,) = [found["metadata"]["name"] for found in of_kind(overlay, "Namespace")]
    names = Counter((found["kind"], found["metadata"]["name"]) for found in objects(overlay))
    assert [name for name, count in names.items() if count > 1] == []
    assert {found["metadata"].get("namespace") for found in objects(overlay) if found["kind"] != "Namespace"} == {
        namespace
    }


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_pod_is_one_that_the_restricted_standard_lets_in_and_less(overlay: str) -> None:
    for name, workload in workloads(overlay).items():
        spec = pod(workload)
        assert spec["securityContext"]["runAsNonRoot"] is True, name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert spec["automountServiceAccountToken"] is False, name
        assert spec["enableServiceLinks"] is False, name
        assert not {"hostNetwork", "hostPID", "hostIPC", "hostUsers"} & set(spec), name
        assert all(set(volume) <= {"name", "emptyDir", "secret"} for volume in spec["volumes"]), name
        for container in containers(workload):
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, (name, container["name"])


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_container_says_what_it_needs_and_at_most_takes_of_memory(overlay: str) -> None:
    for name, workload in workloads(overlay).items():
        for container in containers(workload):
            resources = container["resources"]
            assert set(resources["requests"]) == {"cpu", "memory"}, name
            assert set(resources["limits"]) == {"memory"}, name
            assert _mebibytes(resources["limits"]["memory"]) >= 2 * _mebibytes(resources["requests"]["memory"]), name


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_image_has_an_exact_version_but_the_one_that_is_built_here(overlay: str) -> None:
    images = {container["image"] for workload in workloads(overlay).values() for container in containers(workload)}
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    expected = {
        "development": {"mailing:development", compose["postgres"]["image"], compose["valkey"]["image"]},
        "production": {f"registry.example.com/mailing:{version}"},
    }
    assert images == expected[overlay]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_whoever_runs_several_pods_spreads_them_and_loses_one_at_a_time(overlay: str) -> None:
    budgets = {found["metadata"]["name"]: found["spec"] for found in of_kind(overlay, "PodDisruptionBudget")}
    for name in ("api", "worker", "scheduler"):
        workload = workloads(overlay)[name]
        selector = workload["spec"]["selector"]
        assert workload["spec"]["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
        assert [
            (spread["topologyKey"], spread["whenUnsatisfiable"], spread["labelSelector"])
            for spread in pod(workload)["topologySpreadConstraints"]
        ] == [
            ("topology.kubernetes.io/zone", "ScheduleAnyway", selector),
            ("kubernetes.io/hostname", "ScheduleAnyway", selector),
        ]
        assert budgets[name] == {
            "maxUnavailable": 1,
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
            "selector": selector,
        }
    assert len(budgets) == 3


def test_a_field_that_the_operator_does_not_know_is_found() -> None:
    schema = json.loads((SCHEMAS / "servicemonitor.json").read_text())
    monitor: Object = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "ServiceMonitor",
        "metadata": {"name": "x"},
        "spec": {"selector": {}, "endpoints": [{"port": "metrics", "scrapeTimout": "10s"}]},
    }
    with pytest.raises(jsonschema.ValidationError, match="scrapeTimout"):
        jsonschema.validate(monitor, schema)
    with pytest.raises(SchemaNotFoundError):  # Should it have them one day, the two files here can go.
        kubernetes_validate.validate(dict(monitor), VERSION, strict=True)


def _mebibytes(amount: str) -> int:
    number, unit = amount[:-2], amount[-2:]
    return int(number) * {"Mi": 1, "Gi": 1_024}[unit]
