from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gemini.credentials import settings_of
from gemini.exceptions import MESSAGES
from gemini.service import GeminiService, KeyVerdict, ModelInfo
from gemini.web.forms import SettingsForm
from gemini.web.requests import INTERFACE, PageRequest


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


@require_POST
@login_required
def test_key(request: PageRequest) -> HttpResponse:
    """Tests the key that is typed, or else the stored one; saves nothing."""
    form = SettingsForm(request.POST, instance=settings_of(request.user))
    form.is_valid()
    if "api_key" in form.errors:
        verdict = {"ok": False, "message": form.errors["api_key"][0]}
        models: tuple[ModelInfo, ...] = ()
    else:
        found = GeminiService(request.user, INTERFACE).check_key(form.cleaned_data["api_key"])
        verdict = {"ok": found.ok, "message": words_for(found)}
        models = found.models
    if request.htmx:
        return render(request, "gemini/settings/_key_test.html", {"verdict": verdict, "models": models})
    return settings_page(request, form, verdict=verdict, models=models)


def words_for(verdict: KeyVerdict) -> str:
    if verdict.ok:
        return _("Подключение к Gemini API успешно установлено")
    words = str(MESSAGES[verdict.code])
    if verdict.retry_after:
        seconds = round(verdict.retry_after)
        return words + " " + _("Повторите через %(seconds)s с.") % {"seconds": seconds}
    return words


def settings_page(request: PageRequest, form: SettingsForm, status: int = 200, **extra: object) -> HttpResponse:
    context = {"form": form, "settings_row": form.instance, **extra}
    return render(request, "gemini/settings/page.html", context, status=status)
