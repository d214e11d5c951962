"""Variables of templates, found and written without Django's detours; what they come to is the same.

Django learns by exceptions what a name is not: a key that metadata has not costs four of them, a line for the log and a
list of all that a dict can do. Of the end of a reply a third was that.
"""

import html
from collections.abc import Iterator
from typing import Any

from django.template import Context, Node, VariableDoesNotExist
from django.template.base import FilterExpression, Variable, VariableNode, render_value_in_context
from django.template.smartif import TokenBase
from django.utils.safestring import SafeString


class Lookup(Variable):
    """Goes Django's own way as soon as anything is out of the ordinary: something to be called, an index, an error."""

    def __init__(self, variable: Variable) -> None:
        super().__init__(variable.var)
        self.first, *self.rest = self.lookups or ()

    def _resolve_lookup(self, context: Any) -> Any:
        for scope in reversed(context.dicts):
            if self.first in scope:
                found = scope[self.first]
                break
        else:
            return self.missing(context, self.first, context)
        for name in self.rest:
            if type(found) is dict:
                if name not in found:
                    return self.missing(found, name, context)
                found = found[name]
            elif callable(found) or hasattr(type(found), "__getitem__"):
                return self.djangos(context)
            else:
                try:
                    found = getattr(found, name)
                except (AttributeError, TypeError):
                    return self.djangos(context)
        return self.djangos(context) if callable(found) else found

    def djangos(self, context: Any) -> Any:
        return super()._resolve_lookup(context)  # type: ignore[misc] # the stubs leave it out

    def missing(self, within: Any, name: str, context: Any) -> Any:
        if hasattr(within, name) or name.isdigit():
            return self.djangos(context)
        raise VariableDoesNotExist("Failed lookup for key [%s] in %r", (name, within))


class Written(VariableNode):
    """A variable's place in a page, which most often takes a string."""

    def render(self, context: Context) -> str:
        value = self.filter_expression.resolve(context)
        if type(value) is SafeString:
            return value
        if type(value) is str and context.autoescape:
            return html.escape(value)
        return render_value_in_context(value, context)


def quicken(node: Node) -> None:
    for expression in expressions(list(vars(node).values())):
        if isinstance(expression.var, Variable) and expression.var.lookups and not expression.var.translate:
            expression.var = Lookup(expression.var)


def expressions(within: Any) -> Iterator[FilterExpression]:
    match within:
        case FilterExpression():
            yield within
        case TokenBase():
            yield from expressions([within.first, within.second, getattr(within, "value", None)])
        case list() | tuple():
            for part in within:
                yield from expressions(part)
        case dict():
            yield from expressions(list(within.values()))
