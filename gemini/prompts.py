"""Messages → what is asked of Gemini. Pure: nothing here touches the database or the network."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from gemini.engines.base import GenerateRequest

# An upper estimate: English is about four bytes a token, Russian seven, Chinese three.
BYTES_A_TOKEN = 3
# What models may think on top of the answer's length, so that none is empty because the model thought.
THINKING_ALLOWANCE = 4_096
# Tokens; what current models give at most, until a listing says otherwise. More than its limit a model refuses (400).
DEFAULT_OUTPUT_LIMIT = 65_536

ANALYSIS_INSTRUCTION = (
    "Ты анализируешь текст, который прислал пользователь. Если он сказал, что именно нужно узнать, отвечай на это; "
    "иначе назови главные мысли, тон и выводы. Отвечай на языке пользователя и опирайся только на сам текст."
)
TITLE_INSTRUCTION = (
    "Придумай короткое название для беседы, которая начинается с этого сообщения: от двух до пяти слов, на языке "
    "сообщения, без кавычек и без точки. Ответь только названием."
)
# Comes after the answer that was cut, for no request may end with a model's turn.
CONTINUE_INSTRUCTION = (
    "Продолжи свой ответ ровно с того места, где он оборвался, на том же языке и с той же разметкой: без вступления, "
    "без повторения написанного и без слов о том, что это продолжение."
)
# Characters: what is longer without a blank is no word, and its language may do without blanks.
LONGEST_WORD = 40
TITLE_PROMPT_LENGTH = 2_000
TITLE_LENGTH = 60


class Turn(Protocol):
    role: str
    content: str


@dataclass(slots=True)
class Said:
    """A turn that is no message."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    request: GenerateRequest
    # How many of the oldest messages did not fit.
    left_out: int


def estimate_tokens(text: str) -> int:
    return len(text.encode()) // BYTES_A_TOKEN + 1


def chat_prompt(
    turns: Sequence[Turn],
    *,
    model: str,
    input_limit: int,
    system: str = "",
    temperature: float | None = None,
    max_tokens: int | None = None,
    output_limit: int = DEFAULT_OUTPUT_LIMIT,
) -> Prompt:
    """The system instruction and the newest turns that fit `input_limit` tokens; the last one is the user's."""
    instructions = [system, *(turn.content for turn in turns if turn.role == "system")]
    system = "\n\n".join(part for part in instructions if part)
    spoken = [turn for turn in turns if turn.role != "system"]
    fitting = newest_that_fit(spoken, input_limit - estimate_tokens(system))
    request = GenerateRequest(
        model=model,
        contents=contents_of(fitting),
        system=system,
        generation_config=generation_config(model, temperature, max_tokens, output_limit),
    )
    return Prompt(request, left_out=len(spoken) - len(fitting))


def newest_that_fit(turns: Sequence[Turn], budget: int) -> Sequence[Turn]:
    """Always at least the last turn: whether it is too long is for Gemini to say."""
    first = len(turns)
    for turn in reversed(turns):
        budget -= estimate_tokens(turn.content)
        if budget < 0 and first < len(turns):
            break
        first -= 1
    # A conversation begins with the user: an answer whose question was left out is left out too.
    while first < len(turns) - 1 and turns[first].role != "user":
        first += 1
    return turns[first:]


def contents_of(turns: Iterable[Turn]) -> list[dict[str, Any]]:
    """Gemini expects turns to alternate: those of one role in a row (an answer between them failed) become one."""
    contents: list[dict[str, Any]] = []
    for turn in turns:
        role = "model" if turn.role == "assistant" else "user"
        if contents and contents[-1]["role"] == role:
            contents[-1]["parts"].append({"text": turn.content})
        else:
            contents.append({"role": role, "parts": [{"text": turn.content}]})
    return contents


def generation_config(
    model: str, temperature: float | None, max_tokens: int | None, output_limit: int = DEFAULT_OUTPUT_LIMIT
) -> dict[str, Any]:
    config: dict[str, Any] = {}
    if temperature is not None:
        config["temperature"] = temperature
    if max_tokens is None:
        return config
    if (budget := lowest_thinking_budget(model)) is not None:
        config["thinkingConfig"] = {"thinkingBudget": budget}
        return config | {"maxOutputTokens": min(max_tokens + budget, output_limit)}
    return config | {"maxOutputTokens": min(max_tokens + THINKING_ALLOWANCE, output_limit)}


def lowest_thinking_budget(model: str) -> int | None:
    """Tokens, for models that think by budget (https://ai.google.dev/gemini-api/docs/thinking); None for all others.

    Newer ones think by level, a field which this wire format has no number for: they get the allowance.
    """
    if not model.startswith("gemini-2.5"):
        return None
    return 128 if "pro" in model else 0


def continuation(begins_with: str) -> list[Said]:
    """The turns that ask for the rest of an answer; none when it has not begun."""
    return [Said("assistant", begins_with), Said("user", CONTINUE_INSTRUCTION)] if begins_with else []


def kept_for_continuation(text: str) -> str:
    """The part of a cut answer that its continuation is joined to: not a last word, which may be half a word."""
    last = re.search(r"\S*\w$", text)
    if not last or not last.start() or len(last[0]) > LONGEST_WORD:
        return text
    return text[: last.start()]


def joined(begins_with: str, more: str) -> str:
    """The first words of a continuation as they follow what is there: models begin with a blank or without one."""
    if not begins_with or not more:
        return more
    if begins_with[-1].isspace():
        return more.lstrip(" ") if begins_with[-1] == " " else more
    # After a sentence, or what a language without blanks ends with.
    return f" {more}" if begins_with[-1] in ".,;:!?…)»" and more[0].isalnum() else more


def title_prompt(text: str, *, model: str) -> GenerateRequest:
    return GenerateRequest(
        model=model,
        contents=[{"role": "user", "parts": [{"text": text[:TITLE_PROMPT_LENGTH]}]}],
        system=TITLE_INSTRUCTION,
        generation_config=generation_config(model, 0.3, 40),
    )


def first_words(text: str) -> str:
    """The title until the model has made one."""
    words = " ".join(text.split())
    if len(words) <= TITLE_LENGTH:
        return words
    return words[: TITLE_LENGTH + 1].rsplit(" ", 1)[0][:TITLE_LENGTH] + "…"


def clean_title(answer: str) -> str:
    """A model's answer as a title; empty when there is none in it."""
    lines = answer.strip().splitlines()
    return lines[0].strip(" \t\"'«»“”*#`.")[:TITLE_LENGTH] if lines else ""
