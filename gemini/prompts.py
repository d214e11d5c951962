"""Messages → what is asked of Gemini. Pure: nothing here touches the database or the network."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from gemini.engines.base import GenerateRequest

# An upper estimate: English is about four bytes a token, Russian seven, Chinese three.
BYTES_A_TOKEN = 3
# What models may think on top of the answer's length, so that none is empty because the model thought.
THINKING_ALLOWANCE = 4_096

TITLE_INSTRUCTION = (
    "Придумай короткое название для беседы, которая начинается с этого сообщения: от двух до пяти слов, на языке "
    "сообщения, без кавычек и без точки. Ответь только названием."
)
TITLE_PROMPT_LENGTH = 2_000
TITLE_LENGTH = 60


class Turn(Protocol):
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
        generation_config=generation_config(model, temperature, max_tokens),
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


def generation_config(model: str, temperature: float | None, max_tokens: int | None) -> dict[str, Any]:
    config: dict[str, Any] = {}
    if temperature is not None:
        config["temperature"] = temperature
    if max_tokens is None:
        return config
    if (budget := lowest_thinking_budget(model)) is not None:
        config["thinkingConfig"] = {"thinkingBudget": budget}
        return config | {"maxOutputTokens": max_tokens + budget}
    return config | {"maxOutputTokens": max_tokens + THINKING_ALLOWANCE}


def lowest_thinking_budget(model: str) -> int | None:
    """Tokens, for models that think by budget (https://ai.google.dev/gemini-api/docs/thinking); None for all others.

    Newer ones think by level, a field which this wire format has no number for: they get the allowance.
    """
    if not model.startswith("gemini-2.5"):
        return None
    return 128 if "pro" in model else 0


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
