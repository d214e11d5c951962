"""Of allauth's pages only those that we use, each of them in our own look."""

from allauth.account import views
from django.urls import path, re_path

from accounts.limits import letter_to, who
from accounts.views import account_settings, end_other_sessions, end_session, erase_account, session_list
from gemini.throttling import limited
from google_oauth.policy import leads_to_google

password_letter = limited("password_letter")(limited("password_letter_account", letter_to)(views.password_reset))

urlpatterns = [
    path("", account_settings, name="account_settings"),
    path("erase/", erase_account, name="account_erase"),
    path("sessions/", session_list, name="account_sessions"),
    path("sessions/<int:pk>/end/", end_session, name="account_session_end"),
    path("sessions/end-others/", end_other_sessions, name="account_sessions_end_others"),
    # allauth.usersessions leads here.
    path("sessions/", session_list, name="usersessions_list"),
    path("login/", limited("sign_in")(leads_to_google(views.login)), name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("signup/", limited("sign_up")(leads_to_google(views.signup)), name="account_signup"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("password/change/", limited("password", who)(views.password_change), name="account_change_password"),
    # For those who came by Google and have none yet.
    path("password/set/", limited("password", who)(views.password_set), name="account_set_password"),
    path("password/reset/", password_letter, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    # The key has hyphens of its own.
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        limited("password_reset")(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
