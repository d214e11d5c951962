from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from finance import sample
from finance.web.listing import sample_offered
from finance.web.requests import PageRequest


@require_POST
@login_required
def load_sample(request: PageRequest) -> HttpResponse:
    """Fills empty pages with made-up records, as an import that is taken back like any other."""
    if not sample_offered(request):
        raise Http404
    sample.load(request.user)
    flash.success(request, _("Пример загружен. Убрать его можно на странице «Импорт»."))
    return redirect("finance:transactions")
