"""What papers show of the options appraisal: the options, their whole-life cost, and why one is preferred."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db.models import OuterRef, Subquery
from django.urls import reverse

from casework.clocks import local_day
from casework.models import CaseFile
from commissioning.appraisal import by_year
from commissioning.financial_years import year_of
from commissioning.models import CommissionActivity
from commissioning.option_tables import comparison_tables, cost_tables
from commissioning.selectors.options import Appraisal, OptionFigures, appraisals_of
from commissioning.selectors.options_shown import amount_words, score_words
from documents.facts import FactValue, register_fact, register_facts
from documents.kinds import financial_years
from documents.models import Answer
from organisation import clock
from organisation.formatting import money

LABELS = {
    "options_appraisal": "Options compared",
    "whole_life_costs": "Whole-life cost of each option",
    "preferred_option": "Preferred option",
    "preferred_cost_by_year": "Cost of the preferred option by year",
}
SOURCE = "Options appraisal"
ACTIVITY, CONCLUSION_PAPER, CONCLUSION = "value_for_money", "activity_value_for_money", "vfm_conclusion"


def load_appraisals(case_files: Sequence[CaseFile]) -> dict[int, dict[str, FactValue]]:
    """The appraisals of several commissions, in one statement."""
    return {case_id: _facts(found) for case_id, found in appraisals_of(case_files).items()}


def _facts(appraisal: Appraisal) -> dict[str, FactValue]:
    page = reverse("commissioning:options", args=[appraisal.options[0].option.commission_id])
    on = max(one.option.recorded_at for one in appraisal.options).date()
    names = [one.option.name for one in appraisal.options]
    facts = {
        "options_appraisal": FactValue(
            names,
            "\n".join(option_line(one) for one in appraisal.options),
            SOURCE,
            on,
            page,
            tables=comparison_tables(appraisal),
        ),
    }
    if any(one.costs for one in appraisal.options):
        facts["whole_life_costs"] = FactValue(
            [str(one.whole_life or "") for one in appraisal.options],
            "\n".join(cost_line(one) for one in appraisal.options),
            SOURCE,
            on,
            page,
            appraisal.rate_words,
            tables=cost_tables(appraisal),
        )
    preferred = appraisal.preferred
    if preferred is not None and preferred.preference is not None:
        of = preferred.preference
        shown = f"{preferred.option.name}. {of.because}"
        facts["preferred_option"] = FactValue(of.because, shown, SOURCE, of.at.date() if of.at else on, page)
        if preferred.costs:
            years = _shown_years(by_year(preferred.costs))
            words = "; ".join(f"{year}: {money(amount)}" for year, amount in years.items())
            facts["preferred_cost_by_year"] = FactValue(years, words, SOURCE, on, page)
    return facts


def _shown_years(amounts: Mapping[int, Decimal]) -> dict[str, Decimal]:
    """The years that a paper asks for; what comes before counts with the first, what comes after with the last."""
    labels = [choice.value for choice in financial_years(clock.today())]
    now = year_of(clock.today())
    found: dict[str, Decimal] = {}
    for year, amount in amounts.items():
        label = labels[min(max(year - now, 0), len(labels) - 1)]
        found[label] = found.get(label, Decimal(0)) + amount
    return found


def load_conclusions(case_files: Sequence[CaseFile]) -> dict[int, FactValue]:
    """What value for money came to: the conclusion of its form, or the words on its page. One statement."""
    said = Answer.objects.filter(
        paper__case_file=OuterRef("commission__case_file"),
        paper__template_key=CONCLUSION_PAPER,
        paper__label="",
        question_key=CONCLUSION,
        is_offered=False,
    )
    rows = (
        CommissionActivity.objects.filter(commission__case_file__in=case_files, activity__key=ACTIVITY)
        .annotate(conclusion=Subquery(said.values("value")[:1]))
        .values_list("commission__case_file_id", "pk", "output", "conclusion", "done_at")
    )
    found = {}
    for case_id, pk, output, conclusion, done_at in rows:
        words = conclusion if isinstance(conclusion, str) else output
        if words:
            page = reverse("commissioning:activity", args=[pk])
            found[case_id] = FactValue(words, words, "Value for money", local_day(done_at) if done_at else None, page)
    return found


def option_line(one: OptionFigures) -> str:
    """Four contracts by area (preferred). For it: … Weighted score 3.8, place 1."""
    row = one.option
    parts = [f"{row.name} (preferred)" if one.preference else row.name]
    said = (
        ("For it", row.advantages),
        ("Against it", row.disadvantages),
        ("Outcomes", row.outcomes),
        ("Risk", row.risk),
        ("How it would end", row.exit_route),
    )
    parts += [f"{head}: {words.rstrip('.')}" for head, words in said if words]
    if one.score is not None:
        parts.append(f"Weighted score {score_words(one.score)} of 5, place {one.rank_by_score}")
    return ". ".join(parts)


def cost_line(one: OptionFigures) -> str:
    """Four contracts by area: £640,000, of which £8,000 to end it; £598,412 discounted."""
    ending = one.of_kind("ending")
    line = f"{one.option.name}: {amount_words(one.whole_life)}"
    if one.whole_life is not None:
        line += f", of which {amount_words(ending or Decimal(0))} to end it"
    if one.discounted is not None:
        line += f"; {amount_words(one.discounted)} discounted"
    return line


def register_own() -> None:
    """Register these facts."""
    register_facts(LABELS, load_appraisals)
    register_fact("value_for_money", "Value for money", load_conclusions)
