"""Templates compiled for each language, with all that is the same in every page written out already.

A page holds a hundred translated words and twenty addresses without arguments. Django looks up each of them anew in
every request; here `{% translate "…" %}` and `{% url "…" %}` become text when their template is first loaded (constant
folding), and the indentation between the tags goes. A template is written, and works, as anywhere in Django.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.template import Context, Engine, Node, Origin, Template
from django.template.base import FilterExpression, NodeList, TextNode, Variable, VariableNode
from django.template.defaulttags import CommentNode, IfNode, LoadNode, URLNode
from django.template.loader_tags import IncludeNode, construct_relative_path
from django.template.loaders.base import Loader as BaseLoader
from django.template.loaders.cached import Loader as CachedLoader
from django.templatetags.i18n import TranslateNode
from django.urls import NoReverseMatch, get_script_prefix
from django.utils.functional import cached_property
from django.utils.translation import get_language, override

from config.lookups import Written, quicken
from gemini.addresses import address

INDENTATION = re.compile(r"\s*\n\s*")


class FoldingLoader(BaseLoader):
    """Folds our own pages, and nothing of a package's; where white space counts, in texts of mail, nothing either."""

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        template = super().get_template(template_name, skip)
        if template.origin.name.startswith(f"{settings.ROOT}/templates/") and template.origin.name.endswith(".html"):
            fold(template.nodelist)
        return template


class Loader(CachedLoader, FoldingLoader):
    """Compiles by way of `FoldingLoader`, which comes after the cache in the order of bases."""

    def cache_key(self, template_name: str, skip: list[Origin] | None = None) -> str:
        return f"{get_language()} {get_script_prefix()} {super().cache_key(template_name, skip)}"


def fragment_key(key: str, key_prefix: str, version: int) -> str:
    """A fragment is kept for each language as well, and holds addresses below where the site is mounted."""
    return f"{get_language()}:{get_script_prefix()}:{key}"


class Assignment(Node):
    """What `{% url "…" as name %}` comes to."""

    child_nodelists = ()

    def __init__(self, name: str, value: str) -> None:
        self.name, self.value = name, value

    def render(self, context: Context) -> str:
        context[self.name] = self.value
        return ""


class NumberedAddress(Node):
    """What `{% url "…" something.pk %}` comes to, with or without `as name`."""

    child_nodelists = ()

    def __init__(self, node: URLNode) -> None:
        self.node, self.number, self.name = node, node.args[0], node.asvar
        self.route = node.view_name.resolve(Context())

    def render(self, context: Context) -> str:
        number = self.number.resolve(context)
        if type(number) is not int:
            return self.node.render(context)
        url = address(self.route, number)
        if self.name is None:
            return url
        context[self.name] = url
        return ""


class Part:
    """The template that `{% include "…" %}` names, in the place of the name: it has the language of the whole."""

    def __init__(self, name: str, within: Any) -> None:
        self.name = construct_relative_path(within, name)
        self.language = get_language()

    @cached_property
    def template(self) -> Template:
        with override(self.language):
            return Engine.get_default().get_template(self.name)

    def resolve(self, context: Context) -> Template:
        return self.template


def fold(nodelist: NodeList) -> None:
    folded: list[Node] = []
    for node in map(simplest, nodelist):
        quicken(node)
        for inner in inside(node):
            fold(inner)
        before = folded[-1] if folded else None
        if isinstance(node, TextNode) and isinstance(before, TextNode):
            folded[-1] = TextNode(before.s + node.s)
        else:
            folded.append(node)
    nodelist[:] = folded


def inside(node: Node) -> Iterator[NodeList]:
    if isinstance(node, IfNode):
        yield from (nodelist for _, nodelist in node.conditions_nodelists)
        return
    for name in node.child_nodelists:
        if nodelist := getattr(node, name, None):
            yield nodelist


def simplest(node: Node) -> Node:
    """The node, or a simpler one that always renders the same."""
    match node:
        case TextNode():
            return TextNode(INDENTATION.sub("\n", node.s))
        case CommentNode() | LoadNode():
            return TextNode("")
        case TranslateNode() if node.asvar is None and is_constant(node.filter_expression, node.message_context):
            return TextNode(node.render(Context()))
        case IncludeNode() if is_constant(node.template):
            node.template = Part(node.template.resolve(Context()), node.origin.template_name)  # type: ignore[assignment]
        case VariableNode():
            return Written(node.filter_expression)
        case URLNode() if is_constant(node.view_name) and not node.kwargs:
            return simplest_address(node)
    return node


def is_constant(*expressions: FilterExpression | None) -> bool:
    """Whether these are all literals, without filters."""
    return not any(
        expression and (expression.filters or (isinstance(expression.var, Variable) and expression.var.lookups))
        for expression in expressions
    )


def simplest_address(node: URLNode) -> Node:
    context = Context()
    try:
        if len(node.args) == 1:
            address(node.view_name.resolve(context), 1)
            return NumberedAddress(node)
        if node.args:
            return node
        text = node.render(context)
    except NoReverseMatch:
        # A route that not every site has, in a branch that is not drawn without it.
        return node
    return Assignment(node.asvar, context[node.asvar]) if node.asvar else TextNode(text)
