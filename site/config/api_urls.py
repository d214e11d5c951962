"""Everything below `/api/v1/`."""

from django.urls import include, path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

from accounts.rest import SessionView
from gemini.throttling import limited

# The split view keeps the script out of the page, which our CSP demands.
# Anybody may read them, and each takes a fifth of a second to make.
readable = limited("api_anonymous", methods=("GET", "HEAD"))
docs = SpectacularSwaggerSplitView.as_view(url_name="api-schema", template_name="api/docs.html")

urlpatterns = [
    path("gemini/", include("gemini.rest.urls")),
    path("finance/", include("finance.rest.urls")),
    path("calendar/", include("google_oauth.api_urls")),
    path("accounts/session/", SessionView.as_view(), name="api-session"),
    path("schema/", readable(SpectacularJSONAPIView.as_view()), name="api-schema"),
    path("docs/", readable(docs), name="api-docs"),
]
