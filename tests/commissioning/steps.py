"""Commissions brought to a stage through the services, as people would bring them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from casework import door
from casework.models import AuditEvent
from casework.refusals import Refused
from commissioning.models import AnalyseTopic, Commission, KeyQuestion, Specification
from commissioning.services import decisions, measures, specifications
from commissioning.services.sheets import save_row
from commissioning.sheets import sheet_of
from contracts.models import MobilisationTask
from contracts.services import mobilisation
from documents.contents import fact_words
from documents.kinds import digest
from documents.models import Paper
from documents.selectors import contents_of
from documents.services import papers
from organisation.models import Person
from tests.commissioning.conftest import Alder
from tests.factories import commissioning as make
from tests.factories import organisation as people

PLAIN: dict[str, Any] = {"money": "18000.00", "number": 1, "date": "2026-09-21", "flag": True}


def read(commission: Commission) -> Commission:
    """The commission as it is now."""
    return Commission.objects.get(pk=commission.pk)


def put_in(commission: Commission, state: str, **fields: Any) -> Commission:
    """Set a state without the way there: for tests that ask only what can be done in it."""
    Commission.objects.filter(pk=commission.pk).update(state=state, **fields)
    return read(commission)


def go(commission: Commission, verb: str, by: Person, **inputs: Any) -> Commission:
    """Carry out a verb."""
    return read(door.carry_out(commission, verb, by=by, **inputs).subject)


def words_of(refusal: Refused) -> list[str]:
    """The worded blockers of a refusal, in order."""
    return [blocker.words for blocker in refusal.blockers]


def refused(commission: Any, verb: str, by: Person, **inputs: Any) -> list[str]:
    """Try a verb that must be refused; check that nothing changed and that the refusal was written down."""
    before = type(commission).objects.filter(pk=commission.pk).values().get()
    events = AuditEvent.objects.count()

    with pytest.raises(Refused) as refusal:
        door.carry_out(commission, verb, by=by, **inputs)

    assert type(commission).objects.filter(pk=commission.pk).values().get() == before
    event = AuditEvent.objects.order_by("-pk")[0]
    assert AuditEvent.objects.count() == events + 1, "the refusal, and nothing else, is written down"
    assert (event.is_refusal, event.reason, event.actor_id) == (True, refusal.value.words, by.pk)
    assert event.verb == f"{commission._meta.model_name}.{verb}"
    return words_of(refusal.value)


def submit(paper: Paper, by: Person, **said: str) -> Paper:
    """Give every question of a paper what was said, or its plainest answer ("no" where there is one); submit it."""
    if paper.template_key == "initiation_document":
        topics_written(Commission.objects.get(case_file=paper.case_file_id), by)
    for section in contents_of(paper).shape.sections:
        contents = contents_of(Paper.objects.get(pk=paper.pk))
        answers: dict[str, Any] = {}
        for question in section.questions:
            if question.kind == "table":
                row = {column.key: _plain(column) for column in question.columns}
                papers.save_row(paper, section.key, question.key, "", row, by)
            elif question.kind not in ("fact", "file"):
                answers[question.key] = said.get(question.key) or _plain(question, by)
        confirmed = {key: digest(fact_words(fact)) for key, fact in contents.facts.items()}
        papers.save_answers(paper, section.key, answers, by, 10_000, confirmed=confirmed)
    if paper.template_key == "specification" and any(one.key == "spec_indicators" for one in papers.blockers(paper)):
        _planned(paper, by)
    done: Paper = door.carry_out(Paper.objects.get(pk=paper.pk), "submit", by=by).subject
    return done


def topics_written(commission: Commission, by: Person) -> None:
    """Every topic of Analyse, where none is written."""
    sheet = sheet_of("topics")
    assert sheet is not None
    if not sheet.rows(commission).exists():
        for topic in AnalyseTopic.Topic:
            fields = {"topic": topic.value, "does_not_apply": False, "words": "As the team found it"}
            save_row(commission, sheet, fields, by=by)


def _planned(paper: Paper, by: Person) -> None:
    """The indicator that a larger specification shows, confirmed there."""
    commission = Commission.objects.get(case_file=paper.case_file_id)
    given = {"name": "Visits on time", "unit": "%", "target": Decimal(95), "baseline": Decimal(81)}
    measures.save_indicator(commission, by=by, **given)
    contents = contents_of(Paper.objects.get(pk=paper.pk))
    confirmed = {key: digest(fact_words(fact)) for key, fact in contents.facts.items()}
    papers.save_answers(paper, "indicators", {}, by, 10_000, confirmed=confirmed)


def _plain(asked: Any, by: Person | None = None) -> Any:
    values = [choice.value for choice in getattr(asked, "choices", ())]
    if asked.kind == "money_by_year":
        return {values[0]: PLAIN["money"]}
    if asked.kind == "choices":
        return values[:1]
    if asked.kind == "person" and by is not None:
        return {"id": by.pk, "name": by.label}
    if values:
        return "no" if "no" in values else str(values[0])
    return PLAIN.get(asked.kind, "As agreed with the team")


def screened(commission: Commission, by: Person, **said: str) -> Paper:
    """Submit the impact screening; with nothing said, no to everything."""
    return submit(papers.begin(commission.case_file, "impact_screening", by=by), by, **said)


def signed_off(commission: Commission, alder: Alder) -> Specification:
    """Write, submit and sign off the specification."""
    made = specifications.open_specification(commission, by=alder.priya)
    submit(made.paper, alder.priya)
    made = door.carry_out(made, "send_for_sign_off", by=alder.priya).subject
    return door.carry_out(made, "sign_off", by=alder.tom).subject


def in_analyse(alder: Alder, **fields: Any) -> Commission:
    """Started; low risk and worth £18,000 unless told otherwise."""
    return read(make.started_commission(alder.priya, service_area=alder.area, **fields))


def ready_for_plan(alder: Alder, **fields: Any) -> Commission:
    """Everything that Analyse asks is there."""
    commission = in_analyse(alder, **fields)
    make.planned_as_suggested(commission)
    make.done_activities(commission, "analyse")
    make.answered_questions(commission, "analyse")
    screened(commission, alder.priya)
    return commission


def in_plan(alder: Alder, **fields: Any) -> Commission:
    """Moved to Plan."""
    return go(ready_for_plan(alder, **fields), "to_plan", alder.priya)


def ready_for_secure(alder: Alder, delivery: str = "buy", **fields: Any) -> Commission:
    """Everything that Plan asks is there."""
    commission = in_plan(alder, **fields)
    make.decided_delivery(commission, delivery)
    make.done_activities(commission, "plan")
    if delivery == "buy":
        signed_off(commission, alder)
    return commission


def in_secure(alder: Alder, delivery: str = "buy", **fields: Any) -> Commission:
    """Moved to Secure Services."""
    return go(ready_for_secure(alder, delivery, **fields), "to_secure", alder.priya)


def ready_for_review(alder: Alder, **fields: Any) -> Commission:
    """In-house, so that nothing is bought; mobilised, and everything that Secure asks is there."""
    commission = in_secure(alder, "in_house", **fields)
    make.done_activities(commission, "secure")
    for task in MobilisationTask.objects.filter(case_file=commission.case_file):
        mobilisation.finish_task(task, by=alder.sam, output="Done")
    return commission


def in_review(alder: Alder, **fields: Any) -> Commission:
    """Moved to Review."""
    return go(ready_for_review(alder, **fields), "to_review", alder.sam)


def ready_to_close(alder: Alder, choice: str = "end", **fields: Any) -> Commission:
    """Everything that Review asks is there."""
    commission = in_review(alder, **fields)
    make.done_activities(commission, "review")
    make.answered_questions(commission, "review")
    submit(papers.begin(commission.case_file, "outcomes_assessment", by=alder.priya), alder.priya)
    decisions.decide_end(commission, choice=choice, reasons="It did what it should.", by=alder.priya)
    decisions.add_lesson(
        commission, context="Short notice.", insight="Ask early.", recommendation="Ask in spring.", by=alder.priya
    )
    return commission


def closed(alder: Alder, **fields: Any) -> Commission:
    """Closed."""
    return go(ready_to_close(alder, **fields), "close", alder.tom)


def foreign_question() -> KeyQuestion:
    """A key question of some other council's framework."""
    return KeyQuestion.objects.create(
        framework=people.framework(), key="foreign", name="Foreign", stage="analyse", number=1, text="Foreign?"
    )
