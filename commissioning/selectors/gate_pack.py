"""Everything about one submission of a gate's paper, gathered as plain values for its printed pack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from commissioning import gate_words
from commissioning.dossier import Dossier
from commissioning.models import Gate, GateCondition, GateRound
from commissioning.open_work import GATES as OPEN_AT
from commissioning.open_work import still_open
from commissioning.pack_parts import parts_of
from commissioning.selectors import activity_lines, gate_pages, inputs
from commissioning.selectors.gate_comments import asked_outcomes
from commissioning.selectors.gate_decisions import InShort, in_short
from commissioning.selectors.outcome_views import OutcomesShown
from documents.models import Revision
from documents.threads import Thread, threads_in
from organisation import clock
from organisation.formatting import day, money

SHAPE = "gate_pack"


def pack_of(gate: Gate, made: GateRound, dossier: Dossier) -> dict[str, Any] | None:
    """The pack of one submission as it stands today, in a fixed number of statements; None where its revision is gone.

    The paper is that of the submission, word for word; what stands beside it (value, risk, authority) is today's.
    """
    paper, case = gate.paper, gate.commission.case_file
    if paper is None:
        return None
    revision = Revision.objects.filter(paper=paper, number=made.revision_number).first()
    if revision is None:
        return None
    words = gate_words.WORDS[gate.number]
    short = in_short(gate, made.revision_number, dossier.rules.amount("business_case_change_percent"))
    titles = {section["key"]: section["title"] for section in revision.content["sections"]}
    rows = [row for row in gate.st_comments if row["revision_number"] <= made.revision_number]  # type: ignore[attr-defined]
    needs, criteria = dossier.needs, [line for line in dossier.criteria if line.applies]
    return {
        "shape": SHAPE,
        "council": case.organisation.name,
        "reference": case.reference,
        "case_title": case.title,
        "service_area": case.service_area.name if case.service_area else "",
        "holder": case.holder.name if case.holder else "",
        "gate": gate.number,
        "title": gate_words.title_of(gate.number),
        "asks": words.asks,
        "commits": words.commits,
        "as_at": day(clock.today()),
        "submission": made.number,
        "submitted": f"{made.submitted_by.name if made.submitted_by else 'Gatehouse'}, {day(made.submitted_at)}",
        "decide_by": day(made.decide_by) if made.decide_by else "",
        "outcome": str(made.get_outcome_display()) if made.outcome else "",
        "settled": day(made.settled_at) if made.settled_at else "",
        "reason": made.reason,
        "route": made.route_name,
        "value": money(case.value_ex_vat) if case.value_ex_vat is not None else "Not recorded",
        "value_inc_vat": money(case.value_inc_vat) if case.value_inc_vat is not None else "",
        "tier": needs.band.name if needs else "Not known",
        "why": gate_pages.why_asked(dossier, gate.number),
        "is_high_risk": bool(criteria),
        "criteria": [[line.name, line.explanation] for line in criteria],
        "impact": gate_pages.impact_words(dossier),
        "authority": gate_pages.authority_lines(dossier),
        "open": [line.words for line in still_open(gate.number, dossier, activity_lines.activities_of(gate.commission))]
        if gate.number in OPEN_AT
        else [],
        "inputs": [_input(line) for line in inputs.inputs_of(gate) if line.submission <= made.number],
        "outcomes": _outcomes(asked_outcomes(gate)),
        "threads": [_thread(thread) for thread in threads_in(rows, paper, None, titles)],
        "changes": _changes(short),
        "moved": [figure.words for figure in short.moved],
        "steps": _steps(gate, made),
        "conditions": [_condition(row) for row in gate_pages.conditions_of(gate) if row.round_id == made.pk],
        "others": [part.frozen() for part in parts_of(gate, dossier)],
        "paper": revision.content,
    }


def _input(line: inputs.InputLine) -> dict[str, str]:
    return {
        "function": line.function,
        "submission": str(line.submission),
        "asked": day(line.asked_at),
        "needed_by": day(line.needed_by) if line.needed_by else "",
        "words": line.words,
        "text": line.text,
    }


def _thread(thread: Thread) -> dict[str, Any]:
    return {
        "section": thread.section,
        "who": f"{thread.who}, {thread.made_as}" if thread.made_as else thread.who,
        "on": f"{thread.made_on}, {day(thread.at)}",
        "about": thread.about,
        "words": thread.words,
        "answers": [[f"{said.who}, {day(said.at)}", said.words] for said in thread.answers],
        "status": thread.status,
        "settled": (
            f"Settled by {thread.settled_by}, {day(thread.settled_at)}"
            f"{f': {thread.settled_because}' if thread.settled_because else ''}"
            if thread.settled_at
            else ""
        ),
    }


def _outcomes(shown: OutcomesShown | None) -> list[list[str]]:
    if shown is None:
        return []
    return [[line.name, line.stake, said] for line, said in shown.lines]


def _changes(short: InShort) -> list[dict[str, Any]]:
    return [
        {
            "since": found.since,
            "sections": [[section.title, [change.label for change in section.changes]] for section in found.sections],
        }
        for found in short.compared
    ]


def _steps(gate: Gate, made: GateRound) -> Sequence[Mapping[str, Any]]:
    shown = next((found for found in gate_pages.rounds_of(gate) if found.row.pk == made.pk), None)
    return [
        {
            "who": step.words,
            "needed": f"{step.needed} of {len(views)}" if step.needed else f"all {len(views)}" if views[1:] else "",
            "views": [
                {
                    "person": view.person.name,
                    "outcome": str(view.get_outcome_display()) if view.outcome else "",
                    "at": day(view.given_at) if view.given_at else "",
                    "cover": view.given_by.name if view.given_by and view.given_by_id != view.person_id else "",
                    "authority": view.authority,
                    "reason": view.reason,
                }
                for view in views
            ],
        }
        for step, views in (shown.steps if shown else [])
    ]


def _condition(row: GateCondition) -> dict[str, str]:
    met = f"Met {day(row.met_at)}: {row.met_how}" if row.met_at else "Open"
    return {
        "words": row.words,
        "owner": row.owner.name,
        "due": day(row.due_on),
        "gate": str(row.blocks_gate),
        "status": met,
    }
