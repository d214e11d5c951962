"""What `deploy/` and `docs/operating.md` name is there, and nothing that is there goes unnamed."""

import re
import shutil
import subprocess

import pytest
import yaml

from config import server, settings
from gemini.replies import upkeep
from tests.processes import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
# Not the site's: compose's own variables, and those of Python.
OTHERS = {"POSTGRES_PASSWORD", "CERTIFICATES", "PATH", "PYTHONPATH", "PYTHONUNBUFFERED"}
LONGEST_DRAIN = settings.DRAIN_SECONDS + upkeep.LAST_WRITES + server.CLOSING


def known_variables() -> set[str]:
    """Every variable that `settings.py` reads."""
    source = (ROOT / "site/config/settings.py").read_text()
    names = re.findall(r'(?:env\.\w+|secret)\(\s*"([A-Z_]+)"', source)
    return {*names, *(f"GOOGLE_{name}" for name in re.findall(r'google_url\("([A-Z_]+)"', source))}


def variables_of_compose() -> set[str]:
    document = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    named = set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.yaml").read_text()))
    return named | set(document["x-app"]["environment"])


def variables_of_units() -> set[str]:
    text = "\n".join(unit.read_text() for unit in UNITS)
    return set(re.findall(r"(?:^Environment=|env |PYTHONPATH=\S+ )([A-Z_]+)=", text, re.MULTILINE))


def variables_of_image() -> set[str]:
    lines = re.findall(r"^ENV (.+)$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    return {name for line in lines for name in re.findall(r"([A-Z_]+)=", line)}


def test_every_variable_named_in_deploy_is_a_setting():
    in_file = set(re.findall(r"^([A-Z_]+)=", (DEPLOY / "gemini-chat.env").read_text(), re.MULTILINE))
    named = in_file | variables_of_compose() | variables_of_units() | variables_of_image()
    assert len(named) > 12
    assert named - OTHERS <= known_variables()


def test_the_table_of_variables_is_whole_and_names_no_other():
    page = (ROOT / "docs/operating.md").read_text()
    table = page.split("<!-- переменные -->")[1].split("<!-- /переменные -->")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)} == known_variables()


def test_every_path_that_the_image_takes_is_there():
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    paths = [path for line in copied for path in line.split()]
    assert len(paths) > 5
    assert not [path for path in paths if not (ROOT / path).exists()]
    # What is ignored could not be copied.
    allowed = set(re.findall(r"^!(.+)$", (DEPLOY / "Dockerfile.dockerignore").read_text(), re.MULTILINE))
    assert allowed == set(paths)


def test_the_image_gets_the_drivers_with_their_hashes():
    program = re.search(r"awk '(.+)' requirements-dev.lock", (DEPLOY / "Dockerfile").read_text())[1]
    command = ["awk", program, "requirements-dev.lock"]
    selected = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    blocks = re.findall(r"^([\w-]+)(?:\[[\w, ]+\])?==.+\\\n    --hash=", selected, re.MULTILINE)
    assert sorted(blocks) == ["hiredis", "psycopg", "psycopg-binary", "psycopg-pool", "redis"]


def test_files_that_compose_mounts_are_there():
    document = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    for volume in document["services"]["nginx"]["volumes"]:
        source = volume.split(":")[0]
        assert source.startswith("$") or (DEPLOY / source).exists()
    assert (DEPLOY / document["x-app"]["build"]["context"] / document["x-app"]["build"]["dockerfile"]).exists()


def test_a_worker_is_given_the_time_to_drain():
    for unit in UNITS:
        assert int(re.search(r"TimeoutStopSec=(\d+)", unit.read_text())[1]) > LONGEST_DRAIN
    grace = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["x-app"]["stop_grace_period"]
    assert int(grace.removesuffix("s")) > LONGEST_DRAIN


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_reads_the_units(unit, tmp_path):
    # The paths of the machine it is for are not here.
    text = unit.read_text().replace("/opt/gemini-chat/.venv/bin/python", "/usr/bin/true")
    instance = tmp_path / unit.name.replace("@.", "@8001.")
    instance.write_text(text)
    said = subprocess.run(["systemd-analyze", "verify", str(instance)], capture_output=True, text=True)
    complaints = [line for line in said.stderr.splitlines() if instance.name in line]
    assert not complaints


def test_no_file_names_a_registry_or_a_machine():
    for file in (path for path in DEPLOY.iterdir() if path.is_file()):
        assert not re.search(r"\b(?:ghcr|quay|docker|gcr|pypi)\.(?:io|org|com)|/work/|/root/", file.read_text()), file
