from typing import Any

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from gemini.access import session_for
from gemini.credentials import settings_of
from gemini.service import GeminiService, KeyVerdict
from gemini.web.model_choice import model_choice
from gemini.web.requests import INTERFACE, PageRequest
from gemini.web.session_settings import session_form_page
from gemini.web.settings_forms import AnswerForm, SessionSettingsForm, SettingsForm
from gemini.web.verdicts import Words, words_for


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def settings(request: PageRequest) -> HttpResponse:
    row = settings_of(request.user)
    if request.method != "POST":
        return settings_page(request, SettingsForm(instance=row))
    form = SettingsForm(request.POST, instance=row)
    if not form.is_valid():
        return settings_page(request, form, status=422)
    form.save()
    flash.success(request, _("Настройки сохранены."))
    return redirect("gemini:settings")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def test_key(request: PageRequest) -> HttpResponse:
    """Tests the key and the model that are typed, or else the stored ones; saves nothing."""
    if request.method != "POST":
        return redirect("gemini:settings")
    form = SettingsForm(request.POST, instance=settings_of(request.user))
    form.is_valid()
    if wrong := next((form.errors[name][0] for name in ("api_key", "model_name") if name in form.errors), ""):
        verdict, words = KeyVerdict("api_key_invalid"), Words("bad", str(wrong))
    else:
        service = GeminiService(request.user, INTERFACE)
        verdict = service.check_key(form.cleaned_data["api_key"], form.cleaned_data.get("model", ""))
        words = words_for(verdict)
    choice = model_choice(request, form, models=list(verdict.models) or None)
    context: dict[str, Any] = {"words": words, "choice": choice}
    if request.htmx:
        with_models = {"form": form, "oob": bool(verdict.models)}
        return render(request, "gemini/settings/_key_test.html", context | with_models)
    return settings_page(request, form, **context)


@require_GET
@login_required
@vary_on_headers("HX-Request")
def model_list(request: PageRequest) -> HttpResponse:
    """The model field with the list of the user's key: of the settings, or with `session` of a chat's own."""
    typed = {name: request.GET[name] for name in ("model", "model_name") if name in request.GET}
    if number := request.GET.get("session", ""):
        session = session_for(request.user, int(number) if number.isdecimal() else 0)
        form: AnswerForm = SessionSettingsForm(instance=session, initial=typed)
    else:
        form = SettingsForm(instance=settings_of(request.user), initial=typed)
    choice = model_choice(request, form, ask=True)
    if request.htmx:
        return render(request, "gemini/settings/_model_choice.html", {"form": form, "choice": choice})
    if isinstance(form, SessionSettingsForm):
        return session_form_page(request, form, choice)
    return settings_page(request, form, choice=choice)


def settings_page(request: PageRequest, form: AnswerForm, status: int = 200, **extra: Any) -> HttpResponse:
    context = {"form": form, "settings_row": form.instance, "section": "gemini", **extra}
    if "choice" not in context:
        context["choice"] = model_choice(request, form)
    return render(request, "gemini/settings/page.html", context, status=status)
