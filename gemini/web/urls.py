from django.urls import path

from gemini.web import chats, deletion, messages, settings, titles

app_name = "gemini"

urlpatterns = [
    path("", chats.gemini_dashboard, name="dashboard"),
    path("settings/", settings.settings, name="settings"),
    path("settings/key-test/", settings.test_key, name="key-test"),
    # /gemini/chat/
    path("chat/", chats.chat_session, name="chat-create"),
    path("chat/<int:session_id>/", chats.chat_session, name="chat"),
    path("chat/<int:session_id>/messages/", messages.create_message, name="message-create"),
    # /gemini/sessions/<session_id>/
    path("sessions/<int:session_id>/title/", titles.session_title, name="session-title"),
    path("sessions/<int:session_id>/title/edit/", titles.edit_title, name="session-title-edit"),
    path("sessions/<int:session_id>/delete/", deletion.delete_session, name="session-delete"),
    # /gemini/messages/<message_id>/
    path("messages/<int:message_id>/stream/", messages.stream_reply, name="reply-stream"),
    path("messages/<int:message_id>/stop/", messages.stop_reply, name="reply-stop"),
    path("messages/<int:message_id>/retry/", messages.retry_reply, name="reply-retry"),
]
