from django.urls import path

from gemini.jsonviews import views

app_name = "gemini-json"

urlpatterns = [
    path("send-message/", views.send_message, name="send-message"),
    path("test-api-key/", views.test_api_key, name="test-api-key"),
    path("sessions/<int:session_id>/update-title/", views.update_title, name="update-title"),
    # The same under the base URL that the specification prints.
    path("api/send-message/", views.send_message, name="api-send-message"),
    path("api/test-api-key/", views.test_api_key, name="api-test-api-key"),
    path("api/sessions/<int:session_id>/update-title/", views.update_title, name="api-update-title"),
]
