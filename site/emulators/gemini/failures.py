"""How Google says no: canonical code, HTTP status, wording and typed details, alike for gRPC and REST.

Wordings: https://ai.google.dev/gemini-api/docs/troubleshooting and public issue threads.
"""

from dataclasses import dataclass, field
from typing import Any

ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo"
QUOTA_FAILURE = "type.googleapis.com/google.rpc.QuotaFailure"

CUT = "Socket closed"

# Canonical code → its number in google.rpc.Code and the HTTP status that Google maps it to.
CODES = {
    "INVALID_ARGUMENT": (3, 400),
    "DEADLINE_EXCEEDED": (4, 504),
    "NOT_FOUND": (5, 404),
    "PERMISSION_DENIED": (7, 403),
    "RESOURCE_EXHAUSTED": (8, 429),
    "FAILED_PRECONDITION": (9, 400),
    "INTERNAL": (13, 500),
    "UNAVAILABLE": (14, 503),
}


@dataclass
class Refusal(Exception):
    status: str
    message: str
    details: list[dict[str, Any]] = field(default_factory=list)

    @property
    def http_status(self) -> int:
        return CODES[self.status][1]

    @property
    def is_cut(self) -> bool:
        """No answer at all, but a connection that breaks; gRPC has a status for that, HTTP has none."""
        return self.message == CUT

    def as_json(self) -> dict[str, Any]:
        error = {"code": self.http_status, "message": self.message, "status": self.status}
        return {"error": error | ({"details": self.details} if self.details else {})}

    def as_rpc_status(self) -> bytes:
        """google.rpc.Status, as it travels in `grpc-status-details-bin`."""
        from google.protobuf import any_pb2, json_format
        from google.rpc import error_details_pb2, status_pb2

        status = status_pb2.Status(code=CODES[self.status][0], message=self.message)
        for detail in self.details:
            kind = getattr(error_details_pb2, detail["@type"].rpartition(".")[2])()
            body = {name: value for name, value in detail.items() if name != "@type"}
            json_format.ParseDict(body, kind, ignore_unknown_fields=True)
            packed = any_pb2.Any()
            packed.Pack(kind)
            status.details.append(packed)
        return status.SerializeToString()


def quota(metric: str, seconds: float) -> list[dict[str, Any]]:
    return [
        {
            "@type": QUOTA_FAILURE,
            "violations": [{"subject": metric, "description": "generate_content_free_tier_requests"}],
        },
        {"@type": RETRY_INFO, "retryDelay": f"{seconds}s"},
    ]


def no_key() -> Refusal:
    return Refusal(
        "PERMISSION_DENIED",
        "Method doesn't allow unregistered callers (callers without established identity). "
        "Please use API Key or other form of API consumer identity to call this API.",
    )


def wrong_key() -> Refusal:
    info = {"@type": ERROR_INFO, "reason": "API_KEY_INVALID", "domain": "googleapis.com"}
    return Refusal("INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", [info])


def unknown_model(model: str) -> Refusal:
    return Refusal(
        "NOT_FOUND",
        f"models/{model} is not found for API version v1beta, or is not supported for generateContent. "
        "Call ListModels to see the list of available models and their supported methods.",
    )


A_DAY = "GenerateRequestsPerDayPerProjectPerModel-FreeTier"
EXCEEDED = "You exceeded your current quota, please check your plan and billing details."


def refusal(kind: str, retry: float = 7.0) -> Refusal | None:
    """The refusal of that kind, or None when the kind is not a refusal but a bad answer."""
    match kind:
        case "key":
            return wrong_key()
        case "leaked":
            return Refusal("PERMISSION_DENIED", "Your API key was reported as leaked. Please use another API key.")
        case "region":
            return Refusal("FAILED_PRECONDITION", "User location is not supported for the API use.")
        case "429":
            return Refusal(
                "RESOURCE_EXHAUSTED", EXCEEDED, quota("GenerateRequestsPerMinutePerProjectPerModel-FreeTier", retry)
            )
        case "429-day":
            return Refusal("RESOURCE_EXHAUSTED", EXCEEDED, quota(A_DAY, 52_758))
        case "429-day-short":
            # As Google often says it: the day's quota, and a delay that will not help.
            return Refusal("RESOURCE_EXHAUSTED", EXCEEDED, quota(A_DAY, retry))
        case "500":
            return Refusal("INTERNAL", "An internal error has occurred. Please retry or report.")
        case "503":
            return Refusal("UNAVAILABLE", "The model is overloaded. Please try again later.")
        case "504":
            return Refusal("DEADLINE_EXCEEDED", "Deadline expired before operation could complete.")
        case "404":
            return unknown_model("gemini-nope")
        case "cut":
            return Refusal("UNAVAILABLE", CUT)
    return None
