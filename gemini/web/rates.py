"""Official rates of a day, amounts converted by them, and one currency over time. All of it is in the address."""

from collections.abc import Sequence
from typing import Any

from asgiref.sync import async_to_sync
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from gemini.sources.nbrb.rates import today
from gemini.web.rate_board import Board, board_on
from gemini.web.rate_history import LENGTHS, Course, course_of
from gemini.web.rate_tables import DayTable, PointTable
from gemini.web.rates_form import RatesForm, converted
from gemini.web.requests import PageRequest
from gemini.web.tables import configure

POINTS_ON_PAGE = 31
PAGE = "gemini/rates/page.html"
# What htmx asks for, by the id of the element that it goes into; a table goes alone.
PARTS = {"rates": "gemini/rates/_rates.html", "rates-result": "gemini/rates/_result.html"}


@require_safe
@login_required
def rates(request: PageRequest) -> HttpResponse:
    form = RatesForm(request.GET)
    asked = form.asked
    board = async_to_sync(board_on)(asked.date)
    form.offer(board)
    course = async_to_sync(course_of)(asked.currency, asked.period)
    tables = tables_of(request, board, course)
    target = (request.htmx.target if request.htmx else None) or ""
    context = context_of(form, board, course, tables)
    if target in tables:
        response = render(request, "gemini/usage/_table.html", {"table": tables[target]})
    else:
        status = 200 if form.is_valid() else 422
        response = render(request, PARTS.get(target, PAGE), context, status=status)
    patch_vary_headers(response, ("HX-Request", "HX-Target"))
    return response


def tables_of(request: PageRequest, board: Board, course: Course) -> dict[str, Any]:
    tables: Sequence[tuple[Any, int | None]] = (
        (DayTable(board, request.GET), None),
        (PointTable(course), POINTS_ON_PAGE),
    )
    return {table.region: configure(table, request, per_page) for table, per_page in tables}


def context_of(form: RatesForm, board: Board, course: Course, tables: dict[str, Any]) -> dict[str, Any]:
    return {
        "form": form,
        "asked": form.asked,
        "board": board,
        "today": today(),
        "conversion": converted(form, board) if form.is_valid() else None,
        "course": course,
        "lengths": LENGTHS,
        "day_table": tables[DayTable.region],
        "point_table": tables[PointTable.region],
        # Without JavaScript a page of the table comes with the whole page, and the table is to be open there.
        "points_open": any(name.startswith(PointTable.PREFIX) for name in form.data),
    }
