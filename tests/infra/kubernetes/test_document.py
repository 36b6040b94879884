"""docs/kubernetes.md: its commands are ones that kubectl and the program know, of things that there are."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import kubernetes_validate
import pytest
import yaml

from mailing.settings import Settings
from tests.infra.kubernetes.command_line import check
from tests.infra.kubernetes.rendered import (
    KUBECTL,
    KUBERNETES,
    ROOT,
    Object,
    containers,
    named,
    of_kind,
    of_the_program,
    pod,
    workloads,
)

DOCUMENT = (ROOT / "docs" / "kubernetes.md").read_text()
CONSOLE: Object = yaml.safe_load((KUBERNETES / "console.yaml").read_text())
VERBS = (
    ("create", "secret", "generic"),
    ("create", "namespace"),
    *(("rollout", verb) for verb in ("status", "undo", "restart")),
)
"""Those of more than one word."""
KINDS = {"deployment": "Deployment", "job": "Job", "hpa": "HorizontalPodAutoscaler", "service": "Service", "pod": "Pod"}


def _commands() -> Iterator[list[str]]:
    """Every command of kubectl that stands there, in words."""
    blocks = re.findall(r"^```sh\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    for line in (*lines, *re.findall(r"`(kubectl [^`]*)`", DOCUMENT)):
        for part in line.split(" | "):
            words = shlex.split(part, comments=True)
            if words[:1] == ["kubectl"]:
                yield words[1:]


def _parted(words: list[str]) -> tuple[tuple[str, ...], list[str], list[str]]:
    """What is to be done, what with, and what a pod is told to run."""
    own, _, inner = " ".join(map(shlex.quote, words)).partition(" -- ")
    rest = shlex.split(own)
    if rest[0] == "--namespace":
        assert rest[1] in {"mailing", "mailing-development", "monitoring"}
        rest = rest[2:]
    verb = next((verb for verb in VERBS if tuple(rest[: len(verb)]) == verb), (rest[0],))
    return verb, rest[len(verb) :], shlex.split(inner)


@cache
def _flags(verb: tuple[str, ...]) -> set[str]:
    said = "".join(
        subprocess.run([KUBECTL, *of], capture_output=True, text=True, check=True, timeout=60).stdout
        for of in ((*verb, "--help"), ("options",))
    )
    return set(re.findall(r"(--[a-z-]+)\b", said))


def test_every_option_is_one_of_kubectls_and_every_name_one_of_ours() -> None:
    found = list(_commands())
    assert len(found) > 30
    for words in found:
        verb, rest, _ = _parted(words)
        flags = {word.partition("=")[0] for word in rest if word.startswith("--")}
        assert flags <= _flags(verb), words
        for option, value in pairwise(rest):
            if option in {"--kustomize", "--filename"} and value != "-":
                assert (ROOT / value).exists(), words
        for kind, name in re.findall(r"\b(deployment|job|hpa|service|pod)[/ ](\w[\w-]*)", " ".join(rest)):
            assert name == "console" or named("production", KINDS[kind], name), words


def test_what_a_pod_is_told_to_run_is_a_command_of_the_program() -> None:
    inner = [inner for *_, inner in map(_parted, _commands()) if inner[:1] == ["mailing"]]
    assert {words[1] for words in inner} == {"doctor", "token", "migrate", "restored"}
    for words in inner:
        check(words)


def test_the_secrets_that_it_makes_are_those_that_pods_ask_for() -> None:
    made = set(re.findall(r"--from-literal (MAILING_\w+)=", DOCUMENT))
    documented = set(re.findall(r"^\| `(MAILING_\w+)` \|", DOCUMENT, re.MULTILINE))
    asked = {
        (reference["name"], reference["key"])
        for _, container in of_the_program("production")
        for variable in container.get("env", [])
        if (reference := variable.get("valueFrom", {}).get("secretKeyRef"))
    }
    assert {("mailing", key) for key in documented} == asked
    assert documented - made == {"MAILING_DATABASE_PREPARED_STATEMENTS"}  # Which few need.
    assert "create secret generic mailing-provider --from-file token=" in DOCUMENT
    volumes = [volume for volume in pod(workloads("production")["worker"])["volumes"] if "secret" in volume]
    assert [volume["secret"]["secretName"] for volume in volumes] == ["mailing-provider"]


def test_its_numbers_of_connections_are_right() -> None:
    most = {
        found["metadata"]["name"]: found["spec"]["maxReplicas"]
        for found in of_kind("production", "HorizontalPodAutoscaler")
    }
    pods = [most["api"], most["worker"], workloads("production")["scheduler"]["spec"]["replicas"]]
    size = Settings.model_fields["database_pool_size"].default
    assert f"`MAILING_DATABASE_POOL_SIZE` ({size})" in DOCUMENT
    assert f"make {sum(pods) * size}, and {(sum(pods) + len(pods)) * size} while" in " ".join(DOCUMENT.split())


def test_the_pod_for_commands_is_as_hardened_as_the_others_and_of_the_same_image() -> None:
    kubernetes_validate.validate(dict(CONSOLE), "1.37", strict=True)
    migrate = workloads("production")["migrate"]
    (console,), (other,) = CONSOLE["spec"]["containers"], containers(migrate)
    for name in ("image", "env", "securityContext", "volumeMounts"):
        assert console[name] == other[name], name
    for name in ("securityContext", "automountServiceAccountToken", "enableServiceLinks", "serviceAccountName"):
        assert CONSOLE["spec"][name] == pod(migrate)[name], name
    assert CONSOLE["metadata"]["labels"] == migrate["spec"]["template"]["metadata"]["labels"]


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([\w./-]+\.md)(?:#[\w-]+)?\)", DOCUMENT))))
def test_what_it_leads_to_is_there(path: str) -> None:
    assert (ROOT / "docs" / path).is_file()
