"""schemathesis asks the real server everything that the schema allows, and what it does not, in all its phases."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "2"))
CONFIG = f"""
seed = 1
[phases.fuzzing]
generation.max-examples = {EXAMPLES}
[phases.stateful]
max-steps = 12
generation.max-examples = {5 * EXAMPLES}
"""
# In the usual run those two, who may do what an owner may, leave out the longest phase; `make fuzz` leaves out nothing.
QUICK = {} if "FUZZ_EXAMPLES" in os.environ else dict.fromkeys(("stranger", "staff"), "examples,fuzzing,stateful")
# A key or a file made up at random is rightly refused, a sign-in at random rightly limited: neither says anything here.
LEFT_OUT = [
    "/api/v1/accounts/session/",
    "/api/v1/finance/import/",
    "/gemini/test-api-key/",
    "/gemini/api/test-api-key/",
]


@pytest.mark.parametrize("role", ["anonymous", "owner", "stranger", "staff"])
def test_no_answer_is_outside_the_schema(server, tmp_path, role):
    (tmp_path / "schemathesis.toml").write_text(CONFIG)
    command = [str(Path(sys.executable).parent / "schemathesis"), "run", f"{server.url}/api/v1/schema/"]
    command.append("--no-color")
    if phases := QUICK.get(role):
        command += ["--phases", phases]
    command += [argument for path in LEFT_OUT for argument in ("--exclude-path", path)]
    if role != "anonymous":
        [key] = server.sign_in(role)
        command += ["-H", f"Authorization: Session {key}"]
    if role == "staff":
        make_staff = "from accounts.models import User; User.objects.filter(username='staff').update(is_staff=True)"
        server.script(make_staff)
    # It finds its settings, the seed among them, in the folder that it runs in.
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-6000:]
    assert "Traceback" not in server.log()
