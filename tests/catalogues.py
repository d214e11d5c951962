"""Catalogues of translations: read, compared with the source, and by `make messages` brought up to date with it."""

import ast
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "gemini" / "locale"
SOURCES = ("gemini", "site", "templates")
KEYWORDS = ("gettext_noop", "gettext_lazy", "ngettext_lazy:1,2", "pgettext:1c,2", "npgettext:1c,2,3")
KEYWORDS += ("pgettext_lazy:1c,2", "npgettext_lazy:1c,2,3")
CYRILLIC = re.compile(r"[^<>\n]{0,60}[а-яё][^<>\n]{0,60}", re.IGNORECASE)
PO_LINE = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) )?(".*")$')


@dataclass
class Entry:
    msgctxt: str = ""
    msgid: str = ""
    msgid_plural: str = ""
    msgstr: dict[int, str] = field(default_factory=dict)
    fuzzy: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        return self.msgctxt, self.msgid, self.msgid_plural


def po(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def entries(file: Path) -> list[Entry]:
    """All but the header and what is commented out."""
    return [entry for entry in _entries(file.read_text()) if entry.msgid]


def _entries(text: str) -> Iterator[Entry]:
    for block in re.split(r"\n\s*\n", text.strip()):
        entry, name = Entry(), ""
        for line in block.splitlines():
            if line.startswith("#,") and "fuzzy" in line:
                entry.fuzzy = True
            elif match := PO_LINE.match(line):
                name = match[1] or name
                words = ast.literal_eval(match[2])
                if name.startswith("msgstr"):
                    number = int(name[7:-1] or 0) if "[" in name else 0
                    entry.msgstr[number] = entry.msgstr.get(number, "") + words
                else:
                    setattr(entry, name, getattr(entry, name) + words)
        yield entry


def extract(pot: Path) -> None:
    """Writes down every string of the source that is marked for translation. Needs `xgettext` and Django's settings."""
    from django.utils.translation.template import templatize  # after the settings are known

    with tempfile.TemporaryDirectory() as directory:
        files = []
        for file in sorted(file for source in SOURCES for file in (ROOT / source).rglob("*")):
            if file.suffix not in (".py", ".html", ".txt") or "migrations" in file.parts:
                continue
            copy = Path(directory) / f"{file.relative_to(ROOT)}"
            copy.parent.mkdir(parents=True, exist_ok=True)
            text = file.read_text()
            copy.write_text(text if file.suffix == ".py" else templatize(text, origin=str(file)))
            files.append(str(file.relative_to(ROOT)))
        words = [f"--keyword={keyword}" for keyword in KEYWORDS]
        options = ["-L", "Python", "--from-code=UTF-8", "--no-wrap", "--add-location=file", "-o", str(pot)]
        subprocess.run(["xgettext", *options, *words, *files], cwd=directory, check=True)


def main() -> None:
    """Adds what is new in the source with an empty translation, drops what is gone, and compiles both languages."""
    with tempfile.TemporaryDirectory() as directory:
        pot = Path(directory) / "django.pot"
        extract(pot)
        merge = ["msgmerge", "--quiet", "--update", "--backup=none", "--no-fuzzy-matching", "--no-wrap"]
        subprocess.run([*merge, "--add-location=file", str(po("en")), str(pot)], check=True)
        attributes = ["msgattrib", "--no-obsolete", "--no-wrap", "-o", str(po("en")), str(po("en"))]
        subprocess.run(attributes, check=True)
    # They say nothing, and differ at every call.
    po("en").write_text(re.sub(r'"(Report-Msgid-Bugs-To|POT-Creation-Date):.*\n', "", po("en").read_text()))
    for language in ("en", "ru"):
        subprocess.run(["msgfmt", "-o", str(po(language).with_suffix(".mo")), str(po(language))], check=True)
    missing = [entry.msgid for entry in entries(po("en")) if not all(entry.msgstr.values())]
    if missing:
        sys.exit("\n".join(["To be translated:", *missing]))


if __name__ == "__main__":
    import django

    sys.path.insert(0, str(ROOT / "site"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    main()
