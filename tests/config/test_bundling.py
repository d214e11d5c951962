import re
from pathlib import Path

import pytest

from config import bundling

STATIC = Path(__file__).resolve().parents[2] / "static"
# A page that must not wait for the whole of it, and a page that has another look altogether.
ALONE = {"css/answering.css", "css/api-docs.css", "css/print.css"}


def bundle(made_by, name, **files):
    return made_by(name, {path.replace("_", "/").replace("0", "."): text for path, text in files.items()}.__getitem__)


def ours(name):
    return (STATIC / name).read_text()


def test_stylesheets_follow_one_another_without_comments():
    sources = {
        "css_site0css": '@import "a.css";\n@import "b.css";\n',
        "css_a0css": "/* why */\na {\n  color: red;\n}\n",
    }
    whole = bundle(bundling.css, "css/site.css", **sources, css_b0css="b { color: blue; }\n")
    assert whole == "a {\ncolor: red;\n}\nb { color: blue; }\n"


@pytest.mark.parametrize("line", ["@import url(a.css);", '@import "a.css" screen;', "@import 'a.css';"])
def test_a_stylesheet_import_that_is_not_understood_fails_the_collection(line):
    with pytest.raises(bundling.NotBundled, match=r"site\.css"):
        bundle(bundling.css, "css/site.css", css_site0css=f"{line}\n", css_a0css="")


def test_a_module_comes_once_and_after_what_it_imports():
    sources = {
        "js_app0js": 'import "./one.js";\nimport "./two.js";\n',
        "js_one0js": 'import { say as tell } from "./two.js";\ntell("one");\n',
        "js_two0js": "// why\nexport const say = (word) => log(word);\n",
    }
    whole = bundle(bundling.javascript, "js/app.js", **sources)
    assert whole.count("log(word)") == 1
    assert whole.index("log(word)") < whole.index('tell("one")')
    assert "const { say: tell } = module2;" in whole
    assert "why" not in whole
    assert not re.search(r"^(import|export)\b", whole, re.MULTILINE)


def test_names_of_two_modules_do_not_meet():
    sources = {
        "js_app0js": 'import "./one.js";\nimport "./two.js";\n',
        "js_one0js": "const name = 1;\n",
        "js_two0js": "const name = 2;\n",
    }
    whole = bundle(bundling.javascript, "js/app.js", **sources)
    assert [part.strip() for part in re.findall(r"\(\(\) => \{(.*?)\}\)\(\);", whole, re.DOTALL)][:2] == [
        "const name = 1;",
        "const name = 2;",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "export default 1;",
        'import * as all from "./x.js";',
        'export * from "./x.js";',
        'import x from "./x.js";',
        "export { a };",
    ],
)
def test_a_module_form_that_is_not_understood_fails_the_collection(line):
    with pytest.raises(bundling.NotBundled, match=r"app\.js"):
        bundle(bundling.javascript, "js/app.js", js_app0js=f"{line}\n", js_x0js="")


def test_every_stylesheet_of_ours_is_in_the_bundle():
    imported = {f"css/{name}" for name in bundling.CSS_IMPORT.findall(ours("css/site.css"))}
    assert imported | {"css/site.css"} | ALONE == {f"css/{file.name}" for file in (STATIC / "css").glob("*.css")}


def test_our_sources_can_be_bundled():
    assert "--ink" in bundling.css("css/site.css", ours)
    assert "htmx:sendError" in bundling.javascript("js/app.js", ours)


def test_every_module_of_ours_is_in_the_bundle():
    seen = dict.fromkeys([])
    list(bundling.modules("js/app.js", ours, seen))
    assert set(seen) == {f"js/{file.name}" for file in (STATIC / "js").glob("*.js")}
