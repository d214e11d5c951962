"""What was rendered before is not rendered again."""

import uuid

from gemini import rendering


def test_a_message_is_rendered_once(monkeypatch):
    rendered = []
    monkeypatch.setattr("gemini.rendering.memory.render", lambda text: rendered.append(text) or rendering.render(text))
    text = f"**{uuid.uuid4()}**"
    assert rendering.kept(text) == rendering.kept(text) == rendering.render(text)
    assert rendered == [text]


def test_what_is_kept_is_bounded_and_a_message_larger_than_the_bound_is_still_shown(monkeypatch):
    large = "a" * (rendering.kept.cache.maxsize + 1)
    monkeypatch.setattr("gemini.rendering.memory.render", lambda text: rendering.render("") + text)
    assert large in rendering.kept(large)
    assert rendering.kept.cache.currsize <= rendering.kept.cache.maxsize
