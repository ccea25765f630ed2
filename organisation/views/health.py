"""Health pages for load balancers, and the plain page for when the database is away.

They reveal nothing: no version, no host, no query.
"""

import logging
import sys
from secrets import token_hex

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)

AWAY = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sorry, the service is unavailable – Gatehouse</title></head>
<body><main><h1>Sorry, the service is unavailable</h1>
<p>Gatehouse cannot reach its records at the moment. Nothing you saved before is lost.</p>
<p>Wait a minute, then try again.</p></main></body></html>
"""
BROKEN = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sorry, there is a problem – Gatehouse</title></head>
<body><main><h1>Sorry, there is a problem</h1>
<p>What you were doing was not saved. Go back and try again.</p></main></body></html>
"""
RETRY_SECONDS = "30"


@login_not_required
@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Answer that this process is alive, asking nobody else."""
    return HttpResponse("alive\n", content_type="text/plain; charset=utf-8")


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Answer that this process can serve: the database answers it. Otherwise 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except (DatabaseError, InterfaceError):
        connection.close()  # so that the next question tries a fresh connection
        return away()
    return HttpResponse("ready\n", content_type="text/plain; charset=utf-8")


def away() -> HttpResponse:
    """Return the plain 503 page, made without the database or a template."""
    return HttpResponse(AWAY, status=503, headers={"Retry-After": RETRY_SECONDS, "Cache-Control": "no-store"})


def trouble(request: HttpRequest) -> HttpResponse:
    """Answer for an exception nobody caught: 503 when the database is away, otherwise the 500 page."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return away()
    # The same mark in the page and in the log, so that a report leads to the trace.
    reference = token_hex(4).upper()
    logger.error("Trouble %s at %s", reference, request.path)
    try:
        page = str(render_to_string("500.html", {"reference": reference}))
    except Exception:  # noqa: BLE001  whatever broke the page may break its own error page too
        page = BROKEN
    return HttpResponse(page, status=500, headers={"Cache-Control": "no-store"})
