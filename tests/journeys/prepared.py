"""A commission brought to a stage through the services, for walks that begin half way."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from casework.door import carry_out
from commissioning.models import Commission
from commissioning.services import decisions, specifications
from documents.contents import fact_words
from documents.kinds import digest
from documents.models import Paper
from documents.selectors import contents_of
from documents.services import papers
from organisation.models import Person
from tests.factories import commissioning as made
from tests.journeys.conftest import Council

PLAIN = {"money": "18000.00", "number": "1", "date": "2026-09-21"}


def started(council: Council, value: int = 18_000, title: str = "Moving and handling training") -> Commission:
    """Registered at low risk, authorised to be commissioned, started."""
    commission = made.registered_commission(
        council.priya, title=title, service_area=council.area, value=Decimal(value), needed_by=date(2027, 3, 1)
    )
    made.answered_risk(commission)
    made.with_authority(commission, may_procure=True, may_award=False)
    return made.started(commission)


def planned(council: Council, commission: Commission) -> Commission:
    """Through Analyse into Plan."""
    made.planned_as_suggested(commission)
    made.done_activities(commission, "analyse")
    made.answered_questions(commission, "analyse")
    submit(papers.begin(commission.case_file, "impact_screening", by=council.priya), council.priya)
    return _moved(commission, "to_plan", council.priya)


def secured(council: Council, commission: Commission) -> Commission:
    """Through Plan into Secure Services."""
    made.decided_delivery(commission)
    specification = specifications.open_specification(commission, by=council.priya)
    submit(specification.paper, council.priya)
    specification = carry_out(specification, "send_for_sign_off", by=council.priya).subject
    carry_out(specification, "sign_off", by=council.tom)
    made.done_activities(commission, "plan")
    return _moved(commission, "to_secure", council.priya)


def may_award(council: Council, commission: Commission, limit: int | None = None) -> None:
    """A delegated decision to award."""
    decisions.record_authority(
        commission,
        kind="delegated_decision",
        may_commission=False,
        may_procure=False,
        may_award=True,
        decided_by="Team manager, Learning and Skills",
        decided_on=date(2026, 9, 4),
        decision_reference="DD-2026-131",
        limit_ex_vat=Decimal(limit) if limit else None,
        by=council.priya,
    )


def submit(paper: Paper, by: Person) -> Paper:
    """Give every question of a paper its plainest answer ("no" where there is one), and submit it."""
    for section in contents_of(paper).shape.sections:
        contents = contents_of(Paper.objects.get(pk=paper.pk))
        answers: dict[str, Any] = {}
        for question in section.questions:
            if question.kind == "table":
                row = {column.key: _plain(column) for column in question.columns}
                papers.save_row(paper, section.key, question.key, "", row, by)
            elif question.kind not in ("fact", "file"):
                answers[question.key] = _plain(question)
        confirmed = {key: digest(fact_words(fact)) for key, fact in contents.facts.items()}
        papers.save_answers(paper, section.key, answers, by, 10_000, confirmed=confirmed)
    done: Paper = carry_out(Paper.objects.get(pk=paper.pk), "submit", by=by).subject
    return done


def _plain(asked: Any) -> str:
    values = [choice.value for choice in getattr(asked, "choices", ())]
    if values:
        return "no" if "no" in values else str(values[0])
    return PLAIN.get(asked.kind, "As agreed with the team")


def _moved(commission: Commission, verb: str, by: Person) -> Commission:
    return Commission.objects.get(pk=carry_out(commission, verb, by=by).subject.pk)
