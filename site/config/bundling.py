"""Many small sources, one file for the browser: what `collectstatic` makes of our `@import` and `import` lines.

No parser and no build: our sources keep to the few forms below, and any other form fails the collection instead of the
page. With DEBUG nothing is bundled, the browser follows the imports itself.
"""

import re
from collections.abc import Callable, Iterator
from posixpath import dirname, join, normpath

Read = Callable[[str], str]

CSS_IMPORT = re.compile(r'^@import "([^"]+)";\n?', re.MULTILINE)
CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)

JS_IMPORT = re.compile(r'^import (?:\{ ([\w ,]+) \} from )?"(\.[^"]+)";\n?', re.MULTILINE)
JS_EXPORT = re.compile(r"^export (?=(?:const|function|async function|class) (\w+))", re.MULTILINE)
JS_COMMENT_LINE = re.compile(r"^\s*//.*\n", re.MULTILINE)
JS_NOT_UNDERSTOOD = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


class NotBundled(ValueError):
    """A source uses a form that bundling does not know."""


def css(name: str, read: Read) -> str:
    """The stylesheet with all that it imports, in that order, without comments and indentation."""
    whole = CSS_IMPORT.sub(lambda found: css(beside(name, found[1]), read), read(name))
    if "@import" in whole:
        raise NotBundled(f'{name}: only lines of the form @import "file.css"; are bundled')
    return re.sub(r"\n\s*", "\n", CSS_COMMENT.sub("", whole)).strip() + "\n"


def javascript(name: str, read: Read) -> str:
    """The module with all that it imports, each once and after those that it imports itself.

    Each module is a function of its own, so that names at the top of two of them do not meet. What it exports are
    values as they are when it has run: a `const` or a function, never a `let` that changes later.
    """
    return "\n".join(modules(name, read, {}))


def modules(name: str, read: Read, variables: dict[str, str]) -> Iterator[str]:
    if name in variables:
        return
    variables[name] = f"module{len(variables)}"
    source = JS_COMMENT_LINE.sub("", read(name))
    for _, path in JS_IMPORT.findall(source):
        yield from modules(beside(name, path), read, variables)

    def binding(found: re.Match[str]) -> str:
        names = (found[1] or "").replace(" as ", ": ")
        return f"const {{ {names} }} = {variables[beside(name, found[2])]};\n" if names else ""

    exported = JS_EXPORT.findall(source)
    body = JS_EXPORT.sub("", JS_IMPORT.sub(binding, source))
    if left := JS_NOT_UNDERSTOOD.search(body):
        raise NotBundled(f"{name}: {left[0]}")
    if exported:
        yield f"const {variables[name]} = (() => {{\n{body}return {{ {', '.join(exported)} }};\n}})();"
    else:
        yield f"(() => {{\n{body}}})();"


def beside(name: str, path: str) -> str:
    return normpath(join(dirname(name), path))
