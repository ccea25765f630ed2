"""The two statements of a sweep: who is reminded, and what they are told. One text for both databases.

Everything that varies comes in as parameters; the days of the steps come as one JSON text, however many there are.
"""

from __future__ import annotations

from django.db import connection
from django.db.models import Model

from casework.models import CaseFile, Deadline, OutboxMessage, Queue, Reminder, ReminderPolicy, Wall
from organisation.models import Cover, Membership, Organisation, Person

_MODELS: tuple[type[Model], ...] = (
    *(CaseFile, Deadline, OutboxMessage, Queue, Reminder, ReminderPolicy, Wall),
    *(Cover, Membership, Organisation, Person),
)
_TABLES = {model.__name__.lower(): f'"{model._meta.db_table}"' for model in _MODELS}

# Each step's day, from the JSON list of [policy, date it counts from, day it falls].
_STEPS = {
    "sqlite": """
        SELECT json_extract(value, '$[0]') AS policy_id, json_extract(value, '$[1]') AS base_on,
               json_extract(value, '$[2]') AS occurs_on
        FROM json_each(%(steps)s)
    """,
    "postgresql": """
        SELECT (value->>0)::bigint AS policy_id, (value->>1)::date AS base_on, (value->>2)::date AS occurs_on
        FROM jsonb_array_elements(%(steps)s::jsonb)
    """,
}

# The deadlines whose date a step counts from today's window. A step that fell before the date was set is past.
_HITS = """
    SELECT due.id AS deadline_id, due.due_on, due.organisation_id, due.case_file_id, file.root_id,
           file.service_area_id, due.holder_id, due.requester_id, due.queue_id, step.occurs_on, policy.id AS policy_id,
           policy.to_holder, policy.to_manager, policy.to_requester, policy.to_role
    FROM step
    JOIN {reminderpolicy} policy ON policy.id = step.policy_id AND policy.counted_from = '{start}'
    JOIN {deadline} due ON due.kind = policy.kind AND due.{column} = step.base_on
         AND due.done_at IS NULL AND NOT due.is_paused AND due.set_on < step.occurs_on
    JOIN {organisation} place ON place.id = due.organisation_id AND place.framework_id = policy.framework_id
         AND place.is_active
    JOIN {casefile} file ON file.id = due.case_file_id
"""

_HELD_NOW = """
    held.organisation_id = hit.organisation_id AND held.starts_on <= %(today)s
    AND (held.ends_on IS NULL OR held.ends_on > %(today)s)
"""
_IN_AREA = """
    (held.service_area_id IS NULL OR hit.service_area_id IS NULL OR held.service_area_id = hit.service_area_id)
"""
# Who answers for what nobody holds: the queue's managers, else those who work it; without a queue the service leaders.
_ANSWERABLE = f"""
    (line.manager_role <> '' AND held.role = line.manager_role)
    OR (line.manager_role = '' AND held.role = line.role AND (line.function = '' OR held.function = line.function))
    OR (line.id IS NULL AND held.role = 'service_leader' AND {_IN_AREA})
"""
_SAME = "hit.deadline_id, hit.policy_id, hit.occurs_on, hit.due_on, hit.organisation_id, hit.case_file_id, hit.root_id"

# Whom the step names.
_NAMED = f"""
    SELECT {_SAME}, hit.holder_id AS person_id, {Reminder.Why.HOLDER} AS why
    FROM hit WHERE hit.to_holder AND hit.holder_id IS NOT NULL
    UNION ALL
    SELECT {_SAME}, away.deputy_id, {Reminder.Why.COVER}
    FROM hit JOIN {{cover}} away ON away.absent_id = hit.holder_id AND away.starts_on <= %(today)s
         AND away.ends_on >= %(today)s AND (away.ended_on IS NULL OR away.ended_on > %(today)s)
    WHERE hit.to_holder
    UNION ALL
    SELECT {_SAME}, held.person_id, {Reminder.Why.NOBODY}
    FROM hit LEFT JOIN {{queue}} line ON line.id = hit.queue_id
         JOIN {{membership}} held ON {_HELD_NOW} AND ({_ANSWERABLE})
    WHERE hit.to_holder AND hit.holder_id IS NULL
    UNION ALL
    SELECT {_SAME}, hit.requester_id, {Reminder.Why.REQUESTER}
    FROM hit WHERE hit.to_requester AND hit.requester_id IS NOT NULL
    UNION ALL
    SELECT {_SAME}, held.person_id, {Reminder.Why.ROLE}
    FROM hit JOIN {{membership}} held ON held.role = hit.to_role AND {_HELD_NOW} AND {_IN_AREA}
    WHERE hit.to_role <> ''
    UNION ALL
    SELECT {_SAME}, held.person_id, {Reminder.Why.MANAGER}
    FROM hit LEFT JOIN {{queue}} line ON line.id = hit.queue_id
         JOIN {{membership}} held ON {_HELD_NOW}
         AND ((line.manager_role <> '' AND held.role = line.manager_role)
              OR (COALESCE(line.manager_role, '') = '' AND held.role = 'service_leader' AND {_IN_AREA}))
    WHERE hit.to_manager
"""  # noqa: S608 - every part stands in this file; what varies is a parameter

