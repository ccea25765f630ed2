"""A contract as its page shows it: every word and figure made once, before the template sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from casework.door import Offer
from casework.models import CaseFile
from contracts.dossier import ContractDossier
from contracts.models import Contract, ContractValue, ExtensionOption, MobilisationTask
from contracts.months import months_words
from contracts.selectors.register import TONES
from contracts.states import BEFORE_SIGNING, TASKS_MOVE_IN, TASKS_REOPEN_IN, ContractState, Party, Side
from organisation import clock
from organisation.formatting import counted, day, in_days, money, sentence_start, short_day
from organisation.models import Person
from organisation.permissions import may
from procurement.states import RunBy

S = ContractState
REGISTER_ENTRY, REGISTER_VERB = "register_entry", "enter_in_register"


@dataclass(frozen=True)
class ContractView:
    """What the template needs, in the order of the page."""

    tags: list[tuple[str, str]]
    facts: list[tuple[str, str, str]]
    primary: dict[str, str] | None
    actions: list[dict[str, str]]
    steps: list[dict[str, Any]]
    waits: str
    money: list[dict[str, str]]
    money_words: str
    signatures: list[dict[str, str]]
    options: list[tuple[str, str, str]]
    summary: list[tuple[str, str, str, str]]
    facts_url: str


def contract_view(
    dossier: ContractDossier,
    offers: Sequence[Offer],
    values: Sequence[ContractValue],
    options: Sequence[ExtensionOption],
    person: Person,
) -> ContractView:
    """Make the page's words. ``offers`` come closed ones included; only permitted ones become buttons."""
    contract = dossier.contract
    steps = [offer for offer in offers if _is_wanted(offer, dossier)]
    ready = [offer for offer in steps if offer.permitted and offer.is_open]
    is_editable = contract.state in BEFORE_SIGNING and not dossier.signatures
    facts_url = ""
    if is_editable and may(person, "contract.edit", contract):
        facts_url = reverse("contracts:facts", args=[contract.pk])
    others = [offer for offer in steps if offer.permitted and offer not in ready[:1]]
    actions = [{"label": offer.label, "url": offer.url} for offer in others]
    if facts_url:
        actions.insert(0, {"label": "Change term, manager and options", "url": facts_url})
    return ContractView(
        tags=_tags(contract),
        facts=_facts(contract),
        primary={"label": ready[0].label, "url": ready[0].url} if ready else None,
        actions=actions,
        steps=[_step(offer) for offer in steps],
        waits=_waits(contract),
        money=[
            {
                "from": day(row.valid_from),
                "ex_vat": money(row.amount_ex_vat),
                "inc_vat": money(row.amount_inc_vat),
                "reason": row.reason,
            }
            for row in values
        ],
        money_words=_money_words(contract, values),
        signatures=_signatures(dossier),
        options=[_option(option) for option in options],
        summary=_summary(contract, facts_url),
        facts_url=facts_url,
    )


def values_of(contract: Contract) -> list[ContractValue]:
    """Every value it had, newest first, in one statement."""
    return list(contract.values.order_by("-pk")[:20])


def options_of(contract: Contract) -> list[ExtensionOption]:
    """Its options in order, in one statement."""
    return list(contract.options.order_by("number"))


def _is_wanted(offer: Offer, dossier: ContractDossier) -> bool:
    """What is done already is not offered a second time."""
    if offer.verb == "sign_for_council":
        return dossier.signature_of(Party.COUNCIL) is None
    if offer.verb == "sign_for_supplier":
        return dossier.signature_of(Party.SUPPLIER) is None
    if offer.verb == "enter_in_register":
        return dossier.contract.registered_at is None
    return True


def _step(offer: Offer) -> dict[str, Any]:
    count = len(offer.blockers)
    if not count:
        words = "Nothing stands in the way."
    else:
        words = f"{counted(count, 'thing')} {'stands' if count == 1 else 'stand'} in the way."
    return {
        "label": offer.label,
        "words": words,
        "blockers": offer.blockers,
        "url": offer.url if offer.permitted and offer.is_open else "",
        "is_permitted": offer.permitted,
    }


def _tags(contract: Contract) -> list[tuple[str, str]]:
    tags = [(str(contract.get_state_display()), TONES[ContractState(contract.state)])]
    if contract.registered_at is None and contract.state in (S.MOBILISING, S.LIVE):
        tags.append(("Not in the register", "amber"))
    return tags


def _facts(contract: Contract) -> list[tuple[str, str, str]]:
    case, supplier = contract.case_file, contract.supplier
    kinds = [words for flag, words in ((supplier.is_sme, "SME"), (supplier.is_vcse, "VCSE")) if flag]
    if supplier.company_number:
        kinds.append(f"company {supplier.company_number}")
    if supplier.charity_number:
        kinds.append(f"charity {supplier.charity_number}")
    with_vat = f"{money(case.value_inc_vat)} including VAT" if case.value_inc_vat is not None else ""
    manager = case.holder
    return [
        ("Value, excluding VAT", money(case.value_ex_vat), with_vat),
        ("Supplier", supplier.name, ", ".join(kinds)),
        ("Contract manager", manager.name if manager else "Nobody yet", manager.team if manager else ""),
        ("Tier", contract.get_tier_display(), contract.get_execution_display()),
    ]


def _waits(contract: Contract) -> str:
    if contract.state == S.DRAFTED:
        source = f" when {contract.exercise.case_file.reference} is awarded" if contract.exercise else ""
        return f"This draft becomes the contract{source}. Nobody is bound by it yet."
    if contract.state == S.TERMINATED:
        return "This draft was withdrawn before it was signed, so nobody was bound by it."
    return ""


