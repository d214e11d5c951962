from allauth.core.internal.httpkit import authenticated_user
from django.contrib import messages as flash
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts import erasure, sessions
from accounts.forms import EmailForm, EraseForm
from gemini import throttling


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def account_settings(request: HttpRequest) -> HttpResponse:
    user = authenticated_user(request)
    if request.method != "POST":
        return account_page(request, EmailForm(user=user))
    # Before the form asks whether the password is right.
    throttling.consume("password", user.pk)
    form = EmailForm(request.POST, user=user)
    if not form.is_valid():
        return account_page(request, form, status=422)
    form.save()
    flash.success(request, _("Адрес сохранён.") if user.email else _("Адрес убран."))
    return redirect("account_settings")


def account_page(request: HttpRequest, form: EmailForm, status: int = 200) -> HttpResponse:
    return render(request, "account/settings.html", {"form": form, "section": "account"}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def erase_account(request: HttpRequest) -> HttpResponse:
    """Says what will go, asks for the name and the password, and ends the account for good."""
    user = authenticated_user(request)
    if request.method != "POST":
        return erase_page(request, EraseForm(user=user, request=request))
    throttling.consume("password", user.pk)
    form = EraseForm(request.POST, user=user, request=request)
    if not form.is_valid():
        return erase_page(request, form, status=422)
    erasure.erase(user)
    logout(request)
    flash.success(request, _("Учётная запись и всё, что в ней было, удалены."))
    return redirect("account_login")


def erase_page(request: HttpRequest, form: EraseForm, status: int = 200) -> HttpResponse:
    return render(request, "account/erase.html", {"form": form, "section": "account"}, status=status)


@require_GET
@login_required
def session_list(request: HttpRequest) -> HttpResponse:
    """Where one is signed in; what was signed in and is no more is not shown."""
    # The session that looks is seen now, whatever the middleware has written down.
    sessions.record(request, request.user, str(request.session.session_key))
    found = sessions.sign_ins_of(authenticated_user(request), request.session.session_key)
    return render(request, "usersessions/page.html", {"sign_ins": found, "section": "sessions"})


@require_POST
@login_required
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    user = authenticated_user(request)
    key = request.session.session_key
    if not sessions.end(user, pk):
        raise Http404
    if not sessions.is_alive(str(key)):
        # One's own: signing out also clears what this request still holds.
        logout(request)
        return HttpResponseClientRedirect("/") if is_htmx(request) else redirect("account_login")
    if is_htmx(request):
        # Nothing comes in the place of its row.
        return HttpResponse()
    flash.success(request, _("Сессия завершена."))
    return redirect("account_sessions")


@require_POST
@login_required
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    count = sessions.end_others(authenticated_user(request), request.session.session_key)
    said = ngettext("Завершена %(count)s другая сессия.", "Завершено %(count)s других сессий.", count)
    flash.success(request, said % {"count": count} if count else _("Других сессий не было."))
    return redirect("account_sessions")


def is_htmx(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))
