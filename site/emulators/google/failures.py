"""How Google says no: https://developers.google.com/calendar/api/guides/errors, and RFC 6749 for tokens."""

from typing import Any

from emulators.serving import Reply

INFO = "type.googleapis.com/google.rpc.ErrorInfo"


def refusal(code: int, reason: str, message: str, domain: str = "global", /, **more: Any) -> Reply:
    """In the envelope of Google's APIs."""
    where: dict[str, Any] = {name: more.pop(name) for name in ("locationType", "location") if name in more}
    error = {"domain": domain, "reason": reason, "message": message, **where}
    return Reply({"error": {"errors": [error], "code": code, "message": message, **more}}, code)


def unauthorized() -> Reply:
    reply = refusal(401, "authError", "Invalid Credentials", locationType="header", location="Authorization")
    reply.headers["WWW-Authenticate"] = 'Bearer realm="https://accounts.google.com/", error="invalid_token"'
    return reply


def without_scope(method: str) -> Reply:
    info = {
        "@type": INFO,
        "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "domain": "googleapis.com",
        "metadata": {"service": "calendar-json.googleapis.com", "method": method},
    }
    message = "Request had insufficient authentication scopes."
    return refusal(403, "insufficientPermissions", message, status="PERMISSION_DENIED", details=[info])


def invalid(location: str, message: str = "Bad Request") -> Reply:
    return refusal(400, "invalid", message, locationType="parameter", location=location)


def oauth(status: int, error: str, description: str) -> Reply:
    return Reply({"error": error, "error_description": description}, status)


LIMIT = "usageLimits"
KINDS: dict[str, Any] = {
    "401": unauthorized,
    "403-scope": lambda: without_scope("calendar.v3.Events.List"),
    "403-rate": lambda: refusal(403, "rateLimitExceeded", "Rate Limit Exceeded", LIMIT),
    "403-user-rate": lambda: refusal(403, "userRateLimitExceeded", "User Rate Limit Exceeded", LIMIT),
    "403-quota": lambda: refusal(403, "quotaExceeded", "Calendar usage limits exceeded.", LIMIT),
    "403-disabled": lambda: refusal(403, "accessNotConfigured", "Google Calendar API is disabled.", LIMIT),
    "404": lambda: refusal(404, "notFound", "Not Found"),
    "410": lambda: refusal(
        410,
        "fullSyncRequired",
        "Sync token is no longer valid, a full sync is required.",
        "calendar",
        locationType="parameter",
        location="syncToken",
    ),
    "429": lambda: refusal(429, "rateLimitExceeded", "Rate Limit Exceeded", LIMIT),
    "backend": lambda: refusal(500, "backendError", "Backend Error"),
    "invalid_grant": lambda: oauth(400, "invalid_grant", "Token has been expired or revoked."),
    "invalid_client": lambda: oauth(401, "invalid_client", "Unauthorized"),
}
