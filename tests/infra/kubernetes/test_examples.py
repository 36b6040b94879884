"""What docs/kubernetes.md shows for overlays of one's own does what it says there."""

import os
import re
import subprocess
from pathlib import Path

import kubernetes_validate
import yaml

from tests.infra.kubernetes.rendered import KUBECTL, KUBERNETES, ROOT, Object, pod, workloads

DOCUMENT = (ROOT / "docs" / "kubernetes.md").read_text()
FOR_THE_REGISTRY, FOR_THE_DATABASE, FOR_PROMETHEUS = re.findall(
    r"^```yaml\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL
)


def test_the_example_of_a_policy_narrows_it_down(tmp_path: Path) -> None:
    policy = _overlaid(tmp_path, FOR_THE_DATABASE)["NetworkPolicy", "to-database"]
    (rule,) = policy["spec"]["egress"]
    assert rule == {"ports": [{"port": 5432, "protocol": "TCP"}], "to": [{"ipBlock": {"cidr": "10.20.0.5/32"}}]}
    kubernetes_validate.validate(dict(policy), "1.37", strict=True)


def test_the_example_for_a_registry_is_for_the_account_of_all_pods(tmp_path: Path) -> None:
    account = _overlaid(tmp_path, FOR_THE_REGISTRY)["ServiceAccount", "mailing"]
    assert account["imagePullSecrets"] == [{"name": "registry"}]
    kubernetes_validate.validate(dict(account), "1.37", strict=True)
    assert {pod(workload)["serviceAccountName"] for workload in workloads("production").values()} == {"mailing"}


def test_the_example_of_a_label_reaches_what_prometheus_looks_for(tmp_path: Path) -> None:
    ((name, value),) = yaml.safe_load(FOR_PROMETHEUS)["labels"][0]["pairs"].items()
    for found in _overlaid(tmp_path, FOR_PROMETHEUS).values():
        assert found["metadata"]["labels"][name] == value
        if found["kind"] == "Deployment":  # Labels of a selector cannot be changed.
            assert name not in found["spec"]["selector"]["matchLabels"]


def _overlaid(folder: Path, example: str) -> dict[tuple[str, str], Object]:
    """What production becomes with an example of the document, by kind and name."""
    production = os.path.relpath(KUBERNETES / "overlays" / "production", folder)
    (folder / "kustomization.yaml").write_text(f"resources: [{production}]\n{example}")
    rendered = subprocess.run([KUBECTL, "kustomize", folder], capture_output=True, text=True, check=True, timeout=60)
    return {(found["kind"], found["metadata"]["name"]): found for found in yaml.safe_load_all(rendered.stdout)}
