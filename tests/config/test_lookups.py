"""A variable of a folded template comes to what Django's own does, however unusual it is."""

import pytest
from django.template import Context, engines
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from config import folding
from config.lookups import Lookup, expressions


class Thing:
    word = "<слово>"
    nothing = None
    kept = {"a": {"b": "глубоко"}, "items": "не метод", "1": "один"}
    row = ["нулевой", "первый"]

    @property
    def broken(self):
        raise AttributeError("inside")

    @property
    def failing(self):
        raise ValueError("inside")

    def called(self):
        return "позван"

    def wants(self, argument):
        return argument

    def changes(self):
        raise AssertionError("templates may not")

    changes.alters_data = True


class Model:
    do_not_call_in_templates = True
    name = "класс"

    def __call__(self):
        raise AssertionError("not to be called")

    def __str__(self):
        return "сам класс"


NAMES = [
    "thing.word",
    "thing.nothing",
    "thing.nothing.more",
    "thing.kept.a.b",
    "thing.kept.items",
    "thing.kept.keys",
    "thing.kept.values",
    "thing.kept.1",
    "thing.kept.missing",
    "thing.kept.missing.more",
    "thing.row.1",
    "thing.row.7",
    "thing.row.none",
    "thing.called",
    "thing.called.upper",
    "thing.wants",
    "thing.changes",
    "thing.none",
    "thing.none.more",
    "lazy.word",
    "lazy.called",
    "model.name",
    "model",
    "function",
    "safe",
    "promise",
    "number",
    "large",
    "half",
    "missing",
    "missing.more",
    "autoescape",
    "push",
    "word.0",
    "word.upper",
    "True",
    "None",
    "5",
    "'<i>'",
    "_('Чаты')",
]


def values():
    thing = Thing()
    return {
        "thing": thing,
        "lazy": SimpleLazyObject(lambda: thing),
        "model": Model(),
        "function": lambda: "из функции",
        "safe": mark_safe("<b>жирно</b>"),
        "promise": gettext_lazy("Чаты"),
        "number": 5,
        "large": 1234567,
        "half": 0.5,
        "word": "слово",
    }


def both(source):
    plain, folded = (engines["django"].engine.from_string(source) for _ in range(2))
    folding.fold(folded.nodelist)
    return plain, folded


@pytest.mark.parametrize("autoescape", [True, False])
@pytest.mark.parametrize("name", NAMES)
def test_it_is_written_as_django_writes_it(name, autoescape):
    source = (
        f"{{{{ {name} }}}}|{{{{ {name}|default:'нет' }}}}|{{% if {name} %}}да{{% endif %}}|"
        f"{{% if not {name} or {name} == 5 %}}иначе{{% endif %}}|{{% with x={name} %}}{{{{ x }}}}{{% endwith %}}|"
        f"{{% firstof {name} 'пусто' %}}"
    )
    plain, folded = both(source)
    used = {type(one.var) for one in expressions([vars(node) for node in folded.nodelist])}
    assert (Lookup in used) == (name[0] not in "'5_")
    context = values()
    shown = [template.render(Context(dict(context), autoescape=autoescape)) for template in (plain, folded)]
    assert shown[0] == shown[1]


@pytest.mark.parametrize(("name", "error"), [("thing.broken", AttributeError), ("thing.failing", ValueError)])
def test_what_fails_inside_an_object_is_not_silenced(name, error):
    for template in both(f"{{{{ {name} }}}}"):
        with pytest.raises(error, match="inside"):
            template.render(Context(values()))


def test_a_nearer_scope_hides_a_farther_one():
    source = (
        "{% with word='ближе' %}{{ word }}{% for word in thing.row %} {{ word }}{% endfor %}{% endwith %} {{ word }}"
    )
    plain, folded = both(source)
    assert plain.render(Context(values())) == folded.render(Context(values())) == "ближе нулевой первый слово"
