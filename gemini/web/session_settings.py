from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import reswap, retarget

from gemini.access import session_for
from gemini.models import ChatSession
from gemini.service import GeminiService
from gemini.web.forms import put_caret
from gemini.web.model_choice import ModelChoice, model_choice
from gemini.web.requests import INTERFACE, PageRequest
from gemini.web.settings_forms import SessionSettingsForm

AS_THE_USERS = {"model": "", "temperature": None, "max_output_tokens": None, "system_instruction": ""}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@vary_on_headers("HX-Request")
def session_settings(request: PageRequest, session_id: int) -> HttpResponse:
    """What differs in one chat from the user's own settings; empty fields mean: nothing."""
    session = session_for(request.user, session_id)
    if request.method != "POST":
        form = SessionSettingsForm(instance=session)
        return session_form_page(request, form, model_choice(request, form))
    own = AS_THE_USERS
    if "reset" not in request.POST:
        form = SessionSettingsForm(request.POST, instance=session)
        if not form.is_valid():
            return session_form_page(request, form, model_choice(request, form), status=422)
        own = {name: form.cleaned_data[name] for name in AS_THE_USERS}
    session = GeminiService(request.user, INTERFACE).configure_session(session, **own)
    return configured(request, session)


def configured(request: PageRequest, session: ChatSession) -> HttpResponse:
    if request.htmx:
        return render(request, "gemini/settings/_chat_model.html", {"session": session})
    flash.success(request, _("Настройки чата сохранены."))
    return redirect(session)


def session_form_page(
    request: PageRequest, form: SessionSettingsForm, choice: ModelChoice, status: int = 200
) -> HttpResponse:
    settings = GeminiService(request.user, INTERFACE).answer_settings()
    # Not in the form's own class: the list of models, which comes later, would take the focus again.
    put_caret(form)
    context = {"session": form.instance, "form": form, "choice": choice, "inherited": settings}
    if not request.htmx:
        return render(request, "gemini/settings/session.html", context, status=status)
    # The form's own target is what a success changes: the name of the model in the chat's head.
    response = render(request, "gemini/settings/_session_form.html", context, status=status)
    return reswap(retarget(response, "#dialog"), "innerHTML")
