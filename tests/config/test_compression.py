"""What travels compressed, and what must not."""

import gzip

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db


def ask(client, path, **headers):
    return client.get(path, headers={"Accept-Encoding": "gzip", **headers})


def test_a_page_travels_compressed_and_never_at_the_same_length_twice(alices):
    answers = [ask(alices, reverse("gemini:dashboard")) for _ in range(8)]
    assert all(answer.headers["Content-Encoding"] == "gzip" for answer in answers)
    assert "Accept-Encoding" in answers[0].headers["Vary"]
    assert "<h1" in gzip.decompress(answers[0].content).decode()
    assert len({len(answer.content) for answer in answers}) > 1


def test_who_does_not_ask_for_it_gets_plain_text(alices):
    assert "Content-Encoding" not in alices.get(reverse("gemini:dashboard")).headers


def test_a_stream_is_left_alone(alice):
    client = Client()
    client.force_login(alice)
    reply = factories.make_reply(factories.make_session(alice))
    response = ask(client, reverse("gemini:reply-stream", args=[reply.pk]))
    assert "Content-Encoding" not in response.headers
