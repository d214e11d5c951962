"""The sheet of keys. It names no key that does nothing: `tests/gemini/web/test_keyboard.py` looks for each."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from gemini.web.requests import PageRequest

# Keys of the second group are `data-shortcut` of what they press, letters by their place on a Latin keyboard.
SHORTCUTS = [
    (
        _("В поле сообщения"),
        [
            (["Enter"], _("отправить; на телефоне — новая строка")),
            (["Shift", "Enter"], _("новая строка")),
            (["/"], _("заготовки, пока поле пустое")),
        ],
    ),
    (
        _("Вне полей ввода, в любой раскладке"),
        [
            (["N"], _("новый чат")),
            (["S"], _("чаты и поиск по ним")),
            (["C"], _("к полю сообщения")),
            (["?"], _("эта справка")),
        ],
    ),
    (_("Везде"), [(["Esc"], _("остановить ответ; закрыть окно, меню или правку"))]),
]


@require_GET
@vary_on_headers("HX-Request")
@login_required
def keyboard_help(request: PageRequest) -> HttpResponse:
    template = "gemini/help/_sheet.html" if request.htmx else "gemini/help/page.html"
    return render(request, template, {"groups": SHORTCUTS})
