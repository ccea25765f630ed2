"""The one selector that loads what the guards of a commission read: a handful of statements, whatever the rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.db.models import Count, Exists, F, FilteredRelation, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils.dateparse import parse_date

from casework.clocks import local_day
from casework.lifecycle import dossier_of
from casework.models import CaseFile, RulesVersion
from casework.querysets import Scope
from casework.routing import Facts, Rules, requirements
from casework.services.rules import rules_of, version_in_force
from commissioning.dossier import (
    ActivityLine,
    ConflictLine,
    CriterionLine,
    DeliveryLine,
    Dossier,
    QuestionLine,
    SpecificationLine,
)
from commissioning.market_contact import market_contact_of, with_market_contact
from commissioning.models import (
    AuthorityRecord,
    Commission,
    DeliveryDecision,
    EndDecision,
    Engagement,
    ImpactScreening,
    JointConsideration,
    KeyAnswer,
    KeyQuestion,
    Lesson,
    LikelyDuplicate,
    PlanAgreement,
    PrincipleConflict,
    RiskCriterion,
    Specification,
    StageWithoutEngagement,
    UrgentRoute,
)
from commissioning.models.plan import VoluntarySkills
from commissioning.selectors.activity_lines import activities_of
from commissioning.selectors.folding import Folded
from commissioning.selectors.gates import asked_of, own_gates, with_gates
from documents.models import Paper
from documents.states import PaperState
from organisation import clock
from organisation.formatting import in_sentence
from organisation.models import Person
from organisation.prepared import Prepared

FLAG_FIELDS = {"grant_funded": "is_grant_funded", "digital": "has_digital_part", "special_terms": "has_special_terms"}


def with_standing(rows: Any) -> Any:
    """Annotate commissions with every single fact their guards read, so that one statement loads them all."""
    standing = {"superseded_at__isnull": True}
    delivery = DeliveryDecision.objects.filter(commission=OuterRef("pk"), **standing)
    specification = Specification.objects.filter(commission=OuterRef("pk")).exclude(state="superseded")
    screening = ImpactScreening.objects.filter(commission=OuterRef("pk")).order_by("-revision_number")
    questions = KeyQuestion.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=OuterRef("st_catalogue_day")),
        framework=OuterRef("case_file__organisation__framework"),
        valid_from__lte=OuterRef("st_catalogue_day"),
    )
    outcomes = Paper.objects.filter(
        case_file=OuterRef("case_file"), template_key="outcomes_assessment", state=PaperState.SUBMITTED
    )
    impact = Paper.objects.filter(
        case_file=OuterRef("case_file"), template_key="full_impact_assessment", state=PaperState.SUBMITTED
    )
    authority = AuthorityRecord.objects.filter(
        commission=OuterRef("pk"), withdrawn_at__isnull=True, may_commission=True
    )

    # Internal use asks internal users in the place of residents: their word is what Analyse needs then.
    engaged = (
        Engagement.objects.held()
        .filter(commission=OuterRef("pk"), stage=OuterRef("state"))
        .filter(~Q(stage="analyse") | Q(commission__is_internal_use=False) | Q(group=Engagement.Group.INTERNAL))
    )
    excused = StageWithoutEngagement.objects.filter(commission=OuterRef("pk"), stage=OuterRef("state"))

    def open_in(stage: str) -> Coalesce:
        answered = KeyAnswer.objects.filter(commission=OuterRef(OuterRef("pk")), question=OuterRef("pk")).exclude(
            answer=""
        )
        return counted_rows(questions.filter(~Exists(answered), stage=stage))

    rows = _with_catalogue_day(rows.select_related("case_file__organisation__framework", "rules_version"))
    return with_market_contact(with_gates(rows)).annotate(
        st_engaged=Exists(engaged) | Exists(excused),
        st_impact=Exists(impact),
        st_conflicts=Folded(_conflicts(), *CONFLICT),
        st_urgent=Subquery(_urgent().values("ground__name")[:1]),
        st_joint=Exists(JointConsideration.objects.filter(commission=OuterRef("pk"))),
        st_voluntary=Exists(VoluntarySkills.objects.filter(commission=OuterRef("pk"), removed_at__isnull=True)),
        st_authority=Exists(authority),
        st_objectives=counted_rows(Commission.objectives.through.objects.filter(commission=OuterRef("pk"))),
        st_duplicates=counted_rows(LikelyDuplicate.objects.filter(commission=OuterRef("pk"), finding="")),
        st_plan=Exists(PlanAgreement.objects.filter(commission=OuterRef("pk"), reopened_at__isnull=True)),
        st_screening=Subquery(screening.values("needs_full")[:1]),
        st_delivery_key=Subquery(delivery.values("model__key")[:1]),
        st_delivery_name=Subquery(delivery.values("model__name")[:1]),
        st_delivery_buys=Subquery(delivery.values("model__buys")[:1]),
        st_delivery_confirmed=Subquery(delivery.values("confirmed_by")[:1]),
        st_specification=Subquery(specification.values("pk")[:1]),
        st_specification_number=Subquery(specification.values("number")[:1]),
        st_specification_state=Subquery(specification.values("state")[:1]),
        st_specification_paper=Subquery(specification.values("paper")[:1]),
        st_questions_analyse=open_in("analyse"),
        st_questions_review=open_in("review"),
        st_outcomes=Exists(outcomes),
        st_end=Subquery(EndDecision.objects.filter(commission=OuterRef("pk"), **standing).values("choice")[:1]),
        st_lessons=counted_rows(Lesson.objects.filter(commission=OuterRef("pk"))),
    )


CONFLICT = ("first_name", "second_name", "choice", "reason", "decider", "decided_on")


def _conflicts() -> Any:
    """The conflicts between principles that were settled."""
    rows = PrincipleConflict.objects.filter(commission=OuterRef("pk"), removed_at=None).order_by("pk")
    return rows.annotate(first_name=F("first__name"), second_name=F("second__name"), decider=F("decided_by__name"))


def _urgent() -> Any:
    """The urgent route that stands."""
    return UrgentRoute.objects.filter(commission=OuterRef("pk"), ended_at=None)


def with_neighbours(rows: Any, person: Person | Scope) -> Any:
    """Annotate commissions with the one they follow and the one that follows them, where the person may see those."""
    visible = CaseFile.objects.visible_to(person)
    before = visible.filter(commission=OuterRef("follows"))
    after = visible.filter(commission__follows=OuterRef("pk")).order_by("-pk")
    return rows.annotate(
        follows_path=Subquery(before.values("path")[:1]),
        follows_reference=Subquery(before.values("reference")[:1]),
        next_path=Subquery(after.values("path")[:1]),
        next_reference=Subquery(after.values("reference")[:1]),
    )


def counted_rows(rows: Any) -> Coalesce:
    """A count as a sub-query: no join, so counts do not multiply each other."""
    count = rows.order_by().annotate(one=Value(1)).values("one").annotate(found=Count("pk")).values("found")
    return Coalesce(Subquery(count[:1], output_field=IntegerField()), 0)


@dossier_of(Commission)
def load(commission: Commission) -> Dossier:
    """What the guards of a commission read: two statements, one of them saved when the page annotated its row.

    The rules are the pinned ones, or today's while the commission is a draft.
    """
    return _load(commission, with_activities=True)


def load_without_activities(commission: Commission) -> Dossier:
    """The same for pages that look at no activity, and save their statement."""
    return _load(commission, with_activities=False)


def seen(pk: int, person: int, organisations: tuple[int, ...], related: tuple[str, ...]) -> Any:
    """One commission with everything its guards read, as far as somebody may see it. For prepared queries."""
    visible = Commission.objects.visible_to(Scope(person, organisations)).filter(pk=pk)
    return with_criteria(with_standing(visible), pk).select_related(*related)


seen_with_standing: Prepared[Commission] = Prepared(seen)
_standing = Prepared(lambda pk: with_criteria(with_standing(Commission.objects.filter(pk=pk)), pk))


def _load(commission: Commission, *, with_activities: bool) -> Dossier:
    row: Any = commission
    if not hasattr(row, "st_authority"):
        row = _standing.get(pk=commission.pk)
    version = rules_version_of(row)
    rules = rules_of(version)
    criteria = criteria_of(row)
    facts = facts_of(row, criteria, vat_is_excluded=rules.vat_is_excluded)
    activities = activities_of(row) if with_activities and row.started_at is not None else ()
    return built(row, version=version, rules=rules, facts=facts, criteria=criteria, activities=activities)


def built(
    row: Any,
    *,
    version: RulesVersion | None,
    rules: Rules | None,
    facts: Facts | None,
    criteria: tuple[CriterionLine, ...],
    activities: tuple[ActivityLine, ...] = (),
) -> Dossier:
    """The dossier of a row read ``with_standing``. A draft in a list comes without rules: its guard reads none."""
    delivery = None
    if row.st_delivery_key:
        delivery = DeliveryLine(
            row.st_delivery_key, row.st_delivery_name, row.st_delivery_buys, row.st_delivery_confirmed is not None
        )
    specification = None
    if row.st_specification:
        specification = SpecificationLine(
            row.st_specification, row.st_specification_number, row.st_specification_state, row.st_specification_paper
        )
    needs = requirements(facts, rules) if facts and rules else None
    return Dossier(
        commission=row,
        rules_version=cast(RulesVersion, version),
        rules=cast(Rules, rules),
        facts=facts,
        needs=needs,
        criteria=criteria,
        has_authority_to_commission=row.st_authority,
        objectives=row.st_objectives,
        unsettled_duplicates=row.st_duplicates,
        is_plan_agreed=row.st_plan,
        activities=activities,
        open_questions={"analyse": row.st_questions_analyse, "review": row.st_questions_review},
        screening_needs_full=row.st_screening,
        delivery=delivery,
        specification=specification,
        is_outcome_assessed=row.st_outcomes,
        end_choice=row.st_end or "",
        lessons=row.st_lessons,
        gates=own_gates(row, needs),
        unanswered=asked_of(row, rules) if rules else (),
        impact_is_assessed=row.st_impact,
        joint_is_considered=row.st_joint,
        voluntary_is_answered=row.st_voluntary,
        conflicts=tuple(map(_conflict_line, row.st_conflicts)),
        is_engaged=row.st_engaged,
        market_contact=market_contact_of(row),
    )


def _conflict_line(row: dict[str, Any]) -> ConflictLine:
    decided_on = row["decided_on"]
    return ConflictLine(
        f"{row['first_name']} and {in_sentence(row['second_name'])}",
        row["choice"],
        row["reason"],
        row["decider"],
        parse_date(decided_on) if isinstance(decided_on, str) else decided_on,
    )


def rules_version_of(commission: Commission) -> RulesVersion:
    """The pinned version, or the one in force today while the commission is a draft."""
    return commission.rules_version or version_in_force(commission.case_file.organisation.framework)


def catalogue_day(commission: Commission) -> date | None:
    """The day whose catalogue a commission is asked from: that of its start, or today (None) while it is a draft.

    A criterion or question that is ended or added later never moves a commission that has started.
    """
    return local_day(commission.started_at) if commission.started_at else None


def criteria_asked(commission: Commission) -> Any:
    """The rows of the risk form that a commission answers."""
    rows = RiskCriterion.objects.in_force(catalogue_day(commission))
    return rows.filter(framework_id=commission.case_file.organisation.framework_id)


def criteria_of(commission: Commission) -> tuple[CriterionLine, ...]:
    """Every criterion the framework asks, with this commission's answer to it, in one statement.

    An answered criterion keeps the name it had when it was answered.
    """
    folded = getattr(commission, "st_criteria", None)
    if folded is not None:
        return tuple(map(_criterion_line, folded))
    mine = FilteredRelation("answers", condition=Q(answers__commission=commission))
    return tuple(map(_criterion_line, _with_answer(criteria_asked(commission).annotate(mine=mine)).values(*CRITERION)))


CRITERION = ("pk", "key", "name", "question", "measure", "applies", "explanation", "name_then", "question_then")


def _with_catalogue_day(rows: Any) -> Any:
    """The same day as ``catalogue_day``, for conditions in a statement."""
    return rows.annotate(st_catalogue_day=Coalesce(TruncDate("started_at", tzinfo=clock.LONDON), Value(clock.today())))


def with_criteria(rows: Any, pk: int) -> Any:
    """Fold the risk form with its answers into one commission, for ``criteria_of``."""
    mine = FilteredRelation("answers", condition=Q(answers__commission=pk))
    asked = RiskCriterion.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=OuterRef("st_catalogue_day")),
        framework=OuterRef("case_file__organisation__framework"),
        valid_from__lte=OuterRef("st_catalogue_day"),
    ).order_by("order", "id")
    rows = _with_catalogue_day(rows)
    return rows.annotate(st_criteria=Folded(_with_answer(asked.annotate(mine=mine)), *CRITERION))


def _with_answer(rows: Any) -> Any:
    return rows.annotate(
        applies=F("mine__applies"),
        explanation=F("mine__explanation"),
        name_then=F("mine__name"),
        question_then=F("mine__question"),
    )


def _criterion_line(row: dict[str, Any]) -> CriterionLine:
    applies, then = row["applies"], (row["name_then"], row["question_then"])
    asks = (row["name"], row["question"])
    return CriterionLine(
        row["pk"],
        row["key"],
        then[0] or asks[0],
        None if applies is None else bool(applies),
        row["explanation"] or "",
        asks=asks,
        is_reworded=bool(then[1]) and then != asks,
        measure=row["measure"],
    )


def facts_of(
    commission: Commission, criteria: tuple[CriterionLine, ...], *, vat_is_excluded: bool = True
) -> Facts | None:
    """What the rules read of a commission; None while it has no value."""
    case = commission.case_file
    value: Decimal | None = case.value_ex_vat if vat_is_excluded else case.value_inc_vat
    if value is None:
        return None
    return Facts(
        value=value,
        criteria={line.key: line.name for line in criteria if line.applies},
        flags=frozenset(flag for flag, name in FLAG_FIELDS.items() if getattr(commission, name)),
    )


def questions_of(commission: Commission, stage: str = "") -> tuple[QuestionLine, ...]:
    """The key questions with this commission's answers, in one statement."""
    mine = FilteredRelation("answers", condition=Q(answers__commission=commission))
    rows = KeyQuestion.objects.in_force(catalogue_day(commission)).filter(
        framework_id=commission.case_file.organisation.framework_id
    )
    if stage:
        rows = rows.filter(stage=stage)
    found = rows.annotate(mine=mine).values_list(
        *("pk", "stage", "number", "text", "hint"),
        *("mine__answer", "mine__does_not_apply", "mine__version", "key", "mine__links"),
    )
    return tuple(
        QuestionLine(pk, at, number, text, hint, answer or "", bool(without), version or 0, key, tuple(links or ()))
        for pk, at, number, text, hint, answer, without, version, key, links in found
    )


def standing_authority(commission: Commission) -> tuple[AuthorityRecord, ...]:
    """The authority records that were not withdrawn, newest first, in one statement."""
    rows = AuthorityRecord.objects.filter(commission=commission, withdrawn_at__isnull=True)
    return tuple(rows.select_related("provider").order_by("-decided_on", "-pk"))
