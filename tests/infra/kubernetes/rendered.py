"""What `kubectl apply -k` would send, and the parts of it that tests look at."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[3]
KUBERNETES = ROOT / "deploy" / "kubernetes"
KUBECTL = Path(sys.executable).parent / "kubectl"
OVERLAYS = ("development", "production")
OURS = ("api", "worker", "scheduler", "migrate")

Object = Mapping[str, Any]


@cache
def objects(overlay: str) -> tuple[Object, ...]:
    """All objects of an overlay. AssertionError, with what kubectl says, where it cannot be rendered."""
    command = [str(KUBECTL), "kustomize", str(KUBERNETES / "overlays" / overlay)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return tuple(yaml.safe_load_all(ran.stdout))


def of_kind(overlay: str, *kinds: str) -> list[Object]:
    return [found for found in objects(overlay) if found["kind"] in kinds]


def named(overlay: str, kind: str, name: str) -> Object:
    """The only one of that kind and name."""
    (found,) = [found for found in of_kind(overlay, kind) if found["metadata"]["name"] == name]
    return found


def workloads(overlay: str) -> dict[str, Object]:
    """What makes pods, by name."""
    return {found["metadata"]["name"]: found for found in of_kind(overlay, "Deployment", "StatefulSet", "Job")}


def pod(workload: Object) -> Object:
    """What a pod of it does."""
    spec: Object = workload["spec"]["template"]["spec"]
    return spec


def labels(workload: Object) -> Mapping[str, str]:
    """Those of its pods."""
    found: Mapping[str, str] = workload["spec"]["template"]["metadata"]["labels"]
    return found


def containers(workload: Object) -> list[Object]:
    """All of its pods' containers, those too that run before the others."""
    return [*pod(workload).get("initContainers", []), *pod(workload)["containers"]]


def of_the_program(overlay: str) -> Iterator[tuple[str, Object]]:
    """Each container that runs our image, with the name of its workload."""
    for name, workload in workloads(overlay).items():
        for container in containers(workload):
            if container["image"].partition(":")[0].endswith("mailing"):
                yield name, container


def environment(overlay: str, container: Object) -> dict[str, str]:
    """What a container finds there; of what a Secret holds, the place in angle brackets.

    Where the overlay makes the Secret itself, what is optional and not in it is left out.
    """
    found: dict[str, str] = {}
    for source in container.get("envFrom", []):
        found |= named(overlay, "ConfigMap", source["configMapRef"]["name"])["data"]
    for variable in container.get("env", []):
        if "value" in variable:
            found[variable["name"]] = variable["value"]
        elif _may_be_there(overlay, reference := variable["valueFrom"]["secretKeyRef"]):
            found[variable["name"]] = f"<{reference['name']}:{reference['key']}>"
    return found


def selects(selector: Object, of: Mapping[str, str]) -> bool:
    """Whether a LabelSelector matches labels; an empty one matches all."""
    assert set(selector) <= {"matchLabels", "matchExpressions"}, selector
    expressions = selector.get("matchExpressions", [])
    assert all(expression["operator"] == "In" for expression in expressions), expressions
    return all(of.get(name) == value for name, value in selector.get("matchLabels", {}).items()) and all(
        of.get(expression["key"]) in expression["values"] for expression in expressions
    )


def port_names(workload: Object) -> dict[str, int]:
    """The ports of its pods by their names."""
    return {
        port["name"]: port["containerPort"] for container in containers(workload) for port in container.get("ports", [])
    }


def _may_be_there(overlay: str, reference: Object) -> bool:
    """AssertionError where it has to be and is not."""
    for secret in of_kind(overlay, "Secret"):
        if secret["metadata"]["name"] == reference["name"]:
            is_there: bool = reference["key"] in secret["data"]
            assert is_there or reference.get("optional"), reference
            return is_there
    return True
