from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from gemini.access import session_for
from gemini.web.forms import TitleForm
from gemini.web.requests import PageRequest

# How often the page asks again for a title that was not ready with the answer.
TITLE_ATTEMPTS = 2


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def session_title(request: PageRequest, session_id: int) -> HttpResponse:
    session = session_for(request.user, session_id)
    if request.method == "POST":
        form = TitleForm(request.POST, instance=session)
        if not form.is_valid():
            return title_form(request, form, status=422)
        form.save()
    if not request.htmx:
        return redirect(session)
    asked = request.GET.get("attempt", "")
    attempt = int(asked) + 1 if asked.isdecimal() and int(asked) < TITLE_ATTEMPTS else None
    # After an edit, or one given up, the focus goes back to where it began.
    edited = request.method == "POST" or "edited" in request.GET
    context = {"session": session, "attempt": attempt, "with_sidebar": True, "edited": edited}
    return render(request, "gemini/chat/_title.html", context)


@require_GET
@login_required
def edit_title(request: PageRequest, session_id: int) -> HttpResponse:
    return title_form(request, TitleForm(instance=session_for(request.user, session_id)))


def title_form(request: PageRequest, form: TitleForm, status: int = 200) -> HttpResponse:
    template = "gemini/chat/_title_form.html" if request.htmx else "gemini/chat/title.html"
    # A refused title is already on the instance; the page must go on showing the stored one.
    if form.is_bound:
        form.instance.refresh_from_db(fields=["title"])
    return render(request, template, {"session": form.instance, "form": form}, status=status)
