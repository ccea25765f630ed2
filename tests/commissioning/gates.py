"""Gates brought to a state through the services, as people would bring them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from commissioning.financial_years import year_of
from commissioning.models import AppraisalOption, Commission, Gate
from commissioning.services import gate_rounds, gates, measures, options
from commissioning.services.sheets import save_row
from commissioning.sheets import sheet_of
from documents.models import Paper
from organisation import clock
from organisation.models import Person
from organisation.roles import Role
from tests.commissioning import steps
from tests.commissioning.conftest import Alder


def read(commission: Commission, number: int) -> Gate:
    """The gate as it is now, with what the door reads."""
    return Gate.objects.select_related(*Gate.door_reads).get(commission=commission, number=number)


def measured(commission: Commission, by: Person, **fields: Any) -> Any:
    """Write one success measure down."""
    given = {
        "outcome": "People are safe at home",
        "measure": "Visits on time",
        "baseline": "81",
        "target": "95",
        "unit": "%",
        "by_when": clock.today() + timedelta(days=400),
    }
    return measures.add_measure(commission, by=by, **given | fields)


def weighed(commission: Commission, by: Person, name: str = "Four contracts by area") -> AppraisalOption:
    """An option beside "do nothing", with a cost, preferred."""
    sheets = {key: sheet_of(key) for key in ("options", "option_costs")}
    assert sheets["options"] is not None
    assert sheets["option_costs"] is not None
    words = dict.fromkeys(("advantages", "disadvantages", "outcomes", "risk", "exit_route"), "As written")
    option: AppraisalOption = save_row(commission, sheets["options"], {"name": name, **words}, by=by)  # type: ignore[assignment]
    cost = {"option": option, "kind": "running", "what": "", "amount": Decimal(18_000)}
    year = year_of(clock.today())
    save_row(commission, sheets["option_costs"], {**cost, "first_year": year, "last_year": year}, by=by)
    options.prefer(commission, option=option, because="It brings most for its cost.", by=by)
    return option


def begun(commission: Commission, number: int, by: Person) -> Gate:
    """The paper is begun."""
    if number == 3 and not commission.appraisaloption_rows.exists():
        weighed(commission, by)
    if number == 1 and not commission.success_measures.exists():
        measured(commission, by)
    gates.begin(commission, number, by=by)
    return read(commission, number)


def submitted(commission: Commission, number: int, by: Person, **said: str) -> Gate:
    """The paper is written and submitted; it is begun first where nobody has."""
    found = Gate.objects.filter(commission=commission, number=number).exclude(state="not_required")
    gate = read(commission, number) if found else begun(commission, number, by)
    assert gate.paper_id is not None
    steps.submit(Paper.objects.get(pk=gate.paper_id), by, **said)
    return read(commission, number)


def decided(gate: Gate, verb: str, by: Person, **inputs: Any) -> Gate:
    """One person's view."""
    gate_rounds.decide(Gate.objects.select_related(*Gate.door_reads).get(pk=gate.pk), verb, by=by, **inputs)
    return read(gate.commission, gate.number)


def approved(commission: Commission, number: int, alder: Alder) -> Gate:
    """Submitted by the commissioner and approved by everyone who is asked."""
    gate = submitted(commission, number, alder.priya)
    if number == 1:
        decided(gate, "approve", alder.tom)
    return decided(gate, "approve", alder.by_role[Role.LEADERSHIP_APPROVER])
