"""The table in `docs/reliability.md`: each whole run replaces its own line there, also when it has missed its goal."""

import os
import re
from datetime import UTC, datetime
from importlib.metadata import version

from bench.machine import description
from tests.processes import ROOT
from tests.torture.lengths import FULL

PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- results: written by make torture -->", "<!-- end of results -->"
HEAD = "| что | требуется | измерено | когда (UTC) и что ещё было на машине |\n| --- | --- | --- | --- |"


def write(what: str, demanded: str, measured: str) -> None:
    """A line of the table, known by `what`; a shortened run writes none."""
    print(f"\n{what}: {measured}")  # noqa: T201
    if not FULL:
        return
    page = PAGE.read_text()
    before, rest = page.split(BEGIN)
    old, after = rest.split(END)
    lines = {line.split(" | ")[0]: line for line in re.findall(r"^\| .*\|$", old, re.MULTILINE)[2:]}
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
    busy = os.environ.get("TORTURE_MACHINE", "машина не только для этого")
    load = f"{busy}, load average {os.getloadavg()[1]:.1f}".replace(".", ",")
    lines[f"| {what}"] = f"| {what} | {demanded} | {measured} | {when}, {load} |"
    machine = f"Машина: {description()}, psycopg {version('psycopg')}."
    table = "\n".join([HEAD, *(lines[name] for name in sorted(lines))])
    PAGE.write_text(f"{before}{BEGIN}\n\n{machine}\n\n{table}\n\n{END}{after}")


def spaced(number: float) -> str:
    return f"{number:,.0f}".replace(",", "\N{NO-BREAK SPACE}")
