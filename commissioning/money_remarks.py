"""Figures of a business case that do not agree with each other or with the commission. Remarks: nothing is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from commissioning.appraisal import by_year
from commissioning.financial_years import year_of, year_words
from commissioning.models import Commission
from commissioning.selectors.options import OptionFigures, appraisals_of
from documents.contents import PaperContents
from documents.kinds import sum_of
from documents.purposes import Remark
from organisation.formatting import day, listed, money

FUNDING, LEAVING, LOTS = "whole_life_cost", "exit_cost", "lots"


def case_remarks(contents: PaperContents) -> Sequence[Remark]:
    """What does not agree in a business case's money, in two statements."""
    case = contents.paper.case_file
    commission = Commission.objects.filter(case_file=case).first()
    appraisal = appraisals_of([case]).get(case.pk)
    preferred = appraisal.preferred if appraisal else None
    years = _years(contents.value(FUNDING))
    words = (
        [] if not years else [*_total(years, case.value_ex_vat), *_before(years, commission), *_after(years, preferred)]
    )
    return [*(Remark(said, FUNDING) for said in words), *_leaving(contents.value(LEAVING), preferred)]


def lot_remarks(contents: PaperContents) -> Sequence[Remark]:
    """What does not agree between the lots of a specification and the whole. No statement."""
    whole, rows = contents.paper.case_file.value_ex_vat, contents.value(LOTS)
    if whole is None or not isinstance(rows, list) or not rows:
        return []
    amounts = [amount for row in rows if isinstance(amount := row["cells"].get("value"), str)]
    total = sum_of(amounts)
    if total > whole:
        said = f"The lots come to {money(total)}, more than the {money(whole)} of the whole commission."
        return [Remark(said, LOTS)]
    if len(amounts) == len(rows) and total < whole:
        rest = money(whole - total)
        said = f"The lots come to {money(total)} of {money(whole)}: {rest} of the commission is in no lot."
        return [Remark(said, LOTS)]
    return []


def _years(value: Any) -> dict[int, Decimal]:
    """The amounts that can be read, by the year in which each financial year begins."""
    if not isinstance(value, Mapping):
        return {}
    found = {}
    for label, amount in value.items():
        if isinstance(amount, str) and label[:4].isdigit() and (size := sum_of([amount])):
            found[int(label[:4])] = size
    return found


def _total(years: Mapping[int, Decimal], value: Decimal | None) -> list[str]:
    total = sum(years.values(), Decimal(0))
    if value is None or total == value:
        return []
    more = "more" if total > value else "less"
    apart = f"{money(abs(total - value))} {more} than the commission's value of {money(value)}"
    return [f"The years come to {money(total)}, {apart}. Say where the difference comes from, or change one of them."]


def _before(years: Mapping[int, Decimal], commission: Commission | None) -> list[str]:
    if commission is None or commission.needed_by is None:
        return []
    early = [year for year in sorted(years) if year < year_of(commission.needed_by)]
    if not early:
        return []
    starts = f"before the service starts on {day(commission.needed_by)}"
    return [f"{_sum_in(years, early)}, {starts}. Is it for setting up?"]


def _after(years: Mapping[int, Decimal], preferred: OptionFigures | None) -> list[str]:
    """The end is the last year in which the preferred option costs anything."""
    if preferred is None or not preferred.costs:
        return []
    last = max(by_year(preferred.costs))
    late = [year for year in sorted(years) if year > last]
    if not late:
        return []
    ends = f"after {year_words(last)}, the last year in which the preferred option costs anything"
    return [f"{_sum_in(years, late)}, {ends}."]


def _sum_in(years: Mapping[int, Decimal], some: Sequence[int]) -> str:
    amount = money(sum((years[year] for year in some), Decimal(0)))
    return f"{amount} stands in {listed([year_words(year) for year in some])}"


def _leaving(value: Any, preferred: OptionFigures | None) -> list[Remark]:
    ending = preferred.of_kind("ending") if preferred else None
    if ending is None or not isinstance(value, str) or preferred is None:
        return []
    said = sum_of([value])
    if said == ending:
        return []
    words = f"{money(said)} here; ending the preferred option, “{preferred.option.name}”, costs {money(ending)}."
    return [Remark(words, LEAVING)]
