"""The limit: the least a Django page of the same weight does. Hand-written SQL, a plain template, nothing of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.urls import path

# The least that reminding somebody takes: the two rows, with every key and index of their tables.
RAW_REMINDERS = (
    """
    INSERT INTO casework_reminder (deadline_id, policy_id, person_id, occurs_on, due_on, why, made_on)
    SELECT due.id, step.id, reader.id, %(day)s, due.due_on, 1, %(day)s
    FROM casework_deadline due
    CROSS JOIN (SELECT min(id) AS id FROM casework_reminderpolicy) step
    CROSS JOIN (SELECT min(id) AS id FROM organisation_person) reader
    ORDER BY due.id DESC LIMIT %(rows)s
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO casework_outboxmessage (message_id, kind, person_id, to_address, subject, body, path, case_id,
                                        reminder_id, written_at, send_after, handling, is_notice, attempts, last_error)
    SELECT '<raw.' || made.id || '@limit>', 'reminder', made.person_id, 'a@limit', 'A reminder of something', '', '/',
           NULL, made.id, now(), now(), 'mail', true, 0, ''
    FROM casework_reminder made WHERE made.made_on = %(day)s
    """,
)


def own_addresses(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that answers from the addresses of this file."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.urlconf = __name__
        return get_response(request)

    return answer


MIDDLEWARE = [
    "benchmarks.limit.own_addresses",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]

_PAGE = engines["django"].from_string(
    """<!doctype html><html lang="en"><head><title>{{ title }}</title></head><body><h1>{{ title }}</h1>
<p>{{ person }}, {{ count }}</p><table>{% for row in rows %}<tr><td><a href="/{{ row.0 }}/">{{ row.1 }}</a></td>
<td><a href="/{{ row.0 }}/">{{ row.2 }}</a></td>
<td><strong class="govuk-tag govuk-tag--blue">{{ row.3 }}</strong></td><td>{{ row.4 }}</td><td>{{ row.5 }}</td>
<td>{{ row.6 }}</td><td>{{ row.7 }}</td></tr>{% endfor %}</table></body></html>"""
)
_COLUMNS = "id, reference, title, state, value_ex_vat, holder_id, service_area_id, is_high_risk"


def _rows(sql: str, values: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def make_log() -> None:
    """Make the table in which the limit writes who did what."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS benchmark_act (id bigserial PRIMARY KEY, person_id bigint NOT NULL,"
            " words text NOT NULL, at timestamptz NOT NULL DEFAULT now())"
        )


def list_page(request: HttpRequest) -> HttpResponse:
    """Fifty rows in the order of the list, and a bounded count."""
    person: Any = request.user
    mine = [person.organisation_id]
    rows = _rows(
        f"SELECT {_COLUMNS} FROM casework_casefile WHERE organisation_id = %s AND kind = 'commission'"  # noqa: S608
        " ORDER BY changed_at DESC, id DESC LIMIT 50",
        mine,
    )
    count = _rows(
        "SELECT count(*) FROM (SELECT 1 FROM casework_casefile"
        " WHERE organisation_id = %s AND kind = 'commission' LIMIT 1001) x",
        mine,
    )
    return HttpResponse(_PAGE.render({"title": "List", "rows": rows, "count": count[0][0], "person": person}))


def record_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One record and the fifty newest things below it."""
    record = _rows(f"SELECT {_COLUMNS} FROM casework_casefile WHERE id = %s", [pk])  # noqa: S608
    rows = _rows(
        "SELECT id, kind, title, state, due_on, queue_id, assignee_id, rule_name FROM casework_workitem"
        " WHERE case_file_id = %s ORDER BY id DESC LIMIT 50",
        [pk],
    )
    rows = (record * 50)[: 50 - len(rows)] + rows
    return HttpResponse(_PAGE.render({"title": record[0][2], "rows": rows, "count": 1, "person": request.user}))


def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Lock a row, change it, write down who did, send back to the page."""
    person: Any = request.user
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT id, state FROM casework_workitem WHERE id = %s FOR UPDATE", [pk])
        cursor.execute("UPDATE casework_workitem SET assignee_id = %s WHERE id = %s", [person.pk, pk])
        cursor.execute("INSERT INTO benchmark_act (person_id, words) VALUES (%s, %s)", [person.pk, "Assigned"])
    return HttpResponseRedirect("/")


urlpatterns = [
    path("list/", list_page),
    path("record/<int:pk>/", record_page),
    path("act/<int:pk>/", act),
]
