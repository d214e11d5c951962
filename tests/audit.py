"""`make audit`: what is known against the pinned packages. A report and no gate: a flaw is judged by a person.

pip-audit ends with success also when it has found none of the packages where it looked, which is the same as not to
have looked; so its report is counted here.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 600


def main() -> None:
    command = [str(Path(sys.executable).parent / "pip-audit"), "--requirement", "requirements.lock"]
    command += ["--disable-pip", "--require-hashes", "--format", "json", "--progress-spinner", "off", "--timeout", "15"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS)
        packages = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        sys.stdout.write("NOT AUDITED: the database of vulnerabilities could not be reached. Nothing is known.\n")
        return
    sys.stdout.write(report(packages))


def report(packages: list[dict]) -> str:
    """`packages` as pip-audit lists them: with `vulns` when they were looked up, else with a `skip_reason`."""
    looked_up = [package for package in packages if "vulns" in package]
    found = [
        f"{package['name']} {package['version']}: {flaw['id']}, mended in {', '.join(flaw['fix_versions']) or 'none'}"
        for package in looked_up
        for flaw in package["vulns"]
    ]
    missing = [package["name"] for package in packages if "vulns" not in package]
    if not looked_up:
        return f"NOT AUDITED: none of {len(packages)} packages is in the database that answered (no network?).\n"
    lines = [*found, f"{len(looked_up)} packages looked up, {len(found)} known vulnerabilities."]
    if missing:
        lines.append(f"NOT looked up: {len(missing)} ({', '.join(missing)}).")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
