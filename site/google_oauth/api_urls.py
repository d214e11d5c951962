from django.urls import path

from google_oauth.rest import AnalyzeView, DisconnectView, EventsView, StatusView

urlpatterns = [
    path("status/", StatusView.as_view(), name="api-calendar-status"),
    path("events/", EventsView.as_view(), name="api-calendar-events"),
    path("analyze/", AnalyzeView.as_view(), name="api-calendar-analyze"),
    path("disconnect/", DisconnectView.as_view(), name="api-calendar-disconnect"),
]