def _money_words(contract: Contract, values: Sequence[ContractValue]) -> str:
    if not values:
        return (
            f"{money(contract.case_file.value_ex_vat)} excluding VAT over the whole term, as it was decided. "
            "It is fixed when both sides have signed."
        )
    first, latest = values[-1].amount_ex_vat, values[0].amount_ex_vat
    if first == latest:
        return f"{money(latest)} excluding VAT over the whole term, as signed."
    return f"{money(latest)} excluding VAT now; {money(first)} as signed."


def _signatures(dossier: ContractDossier) -> list[dict[str, str]]:
    lines = []
    for party in Party:
        signature = dossier.signature_of(party)
        lines.append(
            {
                "party": str(party.label),
                "who": signature.signed_by if signature else "Not signed yet",
                "role": signature.role if signature else "",
                "on": short_day(signature.signed_on) if signature else "Not signed yet",
                "how": str(signature.get_method_display()) if signature else "",
            }
        )
    return lines


def _option(option: ExtensionOption) -> tuple[str, str, str]:
    notice = f"Notice by {day(option.notice_by)}" if option.notice_by else "No date for notice recorded"
    used = f"Used on {day(option.used_at)}" if option.used_at else "Not used"
    return f"Option {option.number}, {months_words(option.months)}", notice, used


def _summary(contract: Contract, change: str) -> list[tuple[str, str, str, str]]:
    area, commission, exercise = contract.case_file.service_area, contract.commission, contract.exercise
    handover, handover_url = "Not begun: it follows the signatures", ""
    if exercise is None or exercise.run_by == RunBy.SERVICE:
        handover = "Not due: CCPS did not buy this"
    elif (passed := getattr(contract, "handover", None)) is not None:
        handover, handover_url = passed.get_state_display(), passed.get_absolute_url()
    registered = f"Since {day(contract.registered_at)}" if contract.registered_at else "Not yet"
    review = day(contract.review_on) if contract.review_on else "Not set"
    return [
        (
            "Commission",
            str(commission.case_file) if commission else "None linked",
            commission.case_file.path if commission else "",
            "",
        ),
        ("Bought by", str(exercise.case_file) if exercise else "", exercise.case_file.path if exercise else "", ""),
        ("Category", contract.category.name if contract.category else "", "", ""),
        ("Service area", f"{area.name}, {area.directorate.name}" if area else "", "", ""),
        ("How it is executed", contract.get_execution_display(), "", change and f"{change}#id_execution"),
        ("In the register", registered, "", ""),
        ("First review", review, "", change and f"{change}#id_review_on_0"),
        ("Handover from CCPS", handover, handover_url, ""),
    ]


# --- mobilisation ----------------------------------------------------------------------------------------------------


def task_groups(tasks: Sequence[MobilisationTask], person: Person, case_file: CaseFile) -> list[dict[str, Any]]:
    """The two sides' tasks as the task list shows them, with what this person can do with each."""
    is_open = case_file.state in TASKS_MOVE_IN
    may_plan = is_open and may(person, "mobilisation.plan", case_file)
    groups = []
    for side, name in ((Side.COUNCIL, "The council"), (Side.PROVIDER, "The provider")):
        mine = [task for task in tasks if task.side == side]
        done = sum(task.done_at is not None for task in mine)
        note = f"{done} of {len(mine)} done" if mine else "None"
        lines = []
        for task in mine:
            actions = _task_actions(task, person, may_plan=may_plan) if is_open else []
            lines.append(_task_line(task, actions))
        groups.append({"name": name, "note": note, "tasks": lines})
    return groups


def _task_actions(task: MobilisationTask, person: Person, *, may_plan: bool) -> list[tuple[str, str]]:
    found = []
    if task.done_at is not None:
        if may_plan and task.key != REGISTER_ENTRY and task.case_file.state in TASKS_REOPEN_IN:
            found.append(("Open again", reverse("contracts:task_reopen", args=[task.pk])))
        return found
    if task.waits_for_queue and task.asked is not None:
        found.append(("See the request", task.asked.get_absolute_url()))
    elif task.key == REGISTER_ENTRY:
        contract = task.case_file.contract
        found.append(("Enter in the register", reverse("contracts:contract_verb", args=[contract.pk, REGISTER_VERB])))
    elif may(person, "mobilisation.finish", task):
        found.append(("Mark as done", reverse("contracts:task_done", args=[task.pk])))
    if may_plan:
        found.append(("Change", reverse("contracts:task", args=[task.pk])))
    return found


def _task_line(task: MobilisationTask, actions: list[tuple[str, str]]) -> dict[str, Any]:
    today = clock.today()
    is_late = task.done_at is None and task.due_on is not None and task.due_on < today
    queue = task.queue_name
    status = (
        ("Done", "green") if task.done_at else (f"With {queue}", "blue") if queue else ("Not yet started", "outline")
    )
    return {
        "name": task.title,
        "url": actions[0][1] if actions and task.done_at is None else "",
        "note": task.output if task.done_at else "",
        "owner": task.owner.name if task.owner else queue,
        "due": short_day(task.done_at) if task.done_at else short_day(task.due_on) if task.due_on else "",
        "due_note": "" if task.done_at or not task.due_on else sentence_start(in_days(task.due_on, today)),
        "due_tone": "late" if is_late else "calm",
        "status": status[0],
        "tone": status[1],
        "actions": actions,
    }


def ends_words(ends_on: date | None) -> str:
    """When a contract ends, for a line in a list."""
    return f"ends {day(ends_on)}" if ends_on else "no term recorded"
