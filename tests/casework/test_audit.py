"""The audit trail: what it holds, that its chains prove themselves, and that nobody can quietly change it."""

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from casework.audit import audited, record, record_refusal
from casework.audit.chain import GENESIS, HASHED_FIELDS
from casework.audit.heads import all_breaks, sign_heads
from casework.models import Act, AuditEvent, ChainHead
from casework.refusals import Refused, Replayed
from organisation import clock
from organisation.actors import System
from organisation.models import Person, ServiceArea
from tests.factories import casework as make
from tests.factories import organisation as people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def heads(settings: Any, tmp_path: Path) -> Path:
    settings.AUDIT_HEADS_DIR = tmp_path / "heads"
    return tmp_path / "heads"


@pytest.fixture
def area(db: None) -> ServiceArea:
    """Something of an organisation to write about."""
    return people.service_area()


@pytest.fixture
def chain(area: ServiceArea) -> str:
    """Six events in one chain."""
    for number in range(6):
        with audited(by=System(because="A test")):
            record(verb="test.act", subject=area, reason=f"Reason {number}", changes={"value": [number, number + 1]})
    return f"organisation:{area.organisation_id}"


def events_of(chain: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(chain=chain).order_by("number"))


@contextmanager
def forging() -> Iterator[None]:
    """What only the owner of the database can do: take the trigger off."""
    table = AuditEvent._meta.db_table
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER casework_audit_is_append_only")
    yield
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER casework_audit_is_append_only")


def breaks() -> list[str]:
    return [broken.words for broken in all_breaks()]


# --- What a chain is --------------------------------------------------------------------------------------------------


def test_whole_trail_verifies(chain: str) -> None:
    out = StringIO()

    call_command("verify_audit", stdout=out)

    total, chains = AuditEvent.objects.count(), ChainHead.objects.count()
    assert out.getvalue().strip() == f"The audit trail holds: {total} events in {chains} chains."
    assert [event.number for event in events_of(chain)] == [1, 2, 3, 4, 5, 6]


def test_hash_follows_the_documented_encoding(chain: str) -> None:
    """Anyone with the documentation and the rows can prove the chain without this program."""
    previous = GENESIS
    for event in AuditEvent.objects.filter(chain=chain).order_by("number").values():
        fields = {name: event[name] for name in HASHED_FIELDS}
        fields["at"] = event["at"].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        written = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        previous = hashlib.sha256(f"{previous}\n{written}".encode()).hexdigest()
        assert event["hash"] == previous


def test_every_column_is_hashed_but_the_row_number_and_the_links() -> None:
    columns = {field.name for field in AuditEvent._meta.concrete_fields}

    assert columns - set(HASHED_FIELDS) == {"id", "at", "previous_hash", "hash"}


def test_text_of_any_kind_survives_the_database(area: ServiceArea) -> None:
    awkward = "Ünïcode 🌳 \u202eright-to-left\u202c “quotes” \\ / \t tab\nline \u00a0 é e\u0301"
    with audited(by=System(because=awkward)):
        record(
            verb="test.act",
            subject=area,
            reason=awkward,
            changes={"amount": [None, 12], "when": [clock.now(), True], "list": [["a"], [1.5]]},
        )

    assert breaks() == []
    event = AuditEvent.objects.get(verb="test.act")
    assert event.reason == awkward
    assert event.changes["amount"] == [None, "12"]


# --- What verify_audit finds ------------------------------------------------------------------------------------------

EDITS: dict[str, Any] = {
    "actor_id": 999,
    "actor_words": "Somebody else",
    "role": "auditor",
    "covering_id": 7,
    "verb": "test.other",
    "subject_kind": "other.thing",
    "subject_id": "77",
    "subject_label": "Another",
    "case_id": 5,
    "root_case_id": 6,
    "from_state": "draft",
    "to_state": "closed",
    "reason": "A nicer reason",
    "changes": {"value": ["2", "4"]},
    "rules_version": 3,
    "is_refusal": True,
}


def test_list_of_edits_names_every_hashed_column() -> None:
    assert set(EDITS) | {"chain", "number"} == set(HASHED_FIELDS)


@pytest.mark.parametrize("column", [*EDITS, "at"])
def test_edit_of_any_column_is_found(chain: str, column: str) -> None:
    third = events_of(chain)[2]
    with forging():
        AuditEvent.objects.filter(pk=third.pk).update(
            **{column: third.at + timedelta(microseconds=1) if column == "at" else EDITS[column]}
        )

    assert breaks() == ["Event 3 was changed after it was written"]


def test_edit_with_a_hash_made_anew_is_found_at_the_next_event(chain: str) -> None:
    from casework.audit import chain as chains

    third = events_of(chain)[2]
    third.reason = "A nicer reason"
    with forging():
        AuditEvent.objects.filter(pk=third.pk).update(reason=third.reason, hash=chains.link(third, third.previous_hash))

    assert breaks() == ["Event 4 does not follow the event before it"]


