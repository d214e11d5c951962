from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

handler400 = "config.errors.bad_request"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"

# With the form of Django's admin passwords could be tried without a limit: the staff sign in as everybody does.
admin.site.login = secure_admin_login(RedirectView.as_view(pattern_name="admin:index"))  # type: ignore[method-assign]

urlpatterns = [
    path("", RedirectView.as_view(pattern_name=settings.LOGIN_REDIRECT_URL), name="home"),
    path("gemini/", include("gemini.web.urls")),
    path("gemini/", include("gemini.jsonviews.urls")),
    path("finance/", include("finance.urls")),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("google_oauth.account_urls")),
    path("calendar/", include("google_oauth.urls")),
    path("api/v1/", include("config.api_urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]
