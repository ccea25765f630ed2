"""What gate papers show of the records beside a commission: measures, indicators, risk, impact, authority."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from casework.models import CaseFile
from commissioning.models import (
    AuthorityRecord,
    ImpactScreening,
    PlannedIndicator,
    RiskAnswer,
    Specification,
    SuccessMeasure,
)
from documents.fact_tables import FactTable
from documents.facts import FactValue, pks_of, register_fact
from documents.models import Revision
from organisation.formatting import day, listed, money
from organisation.prepared import Prepared

RECORD = "Commission record"
OVERALL = {"positive": "positive", "adjusted": "goes on with changes", "remains": "goes on although harm remains"}


#: The success measures that stand, of the case files with these numbers.
STANDING_MEASURES = Prepared(
    lambda case_files: (
        SuccessMeasure.objects.filter(
            commission__case_file__in=case_files, removed_at__isnull=True, replaced_by__isnull=True
        )
        .select_related("commission")
        .order_by("by_when", "pk")
    )
)
_INDICATORS = Prepared(
    lambda case_files: (
        PlannedIndicator.objects.filter(commission__case_file__in=case_files, removed_at__isnull=True)
        .select_related("commission")
        .order_by("pk")
    )
)
_RISK_ANSWERS: Prepared[Any] = Prepared(
    lambda case_files: (
        RiskAnswer.objects.filter(commission__case_file__in=case_files)
        .order_by("criterion__order", "pk")
        .values_list("commission__case_file_id", "commission_id", "name", "applies")
    )
)
_SCREENINGS: Prepared[Any] = Prepared(
    lambda case_files: (
        ImpactScreening.objects.filter(commission__case_file__in=case_files)
        .order_by("revision_number")
        .values_list("commission__case_file_id", "needs_full", "because", "decided_at")
    )
)
_ASSESSMENTS: Prepared[Any] = Prepared(
    lambda case_files: (
        Revision.objects.filter(paper__case_file__in=case_files, paper__template_key="full_impact_assessment")
        .order_by("number")
        .values_list("paper__case_file_id", "content", "submitted_at")
    )
)
_DECISIONS = Prepared(
    lambda case_files: (
        AuthorityRecord.objects.filter(commission__case_file__in=case_files, withdrawn_at__isnull=True)
        .select_related("commission", "provider")
        .order_by("-decided_on", "-pk")
    )
)
_SPECIFICATIONS = Prepared(
    lambda case_files: (
        Specification.objects.filter(commission__case_file__in=case_files)
        .exclude(state="superseded")
        .select_related("commission")
    )
)


def load_measures(case_files: Sequence[CaseFile]) -> dict[int, FactValue]:
    """The success measures that stand, in one statement."""
    found: dict[int, list[SuccessMeasure]] = {}
    for row in STANDING_MEASURES.rows(case_files=pks_of(case_files)):
        found.setdefault(row.commission.case_file_id, []).append(row)
    return {
        case_id: FactValue(
            [row.measure for row in of_case],
            "\n".join(measure_line(row) for row in of_case),
            RECORD,
            max(row.recorded_at for row in of_case).date(),
            reverse("commissioning:success_measures", args=[of_case[0].commission_id]),
            tables=(_measures_table(of_case),),
        )
        for case_id, of_case in found.items()
    }


def measure_line(row: SuccessMeasure) -> str:
    """Visits on time: from 81% to 95% by 31 March 2029 (safe at home)."""
    start, target = row.baseline_words, row.target_words
    return f"{row.measure}: from {start} to {target} by {day(row.by_when)} ({row.outcome})"


def _measures_table(rows: Sequence[SuccessMeasure]) -> FactTable:
    return FactTable(
        ("Measure", "Outcome", "Now", "Target", "By"),
        [
            [
                row.measure,
                row.outcome,
                row.baseline_words,
                row.target_words,
                day(row.by_when),
            ]
            for row in rows
        ],
    )


def load_indicators(case_files: Sequence[CaseFile]) -> dict[int, FactValue]:
    """The indicators planned, in one statement."""
    found: dict[int, list[PlannedIndicator]] = {}
    for row in _INDICATORS.rows(case_files=pks_of(case_files)):
        found.setdefault(row.commission.case_file_id, []).append(row)
    return {
        case_id: FactValue(
            [row.name for row in of_case],
            "\n".join(row.words for row in of_case),
            RECORD,
            max(row.recorded_at for row in of_case).date(),
            reverse("commissioning:indicators", args=[of_case[0].commission_id]),
            tables=(_indicators_table(of_case),),
        )
        for case_id, of_case in found.items()
    }


def _indicators_table(rows: Sequence[PlannedIndicator]) -> FactTable:
    return FactTable(
        ("Indicator", "Outcome", "Now", "Target", "Read"),
        [[row.name, row.outcome, row.baseline_words, row.target_words, row.get_interval_display()] for row in rows],
    )


def load_risk(case_files: Sequence[CaseFile]) -> dict[int, FactValue]:
    """The ticked criteria, in one statement; low risk where the form was answered and none is."""
    ticked: dict[int, list[str]] = {}
    pages: dict[int, int] = {}
    for case_id, commission_id, name, applies in _RISK_ANSWERS.rows(case_files=pks_of(case_files)):
        pages[case_id] = commission_id
        found = ticked.setdefault(case_id, [])
        if applies:
            found.append(name)
    return {
        case_id: FactValue(
            names,
            f"High risk: {'; '.join(names)}" if names else "Low risk: no criterion applies",
            "Risk form",
            None,
            reverse("commissioning:risk_form", args=[pages[case_id]]),
        )
        for case_id, names in ticked.items()
    }


def load_impact(case_files: Sequence[CaseFile]) -> dict[int, FactValue]:
    """The result of the screening, and of the full assessment where there is one, in two statements."""
    found: dict[int, FactValue] = {}
    for case_id, needs_full, because, decided_at in _SCREENINGS.rows(case_files=pks_of(case_files)):
        words = f"Full assessment needed, because {because}" if needs_full else "No full assessment needed"
        found[case_id] = FactValue("full" if needs_full else "screened", words, "Impact screening", decided_at.date())
    for case_id, content, submitted_at in _ASSESSMENTS.rows(case_files=pks_of(case_files)):
        words = overall_in(content)
        found[case_id] = FactValue(
            "assessed",
            f"Full assessment: {words}",
            "Full impact assessment",
            submitted_at.date(),
            detail=f"Due regard: {regard}" if (regard := answer_in(content, "due_regard")) else "",
        )
    return found


def overall_in(content: dict[str, object]) -> str:
    """What a full impact assessment concludes, in words."""
    said = answer_in(content, "overall")
    return OVERALL.get(said, said) if said else "submitted"


def answer_in(content: dict[str, object], key: str) -> str:
    """What a submitted revision answers to a question; empty where it says nothing."""
    sections: list[dict[str, list[dict[str, object]]]] = content["sections"]  # type: ignore[assignment]
    for section in sections:
        for question in section["questions"]:
            if question["key"] == key and question.get("value"):
                return str(question["value"])
    return ""


def load_authority(case_files: Sequence[CaseFile]) -> dict[int, FactValue]:
    """The decisions on record, newest first, in one statement."""
    found: dict[int, list[AuthorityRecord]] = {}
    for row in _DECISIONS.rows(case_files=pks_of(case_files)):
        found.setdefault(row.commission.case_file_id, []).append(row)
    return {
        case_id: FactValue(
            [row.decision_reference for row in of_case],
            "\n".join(authority_line(row) for row in of_case),
            "Authority records",
            of_case[0].decided_on,
            reverse("commissioning:authority", args=[of_case[0].commission_id]),
        )
        for case_id, of_case in found.items()
    }


def authority_line(row: AuthorityRecord) -> str:
    """Delegated decision DD-1 of 2 March 2026 by the director: to commission and procure, up to £640,000."""
    acts = (("commission", row.may_commission), ("procure", row.may_procure), ("award", row.may_award))
    covers = listed([word for word, covered in acts if covered])
    limit = f", up to {money(row.limit_ex_vat)}" if row.limit_ex_vat is not None else ""
    provider = f", to {row.provider.name}" if row.provider else ""
    return f"{row} of {day(row.decided_on)} by {row.decided_by}: to {covers}{limit}{provider}"


def load_specification(case_files: Sequence[CaseFile]) -> dict[int, FactValue]:
    """The standing specification of each, in one statement."""
    return {
        row.commission.case_file_id: FactValue(
            row.state,
            f"Version {row.number}, {str(row.get_state_display()).lower()}",
            "Specification",
            row.signed_off_at.date() if row.signed_off_at else None,
            row.get_absolute_url(),
        )
        for row in _SPECIFICATIONS.rows(case_files=pks_of(case_files))
    }


def register_own() -> None:
    """Register these facts."""
    register_fact("success_measures", "Success measures", load_measures)
    register_fact("planned_indicators", "Planned indicators", load_indicators)
    register_fact("risk", "Risk", load_risk)
    register_fact("impact_result", "Impact on people, carbon and inequality", load_impact)
    register_fact("authority", "Authority", load_authority)
    register_fact("specification_state", "Specification", load_specification)
