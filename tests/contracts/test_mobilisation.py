"""What must be in place before the start, the register entry, and going live."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from casework import door
from casework.models import AuditEvent
from casework.refusals import AlreadyDone, Blocked, NotPermitted, Refused, Stale
from contracts.models import Contract, MobilisationTask
from contracts.services import mobilisation
from contracts.services.mobilisation import FOR_COMMISSION, FOR_CONTRACT
from organisation import clock
from organisation.roles import Role
from tests.factories import contracts as make
from tests.factories import organisation as people
from tests.factories import procurement as buying
from tests.procurement.filling import fields_of, fill, opened, said, words_of


def task_of(contract: Contract, key: str = "governance") -> MobilisationTask:
    return MobilisationTask.objects.select_related("case_file").get(case_file=contract.case_file, key=key)


def blocked(contract: Contract, verb: str, by: Any, **inputs: Any) -> list[str]:
    with pytest.raises(Blocked) as refused:
        door.carry_out(contract, verb, by=by, **inputs)
    return [blocker.words for blocker in refused.value.blockers]


# --- Laid out ---------------------------------------------------------------------------------------------------------


def test_councils_tasks_are_laid_out_when_both_have_signed(where) -> None:
    contract = make.mobilising(where)

    tasks = list(MobilisationTask.objects.order_by("pk"))
    assert [(task.key, task.title) for task in tasks] == list(FOR_CONTRACT)
    assert {(task.case_file, task.side, task.owner, task.due_on, task.done_at) for task in tasks} == {
        (contract.case_file, "council", where.sam, contract.starts_on, None)
    }


def test_commission_that_buys_nothing_is_mobilised_itself(where) -> None:
    commission = buying.commission(where, state="plan", buys=False, needed_by=date(2027, 1, 4))
    mobilisation._secured(commission, by=where.priya, note="")

    task = MobilisationTask.objects.get()
    assert (task.case_file, (task.key, task.title), task.owner, task.due_on) == (
        commission.case_file,
        FOR_COMMISSION[0],
        where.priya,
        date(2027, 1, 4),
    )


def test_commission_that_buys_is_mobilised_with_its_contract(where) -> None:
    mobilisation._secured(buying.commission(where, state="plan"), by=where.priya, note="")

    assert MobilisationTask.objects.count() == 0


def test_laying_out_again_adds_nothing(where) -> None:
    contract = make.mobilising(where)

    mobilisation.lay_out(contract.case_file, FOR_CONTRACT, due_on=None)

    assert MobilisationTask.objects.count() == len(FOR_CONTRACT)


# --- Tasks ------------------------------------------------------------------------------------------------------------


def test_task_is_finished_once_with_what_came_of_it(where) -> None:
    task = task_of(make.mobilising(where))

    done = mobilisation.finish_task(task, by=where.sam, output="In the shared folder.")
    with pytest.raises(AlreadyDone, match="Already done: Sam Birtles finished this on"):
        mobilisation.finish_task(task, by=where.priya)

    assert (done.done_by, done.output, done.done_at is not None) == (where.sam, "In the shared folder.", True)
    assert AuditEvent.objects.filter(verb="mobilisation.finish", is_refusal=False).count() == 1


def test_owner_of_a_task_may_finish_it_whatever_their_service(where) -> None:
    contract = make.mobilising(where)
    fiona = people.person(Role.FINANCE, at=where.organisation)
    task = task_of(contract, "payment_set_up")
    with pytest.raises(NotPermitted):
        mobilisation.finish_task(task, by=fiona)
    task = mobilisation.change_task(task, version=1, by=where.sam, owner=fiona)

    assert mobilisation.finish_task(task, by=fiona).done_by == fiona


def test_register_entry_is_done_by_the_entry_alone(where) -> None:
    contract = make.mobilising(where)

    with pytest.raises(Refused, match="by entering the contract in the register"):
        mobilisation.finish_task(task_of(contract, "register_entry"), by=where.sam)
    door.carry_out(contract, "enter_in_register", by=where.sam, review_on=contract.ends_on)

    assert task_of(contract, "register_entry").done_by == where.sam


def test_task_can_be_opened_again_with_a_reason(where) -> None:
    task = task_of(make.mobilising(where))
    mobilisation.finish_task(task, by=where.sam)

    mobilisation.reopen_task(task, reason="The board has no chair.", by=where.sam)

    task.refresh_from_db()
    assert (task.done_at, task.done_by) == (None, None)
    assert AuditEvent.objects.get(verb="mobilisation.reopen").reason == "The board has no chair."
    with pytest.raises(AlreadyDone):
        mobilisation.reopen_task(task, reason="Again", by=where.sam)


def test_what_was_done_before_the_start_stands_after_it(where) -> None:
    contract = make.live(where)

    for key, words in (("register_entry", "stays done"), ("governance", "The start has passed")):
        with pytest.raises(Refused, match=words):
            mobilisation.reopen_task(task_of(contract, key), reason="No", by=where.sam)


def test_task_that_is_done_is_not_changed(where) -> None:
    task = task_of(make.mobilising(where))
    mobilisation.finish_task(task, by=where.sam)

    with pytest.raises(Refused, match="This task was done on"):
        mobilisation.change_task(task, version=2, by=where.sam, title="Other")


def test_two_people_who_change_a_task_are_both_heard(where) -> None:
    task = task_of(make.mobilising(where))
    mobilisation.change_task(task, version=1, by=where.sam, title="Agree the board")

    with pytest.raises(Stale) as refused:
        mobilisation.change_task(task, version=1, by=where.priya, title="Agree the meeting")

    assert refused.value.theirs == {"Task": "Agree the board"}


def test_nothing_is_mobilised_before_the_award(where) -> None:
    with pytest.raises(Refused, match="Nothing is mobilised at this stage"):
        mobilisation.add_task(make.drafted(where).case_file, title="Rotas", side="provider", by=where.sam)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.CONTRACT_MANAGER, Role.COMMISSIONER, Role.SERVICE_LEADER}))
def test_who_does_not_plan_it(where, role) -> None:
    contract = make.mobilising(where)

    with pytest.raises(NotPermitted):
        mobilisation.add_task(
            contract.case_file, title="Rotas", side="provider", by=people.person(role, at=where.organisation)
        )


# --- The register -----------------------------------------------------------------------------------------------------


def test_register_entry_keeps_the_date_of_the_first_review(where) -> None:
    contract = make.mobilising(where)

    registered = door.carry_out(contract, "enter_in_register", by=where.sam, review_on=date(2027, 3, 1)).subject

    assert (registered.review_on, registered.registered_at is not None, registered.state) == (
        date(2027, 3, 1),
        True,
        "mobilising",
    )
    assert blocked(contract, "enter_in_register", where.sam, review_on=date(2027, 3, 1))[0].startswith(
        "Already in the register since"
    )


def test_register_entry_needs_a_review_date(where) -> None:
    assert blocked(make.mobilising(where), "enter_in_register", where.sam, review_on=None) == ["Review date: not given"]


def test_page_enters_it_and_asks_for_a_review_after_the_start(where, client) -> None:
    contract = make.mobilising(where)
    client.force_login(where.sam)
    url = f"/contracts/{contract.pk}/do/enter_in_register/"

    too_early = fill(client, url, review_on=contract.starts_on - timedelta(days=1))
    done = fill(client, url, review_on=contract.starts_on)

    assert "must be on or after" in too_early.context["form"].errors["review_on"][0]
    assert done.status_code == 302
    assert said(done)[-1].startswith(f"{contract.case_file.reference} is in the register. First review:")


# --- Going live -------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("N-170")
def test_contract_does_not_go_live_with_a_council_task_open(where) -> None:
    contract = make.mobilising(where)

    assert blocked(contract, "go_live", where.sam) == [f"{title}: not done" for _, title in FOR_CONTRACT]
    make_ready(contract, where)
    assert door.carry_out(contract, "go_live", by=where.sam).subject.state == "live"


def make_ready(contract: Contract, where: Any) -> None:
    door.carry_out(contract, "enter_in_register", by=where.sam, review_on=contract.ends_on)
    make.finish_tasks(contract, where)


def test_task_of_the_provider_does_not_hold_it_up(where) -> None:
    contract = make.mobilising(where)
    make_ready(contract, where)
    mobilisation.add_task(contract.case_file, title="Send rotas", side="provider", by=where.sam)

    assert door.carry_out(contract, "go_live", by=where.sam).subject.state == "live"


def test_contract_does_not_go_live_before_it_starts(where) -> None:
    clock.move_to(date(2026, 3, 2))
    exercise = buying.ready_to_decide(where)
    buying.write(exercise, where, starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31))
    door.carry_out(exercise, "decide", by=where.priya)
    buying.authority(exercise.commission, decided_on=date(2026, 3, 1))
    door.carry_out(exercise, "award", by=where.priya)
    contract = Contract.objects.get()
    make.sign_for_council(contract, where)
    make.sign_for_supplier(contract, where)
    make_ready(contract, where)

    assert blocked(contract, "go_live", where.sam) == ["The contract starts on 1 April 2026"]
    clock.move_to(date(2026, 4, 1))
    assert door.carry_out(contract, "go_live", by=where.sam).subject.case_file.state == "live"


def test_only_a_contract_manager_puts_it_live(where) -> None:
    contract = make.mobilising(where)
    make_ready(contract, where)

    for other in (where.priya, where.tom, where.ann):
        with pytest.raises(NotPermitted):
            door.carry_out(contract, "go_live", by=other)


# --- The pages --------------------------------------------------------------------------------------------------------


def test_pages_carry_a_task_from_beginning_to_end(where, client) -> None:
    contract = make.mobilising(where)
    client.force_login(where.sam)
    home = f"/mobilisation/{contract.case_file_id}/"

    added = fill(client, f"{home}tasks/add/", title="Send rotas", side="provider", due_on=clock.today())
    task = MobilisationTask.objects.get(title="Send rotas")
    changed = fill(client, f"/mobilisation/tasks/{task.pk}/", title="Send the rotas", side="provider", owner=where.sam)
    done = fill(client, f"/mobilisation/tasks/{task.pk}/done/", output="They came on Monday.")
    late = client.get(f"/mobilisation/tasks/{task.pk}/done/")
    opened_again = fill(client, f"/mobilisation/tasks/{task.pk}/reopen/", reason="One was missing.")

    assert [reply["Location"] for reply in (added, changed, done, opened_again)] == [home] * 4
    assert "Sam Birtles finished this on" in words_of(late)
    task.refresh_from_db()
    assert (task.title, task.owner, task.due_on, task.done_at) == ("Send the rotas", where.sam, None, None)


def test_same_form_twice_adds_one_task(where, client) -> None:
    contract = make.mobilising(where)
    client.force_login(where.sam)
    url = f"/mobilisation/{contract.case_file_id}/tasks/add/"
    sent = opened(client, url) | fields_of(title="Send rotas", side="provider")

    first, again = client.post(url, sent), client.post(url, sent)

    assert (first.status_code, again.status_code) == (302, 302)
    assert MobilisationTask.objects.filter(title="Send rotas").count() == 1


@pytest.mark.parametrize(
    ("bad", "field", "words"),
    [
        ({"title": ""}, "title", "Enter the task"),
        ({"title": "x" * 1_000_000}, "title", "Task must be 200 characters or fewer"),
        ({"side": "nobody"}, "side", "Select"),
        ({"owner": 999_999}, "owner", "Choose a person from the list"),
    ],
)
def test_bad_tasks_get_a_message_by_their_field(where, client, bad, field, words) -> None:
    contract = make.mobilising(where)
    client.force_login(where.sam)

    reply = fill(
        client,
        f"/mobilisation/{contract.case_file_id}/tasks/add/",
        **{"title": "Send rotas", "side": "provider"} | bad,
    )

    assert words in " ".join(reply.context["form"].errors[field])
    assert MobilisationTask.objects.count() == len(FOR_CONTRACT)


def test_owner_of_another_organisation_cannot_be_chosen(where, client) -> None:
    contract = make.mobilising(where)
    client.force_login(where.sam)
    stranger = people.person(Role.CONTRACT_MANAGER)

    reply = fill(
        client,
        f"/mobilisation/{contract.case_file_id}/tasks/add/",
        title="Send rotas",
        side="provider",
        owner=stranger,
    )

    assert reply.context["form"].errors["owner"] == ["Choose a person from the list"]


def test_outsider_finds_nothing(where, client) -> None:
    contract = make.mobilising(where)
    task = task_of(contract)
    client.force_login(people.person(Role.CONTRACT_MANAGER))
    home = f"/mobilisation/{contract.case_file_id}/"
    pages = [home, f"{home}tasks/add/"] + [f"/mobilisation/tasks/{task.pk}/{page}" for page in ("", "done/", "reopen/")]

    for page in pages:
        assert client.get(page).status_code == 404
        assert client.post(page, {"act_id": str(uuid.uuid4())}).status_code in (404, 405)
    assert client.get(f"/mobilisation/{make.mobilising(where).exercise.case_file_id}/").status_code == 404


def test_reader_sees_the_tasks_and_is_offered_nothing(where, client) -> None:
    contract = make.mobilising(where)
    client.force_login(people.person(Role.AUDITOR, at=where.organisation))

    page = words_of(client.get(f"/mobilisation/{contract.case_file_id}/"))

    assert "Agree the governance structure" in page
    assert "Mark as done" not in page
    assert "Add a task" not in page


@pytest.mark.parametrize("size", [0, 30])
def test_page_costs_the_same_whatever_the_tasks(where, client, queries_of, size) -> None:
    contract = make.mobilising(where)
    for number in range(size):
        mobilisation.add_task(
            contract.case_file, title=f"Task {number}", side="provider", owner=where.sam, by=where.sam
        )
    client.force_login(where.sam)
    url = f"/mobilisation/{contract.case_file_id}/"
    client.get(url)

    assert len(queries_of(lambda: client.get(url))) == 2


def test_small_acts_stay_within_their_budget(where, queries_of) -> None:
    contract = make.mobilising(where)
    task = task_of(contract)

    acts = {
        "finish": lambda: mobilisation.finish_task(task, by=where.sam, act_id=uuid.uuid4()),
        "reopen": lambda: mobilisation.reopen_task(task, reason="No", by=where.sam, act_id=uuid.uuid4()),
        "change": lambda: mobilisation.change_task(task, version=3, title="Other", by=where.sam, act_id=uuid.uuid4()),
        "register": lambda: door.carry_out(
            contract, "enter_in_register", by=where.sam, act_id=uuid.uuid4(), review_on=contract.ends_on
        ),
        "go live": lambda: door.carry_out(contract, "go_live", by=where.sam, act_id=uuid.uuid4()),
    }
    for name, act in acts.items():
        if name == "go live":
            make.finish_tasks(contract, where)
        found = queries_of(act)
        assert len(found) <= 12, (name, found)
