"""What a prompt may ask of the emulator itself, in double brackets: `[[words 40]] [[pace 0.1]]`, `[[fail 503 x2]]`."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

# The argument of a call is JSON, which may hold brackets of its own.
COMMAND = re.compile(r"\[\[\s*([\w-]+)((?:\s+(?:\w+\s+\{.*?\}\s*(?=\]\])|[^\[\]]*))?)\]\]", re.DOTALL)
CALL = re.compile(r"call(\d*)")


@dataclass(slots=True)
class Failure:
    """`after` chunks have gone out, the first `times` times (0: always); `retry` in seconds."""

    kind: str
    after: int = 0
    times: int = 0
    retry: float = 7.0


@dataclass(slots=True)
class Commands:
    """`text` is the prompt without its commands; `pace` and `first` are in seconds, `chunk` in characters."""

    text: str
    named: dict[str, str] = field(default_factory=dict)
    failure: Failure | None = None
    # By round, from 1: `[[call rate {"currency": "USD"}]]`, `[[call2 rate {}]]`; those of one round come together.
    calls: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    def number(self, name: str, default: float) -> float:
        try:
            return float(self.named[name])
        except (KeyError, ValueError):
            return default


def read_commands(prompt: str, model: str) -> Commands:
    """The commands of the last user turn; a model named `fake-fail-503` fails like `[[fail 503]]`."""
    found = Commands(COMMAND.sub("", prompt).strip())
    for name, argument in COMMAND.findall(prompt):
        if name == "fail":
            found.failure = read_failure(argument)
        elif call := CALL.fullmatch(name):
            function, _, arguments = argument.strip().partition(" ")
            round_calls = found.calls.setdefault(int(call[1] or 1), [])
            round_calls.append({"name": function, "args": json.loads(arguments or "{}")})
        else:
            found.named[name] = argument.strip()
    if found.failure is None and model.startswith("fake-fail-"):
        found.failure = read_failure(model.removeprefix("fake-fail-"))
    return found


def read_failure(argument: str) -> Failure:
    kind, *options = argument.split() or ["500"]
    failure = Failure(kind)
    for option in options:
        if option.startswith("@"):
            failure.after = int(option[1:])
        elif option.startswith("x"):
            failure.times = int(option[1:])
        elif option.startswith("retry="):
            failure.retry = float(option.removeprefix("retry="))
    return failure
