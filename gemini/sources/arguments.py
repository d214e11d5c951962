"""Arguments come from a model, that is, from outside: nothing runs before they fit the source's schema."""

from typing import Any

import jsonschema
from django.utils.translation import gettext as _

# Characters of a single text argument; no search and no name is longer.
MAX_TEXT = 1_000

_Validator = jsonschema.Draft202012Validator


def checked(schema: dict[str, Any], arguments: Any) -> tuple[dict[str, Any], str]:
    """The arguments as the schema wants them, and what is wrong with them in words; empty when nothing is."""
    if not isinstance(arguments, dict):
        return {}, _("Аргументы должны быть объектом.")
    wanted = schema.get("properties", {})
    # An empty optional argument means that none was meant.
    arguments = {
        name: as_wanted(wanted.get(name, {}), value)
        for name, value in arguments.items()
        if value not in (None, "") or name in schema.get("required", ())
    }
    validator = _Validator({"type": "object", **schema, "additionalProperties": False})
    errors = sorted(validator.iter_errors(arguments), key=lambda error: list(map(str, error.path)))
    return arguments, " ".join(in_words(error) for error in errors[:3])


def as_wanted(schema: dict[str, Any], value: Any) -> Any:
    """A number where a text was asked for, and the reverse, are slips that models make."""
    match schema.get("type"), value:
        case "string", bool():
            return value
        case "string", int() | float():
            return str(value)
        case "integer", str() if value.strip().removeprefix("-").isdecimal():
            return int(value)
        case "array", str():
            return [value]
    return value


def in_words(error: jsonschema.ValidationError) -> str:
    name = ".".join(map(str, error.absolute_path))
    match error.validator:
        case "required":
            missing = [name for name in error.validator_value if name not in error.instance]
            return _("Не хватает аргумента: {names}.").format(names=", ".join(missing))
        case "additionalProperties":
            known = error.schema.get("properties", {})
            extra = [name for name in error.instance if name not in known]
            return _("Лишний аргумент: {names}.").format(names=", ".join(map(str, extra))[:200])
        case "enum":
            allowed = ", ".join(map(str, error.validator_value))
            return _("{name}: допустимо только {allowed}.").format(name=name, allowed=allowed)
    return _("{name}: недопустимое значение.").format(name=name)