def test_gap_is_found(chain: str) -> None:
    with forging():
        AuditEvent.objects.filter(chain=chain, number=3).delete()

    assert breaks() == ["Event 3 is missing; the next one found is 4"]


def test_cut_end_is_found(chain: str) -> None:
    with forging():
        AuditEvent.objects.filter(chain=chain, number__gte=5).delete()

    assert breaks() == ["The chain ends at 4 but its head says 6"]


def test_whole_chain_cut_off_is_found(chain: str) -> None:
    with forging():
        AuditEvent.objects.filter(chain=chain).delete()

    assert breaks() == ["The chain ends at 0 but its head says 6"]


def test_last_event_written_anew_is_found(chain: str) -> None:
    from casework.audit import chain as chains

    last = events_of(chain)[-1]
    last.reason = "A nicer reason"
    with forging():
        AuditEvent.objects.filter(pk=last.pk).update(reason=last.reason, hash=chains.link(last, last.previous_hash))

    assert breaks() == ["The last event is not the one its head names"]


def test_event_moved_to_another_chain_is_found(chain: str) -> None:
    with forging():
        AuditEvent.objects.filter(chain=chain, number=6).update(chain="installation", number=99)

    assert "The chain ends at 5 but its head says 6" in breaks()


def test_command_says_which_event_is_wrong_and_fails(chain: str) -> None:
    with forging():
        AuditEvent.objects.filter(chain=chain, number=2).update(reason="A nicer reason")
    err = StringIO()

    with pytest.raises(CommandError, match="1 breaks found"):
        call_command("verify_audit", stderr=err)

    assert err.getvalue().strip() == f"{chain}: Event 2 was changed after it was written"


# --- The signed heads -------------------------------------------------------------------------------------------------


def test_signed_head_finds_a_cut_end_whose_head_row_was_cut_too(chain: str, heads: Path) -> None:
    name = sign_heads().name
    fourth = events_of(chain)[3]
    with forging():
        AuditEvent.objects.filter(chain=chain, number__gte=5).delete()
    ChainHead.objects.filter(chain=chain).update(number=4, hash=fourth.hash)

    assert breaks() == [f"Event 6 is not the one that {name} signed"]


def test_signed_head_finds_a_chain_written_anew(chain: str, heads: Path) -> None:
    from casework.audit import chain as chains

    name = sign_heads().name
    previous = GENESIS
    with forging():
        for event in events_of(chain):
            event.reason = "All well"
            event.previous_hash = previous
            event.hash = previous = chains.link(event, previous)
            AuditEvent.objects.filter(pk=event.pk).update(
                reason=event.reason, previous_hash=event.previous_hash, hash=event.hash
            )
    ChainHead.objects.filter(chain=chain).update(hash=previous)

    assert breaks() == [f"Event 6 is not the one that {name} signed"]


def test_signed_head_finds_a_chain_that_is_gone_altogether(chain: str, heads: Path) -> None:
    name = sign_heads().name
    with forging():
        AuditEvent.objects.filter(chain=chain).delete()
    ChainHead.objects.filter(chain=chain).delete()

    assert breaks() == [f"Event 6 is not the one that {name} signed"]


def test_changed_head_file_is_found(chain: str, heads: Path) -> None:
    path = sign_heads()
    path.write_text(path.read_text().replace('\\"number\\": 6', '\\"number\\": 5'))

    assert breaks() == [f"The signature of {path.name} does not match its contents"]


@pytest.mark.parametrize("content", ["", "not json", "[]", '{"body": 1, "signature": 2}', '{"body": "{}"}'])
def test_damaged_head_file_is_found_and_breaks_nothing(chain: str, heads: Path, content: str) -> None:
    path = sign_heads()
    path.write_text(content)

    assert breaks() == [f"The signature of {path.name} does not match its contents"]


def test_trail_that_went_on_after_signing_still_verifies(chain: str, area: ServiceArea) -> None:
    sign_heads()
    with audited(by=System(because="Later")):
        record(verb="test.later", subject=area)

    assert breaks() == []


def test_one_head_file_a_day_is_kept(chain: str, heads: Path) -> None:
    clock.move_to(clock.today())
    sign_heads()
    sign_heads()
    clock.move_to(clock.today() + timedelta(days=1))
    sign_heads()

    assert len(list(heads.glob("heads-*.json"))) == 2
    assert list(heads.glob("*.part")) == []


# --- Append only ------------------------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.parametrize("forge", ["update", "delete", "save", "instance delete", "sql"])
def test_database_refuses_to_change_or_delete_an_event(chain: str, forge: str) -> None:
    event = events_of(chain)[0]
    event.reason = "A nicer reason"

    def in_sql() -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE casework_auditevent SET reason = 'nicer'")

    ways: dict[str, Callable[[], Any]] = {
        "update": lambda: AuditEvent.objects.filter(chain=chain).update(reason="nicer"),
        "delete": lambda: AuditEvent.objects.filter(chain=chain).delete(),
        "save": event.save,
        "instance delete": event.delete,
        "sql": in_sql,
    }
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ways[forge]()

    assert breaks() == []


