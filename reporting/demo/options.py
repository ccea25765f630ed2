"""Plan: the options of a commission, weighed before its outline business case."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from commissioning.financial_years import year_of
from commissioning.models import AppraisalOption, OptionCost
from commissioning.services import options
from commissioning.services.sheets import save_row
from commissioning.sheets import Sheet, sheet_of
from organisation import clock
from reporting.demo.stage import Story

#: The years over which the demonstration spreads what an option costs to run.
YEARS = 4


def weigh_options(story: Story) -> None:
    """Write the options down, cost them, score them and prefer one; nothing where that was done."""
    commission = story.commission
    if AppraisalOption.objects.filter(commission=commission).exists():
        return
    told = story.told.get("options") or story.stage.words["options"]
    do_nothing, *others = told["rows"]
    criteria = [
        _row(story, "option_criteria", row | {"good_looks_like": row.get("good_looks_like", "")})
        for row in told["criteria"]
    ]
    for row in others:
        _row(story, "options", _words(row))
    first = AppraisalOption.objects.get(commission=commission, is_do_nothing=True)
    save_row(commission, _sheet("options"), _words(do_nothing), by=story.holder, row=first, version=first.version)
    made = list(AppraisalOption.objects.filter(commission=commission).order_by("-is_do_nothing", "pk"))
    for option, row, scores in zip(made, told["rows"], told["scores"], strict=True):
        _cost(story, option, row)
        given = {criterion.pk: (score, told["reason"]) for criterion, score in zip(criteria, scores, strict=True)}
        options.save_scores(option, given, version=0, by=story.holder)
        if row.get("preferred"):
            options.prefer(commission, option=option, because=told["because"], by=story.holder)


def _words(row: dict[str, Any]) -> dict[str, str]:
    return {name: row.get(name, "") for name in _sheet("options").names}


def _cost(story: Story, option: AppraisalOption, row: dict[str, Any]) -> None:
    """Running it over the years, and ending it in the last: shares of the commission's value."""
    first = year_of(clock.today()) + 1
    last = first + YEARS - 1
    for kind, share, since, years in (
        (OptionCost.Kind.RUNNING, row["run"], first, YEARS),
        (OptionCost.Kind.ENDING, row["end"], last, 1),
    ):
        whole = Decimal(story.told["value"][0]) * Decimal(share.removesuffix("%")) / 100
        amount = (whole / years).quantize(Decimal(10))
        fields = {"option": option, "kind": kind, "what": "", "amount": amount, "first_year": since, "last_year": last}
        _row(story, "option_costs", fields)


def _row(story: Story, key: str, fields: dict[str, Any]) -> Any:
    return save_row(story.commission, _sheet(key), fields, by=story.holder)


def _sheet(key: str) -> Sheet:
    found = sheet_of(key)
    assert found is not None, f"no sheet {key}"
    return found
