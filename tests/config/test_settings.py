"""Settings as a process of its own reads them from the environment."""

import json
import os
import subprocess
import sys

from tests.processes import ROOT

NAMES = ("DEBUG", "ALLOWED_HOSTS", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "SIGNUP")
NAMES += ("PASSWORD_FORBIDDEN_WORDS",)
PRINT = f"import json; from config import settings; print(json.dumps({{n: getattr(settings, n) for n in {NAMES!r}}}))"
SECRETS = {"SECRET_KEY": "x" * 60, "FIELD_ENCRYPTION_KEYS": "dGVzdHMgdGVzdHMgdGVzdHMgdGVzdHMgdGVzdHMgMDE="}


def read(**environment):
    clean = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}", **environment}
    return subprocess.run([sys.executable, "-c", PRINT], cwd=ROOT, env=clean, capture_output=True, text=True)


def test_with_no_environment_at_all_it_is_a_development_site():
    values = json.loads(read().stdout)
    assert values["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert (values["DEBUG"], values["SECURE_SSL_REDIRECT"], values["SIGNUP"]) == (False, False, "open")


def test_a_public_address_is_production_and_takes_https_and_invitations():
    values = json.loads(read(SITE_URL="https://chat.example.by", **SECRETS).stdout)
    assert values["ALLOWED_HOSTS"] == ["chat.example.by"]
    assert values["SECURE_SSL_REDIRECT"]
    assert values["SESSION_COOKIE_SECURE"]
    assert values["SECURE_HSTS_SECONDS"] > 0
    assert values["SIGNUP"] == "invite"


def test_production_without_its_secrets_does_not_start():
    for name in SECRETS:
        secrets = {other: value for other, value in SECRETS.items() if other != name}
        started = read(SITE_URL="https://chat.example.by", **secrets)
        assert started.returncode != 0
        assert f"{name} must be set" in started.stderr


def test_an_empty_word_is_forbidden_in_no_password():
    """It would be in all of them."""
    assert json.loads(read(PASSWORD_FORBIDDEN_WORDS="ромашка,,").stdout)["PASSWORD_FORBIDDEN_WORDS"] == ["ромашка"]
