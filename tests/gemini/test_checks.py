import pytest

from gemini import checks
from gemini.checks import check_engine, check_sources

HH = {"HH_ACCESS_TOKEN": "token", "HH_USER_AGENT": "gemini-chat/1.0 (me@company.by)"}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        (HH, []),
        ({**HH, "HH_USER_AGENT": "gemini-chat/1.0 (me@example.com)"}, ["gemini.W001"]),
        ({**HH, "HH_USER_AGENT": ""}, ["gemini.W001"]),
        ({"NBRB_BASE_URL": "http://api.nbrb.by"}, ["gemini.E002"]),
        ({"NBRB_BASE_URL": "https://api.nbrb.by"}, []),
        ({"VACANCY_PROVIDER": "superjob"}, ["gemini.E003"]),
        ({"GEMINI_SOURCES": ["finance.sources.Nothing"]}, ["gemini.E001"]),
    ],
)
def test_settings_that_cannot_work_are_found_before_a_user_does(settings, change, found):
    for name, value in change.items():
        setattr(settings, name, value)
    assert [message.id for message in check_sources(None)] == found


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"GEMINI_API_ENDPOINT": "127.0.0.1:8090"}, []),
        ({"GEMINI_API_ENDPOINT": "https://gateway.example"}, ["gemini.E006"]),
        ({"GEMINI_ENGINE": "openai"}, ["gemini.E004"]),
        ({"GEMINI_ENGINE": "genai"}, []),
        ({"GEMINI_ENGINE": "genai", "GEMINI_API_ENDPOINT": "https://gateway.example/gemini"}, []),
        ({"GEMINI_ENGINE": "genai", "GEMINI_API_ENDPOINT": "http://127.0.0.1:8090"}, []),
        ({"GEMINI_ENGINE": "genai", "GEMINI_API_ENDPOINT": "http://gateway.example"}, ["gemini.E006"]),
        ({"GEMINI_ENGINE": "genai", "GEMINI_API_ENDPOINT": "127.0.0.1:8090"}, ["gemini.E006"]),
    ],
)
def test_an_engine_that_cannot_work_is_found_before_a_user_does(settings, change, found):
    for name, value in change.items():
        setattr(settings, name, value)
    assert [message.id for message in check_engine(None)] == found


def test_an_engine_without_its_package_says_what_to_install(settings, monkeypatch):
    settings.GEMINI_ENGINE = "genai"
    monkeypatch.setitem(checks.PACKAGES, "genai", ("google.not_installed", "'gemini-chat[genai]'"))
    [message] = check_engine(None)
    assert (message.id, message.hint) == ("gemini.E005", "pip install 'gemini-chat[genai]'")
    monkeypatch.setitem(checks.PACKAGES, "genai", ("nowhere.at_all", "'gemini-chat[genai]'"))
    assert [message.id for message in check_engine(None)] == ["gemini.E005"]
