from django.urls import path

from google_oauth import views

app_name = "google_oauth"

urlpatterns = [
    path("", views.show, name="calendar"),
    path("connect/", views.connect, name="calendar-connect"),
    path("disconnect/", views.disconnect, name="calendar-disconnect"),
    path("analyze/", views.analyze, name="calendar-analyze"),
]
