"""`make mutate`: takes each defence out of a copy of the tree and runs its test; writes the outcome to the docs.

`make mutate` runs all, some five minutes; `python -m tests.mutations 2/3` the second third of them; with a word, those
whose defence has it.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.mutations.table import MUTATIONS, Mutation

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "security.md"
# What earlier runs of a part have found.
KNOWN = ROOT / "var" / "mutations.json"
BEGIN, END = "<!-- mutations -->\n", "<!-- /mutations -->\n"
COPIED = ("gemini", "site", "templates", "static", "tests", "docs")
FILES = ("pyproject.toml", "manage.py", "README.md")
# pytest's own word for "tests ran, some failed"; any other failure would say nothing about the defence.
FAILED = 1
SECONDS = 120
WORDS = {True: "failed", False: "**passed: nothing guards it**", None: "not run yet"}


def main() -> int:
    chosen = chosen_by(" ".join(sys.argv[1:]).casefold())
    with tempfile.TemporaryDirectory(prefix="mutations-") as folder:
        tree = Path(folder)
        for name in COPIED:
            shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__", "screenshots"))
        for name in FILES:
            shutil.copy(ROOT / name, tree / name)
        if (static := ROOT / "var" / "static").exists():
            shutil.copytree(static, tree / "var" / "static")
        # A test that fails anyway shows nothing.
        _, said = run(tree, *dict.fromkeys(mutation.test for mutation in chosen))
        broken = set(re.findall(r"^(?:FAILED|ERROR) (\S+?)(?:\[| |$)", said, re.MULTILINE))
        for test in sorted(broken):
            sys.stdout.write(f"fails as the tree is: {test}\n{said[-3000:]}\n")
        outcomes = {mutation.defence: mutation.test not in broken and tried(tree, mutation) for mutation in chosen}
    write(outcomes)
    return int(not all(outcomes.values()))


def chosen_by(wanted: str) -> list[Mutation]:
    if part := re.fullmatch(r"(\d+)/(\d+)", wanted):
        return MUTATIONS[int(part[1]) - 1 :: int(part[2])]
    return [mutation for mutation in MUTATIONS if wanted in mutation.defence.casefold()]


def tried(tree: Path, mutation: Mutation) -> bool:
    file, began = tree / mutation.file, time.monotonic()
    whole = file.read_text()
    file.write_text(whole.replace(mutation.text, mutation.instead))
    try:
        status, said = run(tree, "-x", mutation.test)
        caught = status == FAILED
    finally:
        file.write_text(whole)
    seconds = time.monotonic() - began
    sys.stdout.write(f"{'caught  ' if caught else 'SURVIVED'} {seconds:5.1f} s  {mutation.defence}\n")
    if not caught:
        sys.stdout.write(said[-1500:])
    sys.stdout.flush()
    return caught


def run(tree: Path, *tests: str) -> tuple[int, str]:
    """pytest's status and what it has said."""
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", "--reuse-db", "--tb=line", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTHONPATH": f"{tree / 'site'}:{tree}", "PYTHONDONTWRITEBYTECODE": "1"}
    # A database of its own, whatever this process was given.
    environment.pop("DATABASE_URL", None)
    limit = SECONDS + 10 * len(tests)
    try:
        done = subprocess.run(
            [*command, *tests], cwd=tree, env=environment, capture_output=True, text=True, timeout=limit
        )
    except subprocess.TimeoutExpired:
        return -1, f"not within {limit} s"
    return done.returncode, done.stdout + done.stderr


def write(outcomes: dict[str, bool]) -> None:
    """Into the page; beside what earlier runs of a part have found."""
    known = json.loads(KNOWN.read_text()) if KNOWN.exists() else {}
    known |= outcomes
    KNOWN.parent.mkdir(exist_ok=True)
    KNOWN.write_text(json.dumps(known, ensure_ascii=False, indent=1))
    lines = ["| Taken out | Where | Test that has to fail | |", "| --- | --- | --- | --- |"]
    for mutation in MUTATIONS:
        word = WORDS[known.get(mutation.defence)]
        lines.append(f"| {mutation.defence} | `{mutation.file}` | `{mutation.test}` | {word} |")
    table = "\n".join(lines) + "\n"
    text = PAGE.read_text()
    PAGE.write_text(re.sub(f"{BEGIN}.*{END}", lambda _: f"{BEGIN}{table}{END}", text, flags=re.DOTALL))


if __name__ == "__main__":
    sys.exit(main())
