"""The rule of the house: what may import what."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INTERFACES = {"gemini.web", "gemini.rest", "gemini.jsonviews"}
OPEN_TO_OTHER_APPS = {
    "gemini.service",
    "gemini.exceptions",
    # Secrets at rest are sealed, and their keys rotated, in one place.
    "gemini.encryption",
    # One counter for the limits of the whole site.
    "gemini.throttling",
    # Attempts on what is another's are written down alike.
    "gemini.strangers",
    "gemini.sources",
    # Each app says what it keeps of a person.
    "gemini.personal_data",
    # Queries that are built once.
    "gemini.prepared",
    "gemini.rest.errors",
    "gemini.rest.pagination",
}
SITE_APPS = {path.name for path in (ROOT / "site").iterdir() if (path / "__init__.py").exists()}


def imports(folder: Path) -> Iterator[tuple[str, str]]:
    """Every import below a folder, as (module that imports, module imported)."""
    for file in folder.rglob("*.py"):
        base = ROOT / "site" if file.is_relative_to(ROOT / "site") else ROOT
        importer = ".".join(file.relative_to(base).with_suffix("").parts).removesuffix(".__init__")
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                yield from ((importer, name.name) for name in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield from ((importer, f"{node.module}.{name.name}") for name in node.names)


def within(module: str, packages: set[str]) -> str:
    return next((p for p in packages if module == p or module.startswith(f"{p}.")), "")


def test_gemini_imports_nothing_from_the_site():
    assert not [pair for pair in imports(ROOT / "gemini") if within(pair[1], SITE_APPS)]


def test_the_core_imports_no_interface_and_interfaces_do_not_import_each_other():
    wrong = [
        (importer, imported)
        for importer, imported in imports(ROOT / "gemini")
        if (target := within(imported, INTERFACES))
        and within(importer, INTERFACES) != target
        and not importer.startswith("gemini.templatetags")
    ]
    assert not wrong


def test_other_apps_see_only_the_open_face_of_gemini():
    wrong = [
        (importer, imported)
        for importer, imported in imports(ROOT / "site")
        if not importer.startswith("config")
        and within(imported, {"gemini"})
        and not within(imported, OPEN_TO_OTHER_APPS)
    ]
    assert not wrong


def test_only_engines_import_an_sdk():
    sdks = {"google", "grpc", "httpx2", "google.generativeai", "google.genai"}
    assert not [
        pair
        for pair in imports(ROOT / "gemini")
        if within(pair[1], sdks) and not pair[0].startswith(("gemini.engines.generativeai", "gemini.engines.genai"))
    ]


def test_site_is_a_source_root_and_no_package():
    assert not (ROOT / "site" / "__init__.py").exists()


def test_core_modules_stay_within_three_hundred_lines():
    long = [file.name for file in (ROOT / "gemini").rglob("*.py") if len(file.read_text().splitlines()) > 300]
    assert not long
