"""Is the process alive, and may a balancer send it work?"""

from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from gemini import replies

_migrated = False


def alive(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database takes writes, all migrations are applied and the process is not draining; else 503."""
    if problem := why_not_ready():
        return JsonResponse({"status": problem}, status=503)
    return JsonResponse({"status": "ready"})


def why_not_ready() -> str:
    if replies.draining():
        return "shutting_down"
    try:
        if not migrated():
            return "not_migrated"
        prove_writable()
    except Error:
        return "database_unavailable"
    return ""


def migrated() -> bool:
    """Asked of the database until the answer is yes: a process does not lose migrations that it once had."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def prove_writable() -> None:
    """Takes the write lock and touches a table; a database that is read-only or locked fails here."""
    from gemini.models import ChatSession

    with transaction.atomic():
        ChatSession.objects.filter(pk=0).update(is_active=True)