# Only people with an open account who may see the case: the scope of every page (casework.querysets).
_READER = """
    SELECT DISTINCT own.person_id, own.organisation_id FROM {membership} own
    JOIN {person} reader ON reader.id = own.person_id AND reader.is_active
    WHERE own.starts_on <= %(today)s AND (own.ends_on IS NULL OR own.ends_on > %(today)s)
"""
_MAY_SEE = """
    JOIN reader ON reader.person_id = told.person_id AND reader.organisation_id = told.organisation_id
    WHERE NOT EXISTS (SELECT 1 FROM {wall} raised WHERE raised.person_id = told.person_id
                      AND raised.lifted_at IS NULL AND raised.case_file_id IN (told.case_file_id, told.root_id))
"""

# Where a step names nobody who can be told: the queue's managers, else those who work it, else the service leaders,
# else the administrators. Only the first tier with somebody in it is told.
_SOMEBODY = f"""
    SELECT {_SAME}, held.person_id, {Reminder.Why.NOBODY} AS why,
           CASE WHEN held.role = line.manager_role THEN 1
                WHEN held.role = line.role AND (line.function = '' OR held.function = line.function) THEN 2
                WHEN held.role = 'service_leader' THEN 3 ELSE 4 END AS tier
    FROM unheard hit LEFT JOIN {{queue}} line ON line.id = hit.queue_id
         JOIN {{membership}} held ON {_HELD_NOW}
         AND ((line.manager_role <> '' AND held.role = line.manager_role)
              OR (held.role = line.role AND (line.function = '' OR held.function = line.function))
              OR (held.role = 'service_leader' AND {_IN_AREA}) OR held.role = 'administrator')
"""  # noqa: S608 - as above

_ROW = "told.deadline_id, told.policy_id, told.person_id, told.occurs_on, told.due_on"
_REMIND = f"""
    INSERT INTO {{reminder}} (deadline_id, policy_id, person_id, occurs_on, due_on, why, made_on)
    WITH step AS MATERIALIZED ({{steps}}), hit AS MATERIALIZED ({{hits}}), reader AS MATERIALIZED ({_READER}),
         reached AS MATERIALIZED (
             SELECT {_ROW}, MIN(told.why) AS why FROM ({_NAMED}) told {_MAY_SEE} GROUP BY {_ROW}
         ),
         unheard AS MATERIALIZED (
             SELECT hit.* FROM hit WHERE NOT EXISTS (
                 SELECT 1 FROM reached WHERE reached.deadline_id = hit.deadline_id AND reached.policy_id = hit.policy_id
             )
         ),
         answerable AS (
             SELECT {_ROW}, told.why, told.tier,
                    MIN(told.tier) OVER (PARTITION BY told.deadline_id, told.policy_id) AS first_tier
             FROM ({_SOMEBODY}) told {_MAY_SEE}
         )
    SELECT deadline_id, policy_id, person_id, occurs_on, due_on, why, %(today)s
    FROM (
        SELECT deadline_id, policy_id, person_id, occurs_on, due_on, why FROM reached
        UNION
        SELECT deadline_id, policy_id, person_id, occurs_on, due_on, why FROM answerable WHERE tier = first_tier
    ) AS everybody
    WHERE 1 = 1
    ON CONFLICT (deadline_id, policy_id, occurs_on, person_id) DO NOTHING
"""  # noqa: S608 - as above

_TELL = """
    INSERT INTO {outboxmessage} (message_id, kind, person_id, to_address, subject, body, path, case_id, reminder_id,
                                 written_at, send_after, handling, is_notice, attempts, last_error)
    SELECT '<' || made.id || '.' || %(token)s || '@' || %(host)s || '>', policy.topic, reader.id, reader.email,
           SUBSTR(due.title || ': ' || file.reference || ' ' || file.title, 1, 250), '',
           CASE WHEN due.path = '' THEN file.path ELSE due.path END, file.id, made.id, %(now)s, %(now)s,
           CASE WHEN policy.by_mail THEN 'mail' ELSE 'not_mailed' END, %(yes)s, 0, ''
    FROM {reminder} made
    JOIN {deadline} due ON due.id = made.deadline_id
    JOIN {casefile} file ON file.id = due.case_file_id
    JOIN {reminderpolicy} policy ON policy.id = made.policy_id
    JOIN {person} reader ON reader.id = made.person_id
    WHERE made.made_on = %(today)s
      AND NOT EXISTS (SELECT 1 FROM {outboxmessage} told WHERE told.reminder_id = made.id)
    ON CONFLICT DO NOTHING
"""


def remind() -> str:
    """The statement that adds reminders. Wants ``steps`` (the JSON text) and ``today``."""
    hits = " UNION ALL ".join(
        _HITS.format(start=start, column=column, **_TABLES) for start, column in (("due", "due_on"), ("since", "since"))
    )
    return _REMIND.format(steps=_STEPS[connection.vendor], hits=hits, **_TABLES)


def tell() -> str:
    """The statement that writes a message for each of today's reminders that has none.

    Wants ``today``, ``now``, a fresh ``token`` and the ``host`` for Message-IDs, and ``yes``.
    """
    return _TELL.format(**_TABLES)