# --- Writing ----------------------------------------------------------------------------------------------------------


def test_nothing_is_recorded_outside_a_transaction_of_its_own(area: ServiceArea) -> None:
    with pytest.raises(RuntimeError, match="inside audited"):
        record(verb="test.act", subject=area)
    with pytest.raises(RuntimeError, match="inside audited"):
        record_refusal(verb="test.act", subject=area, by=System(because="x"), words="No")


def test_events_are_written_last(area: ServiceArea, queries_of: Callable[[Callable[[], Any]], list[str]]) -> None:
    def act() -> None:
        with audited(by=System(because="A test"), act_id=uuid.uuid4(), verb="test", subject="1"):
            record(verb="test.one", subject=area)
            area.name = "Renamed"
            area.save()
            record(verb="test.two", subject=area)

    act()
    tables = [
        next(name for name in ("casework_act", "auditevent", "chainhead", "servicearea") if name in statement)
        for statement in queries_of(act)
    ]

    # One lock, one insert for both events, one update of the head.
    assert tables == ["casework_act", "servicearea", "chainhead", "auditevent", "chainhead"]


def test_failure_takes_the_events_back(area: ServiceArea) -> None:
    def fail() -> None:
        with audited(by=System(because="A test")):
            record(verb="test.act", subject=area)
            raise ValueError("Broken")

    before = AuditEvent.objects.count()

    with pytest.raises(ValueError, match="Broken"):
        fail()

    assert AuditEvent.objects.count() == before
    with audited(by=System(because="After it")):  # nothing of the failed block hangs over
        record(verb="test.next", subject=area)
    assert AuditEvent.objects.count() == before + 1


def test_refusal_is_kept_when_everything_else_is_rolled_back(area: ServiceArea) -> None:
    def refuse() -> None:
        with audited(by=System(because="A test")):
            area.name = "Renamed"
            area.save()
            record(verb="test.act", subject=area)
            record_refusal(verb="test.act", subject=area, by=System(because="A test"), words="Not today")
            raise Refused("Not today")

    with pytest.raises(Refused):
        refuse()

    event = AuditEvent.objects.get(verb="test.act")
    assert (event.is_refusal, event.reason, event.actor_words) == (True, "Not today", "A test")
    area.refresh_from_db()
    assert area.name != "Renamed"


def test_number_of_a_form_counts_once(area: ServiceArea) -> None:
    number = uuid.uuid4()

    def act() -> None:
        with audited(by=System(because="A test"), act_id=number, verb="test", subject="1"):
            record(verb="test.act", subject=area)

    act()
    with pytest.raises(Replayed):
        act()

    assert AuditEvent.objects.filter(verb="test.act").count() == 1
    assert Act.objects.filter(act_id=number).count() == 1


def test_inner_block_writes_into_the_outer_one(area: ServiceArea) -> None:
    hal = people.person(at=area.organisation)
    with audited(by=hal):
        with audited(by=System(because="It follows")):
            record(verb="test.inner", subject=area, by=System(because="It follows"))
        assert not AuditEvent.objects.filter(verb="test.inner").exists()
        record(verb="test.outer", subject=area)

    inner, outer = AuditEvent.objects.filter(verb__startswith="test.").order_by("number")
    assert (inner.verb, inner.actor_words, inner.actor_id) == ("test.inner", "It follows", None)
    assert (outer.verb, outer.actor_id) == ("test.outer", hal.pk)
    assert outer.number == inner.number + 1


def test_name_of_a_person_stays_out_of_the_chain(db: None) -> None:
    hal = people.person(at=people.organisation(), name="Hal Whitby")
    with audited(by=hal):
        record(verb="changed", subject=hal, changes={"is_active": [True, False]})

    event = AuditEvent.objects.get(verb="changed")
    assert event.subject_label == f"Account {hal.pk}"
    assert "Whitby" not in json.dumps(AuditEvent.objects.filter(pk=event.pk).values().get(), default=str)
    Person.objects.filter(pk=hal.pk).update(name="Erased")
    assert breaks() == []


def test_chain_is_the_organisation_of_the_record(alder: SimpleNamespace) -> None:
    case = make.case_file(holder=alder.priya)
    kept = people.framework(kept_by=alder.council)
    common = people.framework()
    with audited(by=alder.priya):
        record(verb="test.case", subject=case)
        record(verb="test.kept", subject=kept)
        record(verb="test.common", subject=common)

    chains = dict(AuditEvent.objects.filter(verb__startswith="test.").values_list("verb", "chain"))
    own = f"organisation:{alder.council.pk}"
    assert chains == {"test.case": own, "test.kept": own, "test.common": "installation"}
