"""What a site over HTTPS is set up as, in a process of its own with its settings alone."""

import json
import os
import string
import subprocess
import sys

import pytest

from tests.config.test_settings import SECRETS
from tests.processes import ROOT

SITE = {**SECRETS, "SITE_URL": "https://chat.example.by", "SECRET_KEY": string.ascii_letters + string.digits}
# The pages of the tests' own site, but over HTTPS and with its names.
VISIT = """
import json, django
from django.test import Client
django.setup()
from django.conf import settings
from django.core.management import call_command
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
call_command("migrate", verbosity=0)
from django.contrib.auth import get_user_model
get_user_model().objects.create_user("alice", password="correct horse")
client = Client(headers={"Host": "chat.example.by"})
plain, probe = client.get("/accounts/login/"), client.get("/healthz", headers={"Host": "10.0.0.7"})
page = client.get("/accounts/login/", secure=True)
client.post("/accounts/login/", {"login": "alice", "password": "correct horse"}, secure=True)
client.post("/language/setlang/", {"language": "en"}, secure=True)
client.post("/accounts/", {"email": "alice@example.by", "password": "correct horse"}, secure=True)
cookies = {name: {flag: str(cookie[flag]) for flag in ("secure", "httponly", "samesite", "path", "domain")}
           for name, cookie in client.cookies.items()}
calls = [client.post(path, "{}", content_type="application/json") for path in (
    "/api/v1/gemini/chat-sessions/", "/gemini/send-message/", "/gemini/api/sessions/1/update-title/")]
docs = client.get("/api/v1/docs/")
print(json.dumps({
    "calls": [[call.status_code, call.json()] for call in calls], "docs": docs.status_code,
    "policy": calls[0].headers.get("Content-Security-Policy", ""),
    "plain": [plain.status_code, plain.headers.get("Location")], "probe": probe.status_code,
    "hsts": page.headers.get("Strict-Transport-Security"), "cookies": cookies,
}))
"""


def run(*command, **environment):
    clean = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}", **environment}
    clean["DJANGO_SETTINGS_MODULE"] = "config.settings"
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=clean, capture_output=True, text=True)


def test_the_check_for_deployment_finds_nothing():
    done = run("manage.py", "check", "--deploy", "--fail-level", "INFO", **SITE)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def visited(tmp_path_factory):
    database = tmp_path_factory.mktemp("production") / "db.sqlite3"
    done = run("-c", VISIT, DATABASE_URL=f"sqlite:///{database}", **SITE)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_every_cookie_is_bound_to_this_host_and_to_https(visited):
    names = {"__Host-sessionid", "__Host-csrftoken", "__Host-language", "__Host-messages"}
    assert set(visited["cookies"]) == names
    for name, flags in visited["cookies"].items():
        assert flags["secure"] == flags["httponly"] == "True", name
        assert flags["samesite"] == "Lax", name
        assert (flags["path"], flags["domain"]) == ("/", ""), name


def test_http_leads_to_https_which_browsers_remember_for_a_year(visited):
    assert visited["plain"] == [301, "https://chat.example.by/accounts/login/"]
    assert visited["hsts"] == "max-age=31536000; includeSubDomains"
    assert visited["probe"] == 200


def test_a_call_of_an_api_over_http_is_refused_and_not_led_on(visited):
    """Its key is out already: a program that were led to HTTPS would never notice, and go on sending it."""
    words = "API отвечает только по HTTPS. Ключ, который ушёл без него, смените."
    rest = {"error": words, "code": "https_required"}
    assert visited["calls"] == [[403, rest], [403, {"success": False} | rest], [403, {"success": False} | rest]]
    assert "default-src 'none'" in visited["policy"]
    # A page, for people.
    assert visited["docs"] == 301


def test_nobody_is_trusted_to_say_where_everybody_calls_from():
    done = run("-c", "import config.settings", TRUSTED_PROXIES="*", **SITE)
    assert done.returncode != 0
    assert "TRUSTED_PROXIES names addresses" in done.stderr
