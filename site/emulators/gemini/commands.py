"""What a prompt may ask of the emulator itself, in double brackets: `[[words 40]] [[pace 0.1]]`, `[[fail 503 x2]]`."""

import re
from dataclasses import dataclass, field

COMMAND = re.compile(r"\[\[\s*([\w-]+)((?:\s+[^\[\]]*)?)\]\]")


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
