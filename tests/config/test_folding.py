"""A folded template renders what Django's own does."""

import pytest
from django.template import Context, TemplateDoesNotExist, engines
from django.template.base import TextNode
from django.utils import translation

from config import folding


def compiled(source):
    template = engines["django"].engine.from_string(source)
    folding.fold(template.nodelist)
    return template


def rendered(source, **context):
    plain = engines["django"].engine.from_string(source).render(Context(context))
    template = compiled(source)
    assert template.render(Context(context)) == plain
    return plain, template.nodelist


def test_words_and_addresses_become_one_text():
    text, nodes = rendered("{% load i18n %}<a href=\"{% url 'gemini:dashboard' %}\">{% translate 'Чаты' %}</a>")
    assert text == '<a href="/gemini/">Чаты</a>'
    assert [type(node) for node in nodes] == [TextNode]


def test_a_language_has_templates_of_its_own(client):
    assert "Войти" in client.get("/accounts/login/").text
    client.cookies["django_language"] = "en"
    assert "Sign in" in client.get("/accounts/login/").text
    client.cookies["django_language"] = "ru"
    assert "Войти" in client.get("/accounts/login/").text


def test_a_word_is_translated_when_its_template_is_loaded():
    with translation.override("en"):
        text, nodes = rendered("{% load i18n %}{% translate 'Чаты' %}")
    assert text == "Chats"
    assert nodes[0].s == "Chats"


@pytest.mark.parametrize(
    "source",
    [
        "{% load i18n %}{% translate word %}",
        "{% load i18n %}{% translate 'Чаты' as word %}{{ word }}",
        "{% load i18n %}{% translate 'Чаты'|upper %}",
        "{% url name %}",
        "{% url 'gemini:chat' session_id=number %}",
    ],
)
def test_what_is_not_known_before_is_left_to_django(source):
    rendered(source, word="Чаты", name="gemini:dashboard", number=5)


@pytest.mark.parametrize("number", [5, "5", 10**17])
def test_a_number_is_put_into_its_address(number):
    text, nodes = rendered(
        "{% url 'gemini:chat' number %}{% url 'gemini:chat' number as there %}|{{ there }}", number=number
    )
    assert text == f"/gemini/chat/{number}/|/gemini/chat/{number}/"
    assert isinstance(nodes[0], folding.NumberedAddress)


def test_an_address_is_named_where_it_is_used_twice():
    text, nodes = rendered("{% url 'gemini:dashboard' as there %}{{ there }} {{ there }}")
    assert text == "/gemini/ /gemini/"
    assert isinstance(nodes[0], folding.Assignment)


def test_a_route_that_is_not_there_fails_only_where_it_is_drawn():
    source = "{% if wanted %}{% url 'nowhere' %}{% endif %}"
    rendered(source, wanted=False)
    with pytest.raises(Exception, match="nowhere"):
        compiled(source).render(Context({"wanted": True}))


def test_indentation_goes_and_a_space_between_words_stays():
    nodes = compiled("<ul>\n    <li>a b\n      c</li>\n\n</ul>").nodelist
    assert nodes[0].s == "<ul>\n<li>a b\nc</li>\n</ul>"


def test_branches_loops_and_blocks_are_folded_inside():
    _, nodes = rendered(
        "{% load i18n %}{% for x in xs %}{% if x %}{% translate 'Чаты' %}!{% endif %}{% endfor %}", xs=[1, 0]
    )
    [loop] = [node for node in nodes if not isinstance(node, TextNode)]
    [branch] = loop.nodelist_loop
    assert [type(node) for node in branch.conditions_nodelists[0][1]] == [TextNode]


def test_a_part_is_found_once_and_in_the_language_of_the_whole():
    with translation.override("en"):
        [node] = compiled("{% include 'gemini/messages/_unavailable.html' with too_many=True %}").nodelist
    part = node.template.resolve(Context())
    assert part is node.template.resolve(Context())
    assert part.render(Context()) == english_of("gemini/messages/_unavailable.html")


def english_of(name):
    with translation.override("en"):
        return engines["django"].engine.get_template(name).render(Context())


def test_a_part_named_by_a_variable_is_looked_for_each_time():
    text, nodes = rendered("{% include name %}", name="gemini/messages/_unavailable.html")
    assert text
    assert not isinstance(nodes[0].template, folding.Part)


def test_a_part_that_is_not_there_fails_only_where_it_is_drawn():
    source = "{% if wanted %}{% include 'nowhere.html' %}{% endif %}"
    rendered(source, wanted=False)
    with pytest.raises(TemplateDoesNotExist, match=r"nowhere\.html"):
        compiled(source).render(Context({"wanted": True}))
