"""Where every address leads. Each room keeps its own urls.py."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from organisation.views import errors, health

ROOMS = ("organisation", "casework", "documents", "commissioning", "procurement", "contracts", "reporting")

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = health.trouble

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("organisation.account_urls")),
    path("admin/", admin.site.urls),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    *(path("", include(f"{room}.urls")) for room in ROOMS if find_spec(f"{room}.urls")),
]
