from dataclasses import dataclass

import pytest

from gemini import prompts


@dataclass
class Turn:
    role: str
    content: str


def texts(contents):
    return [[part["text"] for part in content["parts"]] for content in contents]


def chat(*turns, input_limit=10_000, **options):
    return prompts.chat_prompt([Turn(*turn) for turn in turns], model="gemini-x", input_limit=input_limit, **options)


def test_turns_go_out_as_user_and_model_in_order():
    request = chat(("user", "Раз"), ("assistant", "Два"), ("user", "Три")).request
    assert [content["role"] for content in request.contents] == ["user", "model", "user"]
    assert texts(request.contents) == [["Раз"], ["Два"], ["Три"]]


def test_questions_in_a_row_become_one_content_because_turns_alternate():
    request = chat(("user", "Раз"), ("user", "Два")).request
    assert texts(request.contents) == [["Раз", "Два"]]


def test_system_messages_join_the_system_instruction():
    request = chat(("system", "Говори кратко."), ("user", "Привет"), system="Ты помощник.").request
    assert request.system == "Ты помощник.\n\nГовори кратко."
    assert texts(request.contents) == [["Привет"]]


def test_the_newest_turns_that_fit_are_sent_and_the_rest_is_counted():
    long = "слово " * 100
    prompt = chat(("user", long), ("assistant", long), ("user", "Вопрос"), input_limit=500)
    assert texts(prompt.request.contents) == [["Вопрос"]]
    assert prompt.left_out == 2


def test_an_answer_whose_question_was_left_out_is_left_out_too():
    prompt = chat(("user", "x" * 3000), ("assistant", "ответ"), ("user", "ещё"), input_limit=200)
    assert prompt.request.contents[0]["role"] == "user"
    assert prompt.left_out == 2


def test_the_last_turn_is_sent_however_long_it_is():
    prompt = chat(("user", "x" * 9000), input_limit=10)
    assert len(prompt.request.contents) == 1
    assert prompt.left_out == 0


@pytest.mark.parametrize(
    ("model", "config"),
    [
        ("gemini-2.5-flash", {"maxOutputTokens": 100, "thinkingConfig": {"thinkingBudget": 0}}),
        ("gemini-2.5-pro", {"maxOutputTokens": 228, "thinkingConfig": {"thinkingBudget": 128}}),
        ("gemini-flash-latest", {"maxOutputTokens": 100 + prompts.THINKING_ALLOWANCE}),
    ],
)
def test_a_length_leaves_room_for_what_the_model_thinks(model, config):
    assert prompts.generation_config(model, None, 100) == config


def test_without_settings_the_model_keeps_its_own_defaults():
    assert prompts.generation_config("gemini-2.5-flash", None, None) == {}


@pytest.mark.parametrize(
    ("answer", "title"),
    [("«Курсы валют».\n", "Курсы валют"), ('"Exchange rates"', "Exchange rates"), ("**Тема**", "Тема"), ("  \n", "")],
)
def test_a_title_loses_quotes_dots_and_markup(answer, title):
    assert prompts.clean_title(answer) == title


def test_first_words_end_at_a_word_and_collapse_white_space():
    assert prompts.first_words("Привет,\n\n мир") == "Привет, мир"
    long = prompts.first_words("слово " * 50)
    assert long.endswith("слово…")
    assert len(long) <= prompts.TITLE_LENGTH + 1


def test_a_single_endless_word_is_cut():
    assert len(prompts.first_words("ы" * 500)) == prompts.TITLE_LENGTH + 1
