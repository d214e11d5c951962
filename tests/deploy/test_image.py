"""The image without a builder of images: a folder with what the Dockerfile copies, and its own commands run there."""

import re
import shutil
import subprocess
import sys

from tests.processes import ROOT

DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text()
OPEN_LOGIN = """
import django
django.setup()
from django.test import Client
answer = Client(headers={"Host": "localhost"}).get("/accounts/login/")
assert answer.status_code == 200, answer.status_code
assert b"/static/css/site." in answer.content
"""


def test_what_the_image_holds_is_enough_to_collect_to_migrate_and_to_serve(tmp_path):
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE):
        *sources, _ = line.split()
        for source in sources:
            copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
            copy(ROOT / source, tmp_path / source)

    def run(*command: str, **environment: str) -> None:
        paths = {"PYTHONPATH": f"{tmp_path}/site:{tmp_path}", "PATH": "/usr/bin:/bin"}
        done = subprocess.run(
            [sys.executable, *command], cwd=tmp_path, env=paths | environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr

    [secret] = re.findall(r"^RUN (SECRET_KEY=\S+) /venv/bin/python manage.py collectstatic", DOCKERFILE, re.MULTILINE)
    run("manage.py", "collectstatic", "--noinput", "--verbosity", "0", SECRET_KEY=secret.partition("=")[2])
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["static"], "no secret stays in the image"
    site = {
        "SECRET_KEY": "of the test",
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    run("manage.py", "migrate", "--noinput", "--verbosity", "0", **site)
    run("-c", OPEN_LOGIN, **site)
