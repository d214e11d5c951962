"""The model field: a choice from what the user's key may use, and what applies to the chosen one."""

from dataclasses import dataclass, field

from django.utils import formats

from gemini import conf
from gemini.exceptions import GeminiError
from gemini.prompts import THINKING_ALLOWANCE
from gemini.service import GeminiService, ModelInfo
from gemini.traits import Traits, traits_of
from gemini.web.requests import INTERFACE, PageRequest
from gemini.web.settings_forms import AnswerForm, SessionSettingsForm


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """`problem` says in words why there is no list; without both the list has not been asked for yet."""

    effective: str
    models: list[ModelInfo] = field(default_factory=list)
    problem: str = ""
    # The session whose form it is; None for the user's own.
    session_id: int | None = None

    @property
    def is_pending(self) -> bool:
        return not self.models and not self.problem

    @property
    def info(self) -> ModelInfo | None:
        return next((model for model in self.models if model.name == self.effective), None)

    @property
    def traits(self) -> Traits:
        return traits_of(self.effective)

    # Numbers as they are read: in groups.

    @property
    def answer_limit(self) -> str:
        return grouped(self.info.output_limit) if self.info else ""

    @property
    def question_limit(self) -> str:
        return grouped(self.info.input_limit) if self.info else ""

    @property
    def thinking_allowance(self) -> str:
        return grouped(THINKING_ALLOWANCE)


def grouped(number: int) -> str:
    return formats.number_format(number, force_grouping=True) if number else ""


def model_choice(
    request: PageRequest, form: AnswerForm, *, models: list[ModelInfo] | None = None, ask: bool = False
) -> ModelChoice:
    """Fills the form's choice: with `models`, with what is remembered, or (`ask`) with what Gemini says now."""
    service = GeminiService(request.user, INTERFACE)
    problem = ""
    try:
        if models is None:
            models = service.models(refresh="fresh" in request.GET) if ask else service.known_models()
    except GeminiError as error:
        models, problem = [], error.message.rstrip(".")
    in_session = isinstance(form, SessionSettingsForm)
    default = service.answer_settings().model if in_session else conf.get("GEMINI_MODEL")
    form.offer(models, default)
    typed = str(form["model_name"].value() or "").strip().removeprefix("models/")
    return ModelChoice(
        effective=typed or form.chosen or default,
        models=models,
        problem=problem,
        session_id=form.instance.pk if in_session else None,
    )
