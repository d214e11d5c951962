from django.http import HttpRequest

from google_oauth import conf


def google(request: HttpRequest) -> dict[str, bool]:
    return {"google_is_configured": conf.is_configured(), "google_is_emulated": conf.is_emulated()}
