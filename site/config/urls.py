from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name=settings.LOGIN_REDIRECT_URL), name="home"),
    path("gemini/", include("gemini.web.urls")),
    path("accounts/", include("accounts.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]
