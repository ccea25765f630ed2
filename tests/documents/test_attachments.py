"""Files on case files and papers: together with their row or not at all, under the case's scope, as downloads."""

import errno
import socket
import threading
import uuid
from pathlib import Path

import pytest
from django.db import IntegrityError

from casework.models import AuditEvent
from casework.refusals import AlreadyDone, NotPermitted, Replayed
from documents import purposes, store
from documents.kinds import digest
from documents.models import Attachment
from documents.panels import file_panel
from documents.purposes import FilePurpose
from documents.selectors import attachments_of
from documents.services import attachments, papers
from documents.states import ScanState
from organisation.roles import Role
from tests.factories import documents as make
from tests.factories import organisation as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(writer):
    return make.case_file(writer.organisation)


@pytest.fixture
def purpose(monkeypatch):
    monkeypatch.setattr(purposes, "_file_purposes", {})
    purposes.register_file_purpose(FilePurpose("evidence", "Evidence", has_record=lambda case, record: record != "9"))


def bytes_of(made: Attachment) -> bytes:
    with store.opened(made.stored_as) as file:
        return file.read()


def status_of(client, made: Attachment) -> int:
    """The status of a download, which is read to its end."""
    answer = client.get(f"/files/{made.pk}/")
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer.status_code


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_and_its_row_appear_together(writer, case, store_folder):
    made = make.attachment(writer, case)

    assert (made.filename, made.content_type, made.scan_state) == ("evidence.pdf", "application/pdf", "unscanned")
    assert bytes_of(made).startswith(b"%PDF-1.7")
    assert "evidence" not in str(files_in(store_folder))
    event = AuditEvent.objects.get(verb="attachment.add")
    assert event.changes == {"file": [None, "evidence.pdf"], "sha256": [None, made.sha256]}


def test_a_row_that_cannot_be_written_leaves_no_file(writer, case, store_folder, monkeypatch):
    def fail(**fields):
        raise IntegrityError

    monkeypatch.setattr(Attachment.objects, "create", fail)
    with pytest.raises(IntegrityError):
        make.attachment(writer, case)

    assert files_in(store_folder) == []


def test_a_full_disk_is_said_plainly_and_leaves_nothing(writer, case, store_folder, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("documents.store.os.fsync", full)
    with pytest.raises(store.StorageFull, match="run out of room for files"):
        make.attachment(writer, case)

    assert files_in(store_folder) == []
    assert not Attachment.objects.exists()


def test_a_replayed_upload_is_kept_once(writer, case, store_folder):
    act_id = uuid.uuid4()
    make.attachment(writer, case, act_id=act_id)

    with pytest.raises(Replayed):
        make.attachment(writer, case, act_id=act_id)

    assert Attachment.objects.count() == 1
    assert len(files_in(store_folder)) == 1


def test_replacing_keeps_the_old_file(writer, case):
    old = make.attachment(writer, case)

    new = attachments.replace(old, make.upload("newer.pdf"), by=writer)

    old.refresh_from_db()
    assert (old.is_current, new.is_current, new.supersedes) == (False, True, old)
    assert attachments_of(case) == [new]
    assert bytes_of(old)
    with pytest.raises(AlreadyDone):
        attachments.replace(old, make.upload("again.pdf"), by=writer)


def test_removing_keeps_the_bytes(writer, case):
    made = make.attachment(writer, case)

    attachments.remove(made, by=writer, reason="Wrong file")

    assert attachments_of(case) == []
    assert bytes_of(made)
    assert AuditEvent.objects.get(verb="attachment.remove").reason == "Wrong file"


def test_files_of_a_submitted_paper_stay_as_they_are(paper, writer):
    papers.submit(make.filled(paper, writer), writer)
    paper.refresh_from_db()
    file = Attachment.objects.get()

    with pytest.raises(AlreadyDone, match="submitted this paper"):
        attachments.remove(file, by=writer, reason="Oops")
    with pytest.raises(AlreadyDone):
        make.attachment(writer, paper.case_file, paper=paper, question_key="evidence")


def test_somebody_who_only_reads_attaches_nothing(writer, case):
    with pytest.raises(NotPermitted):
        make.attachment(people.person(Role.AUDITOR, at=writer.organisation), case)


# --- Downloads --------------------------------------------------------------------------------------------------------


def test_a_download_is_never_shown_on_our_own_address(signed_in, writer, case):
    upload = make.upload('na "me".txt', b"<b>plain</b>")
    made = attachments.attach(case, upload, by=writer)

    answer = signed_in.get(f"/files/{made.pk}/")

    assert b"".join(answer.streaming_content) == b"<b>plain</b>"
    assert answer["Content-Disposition"] == 'attachment; filename="na _me_.txt"'
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer["Cache-Control"]


def test_somebody_from_elsewhere_finds_no_file(client, writer, case):
    made = make.attachment(writer, case)
    client.force_login(make.writer(people.organisation()))

    assert client.get(f"/files/{made.pk}/").status_code == 404


def test_a_restricted_file_is_listed_but_opened_only_by_those_who_need_it(client, writer, case, purpose):
    made = make.attachment(writer, case, classification="privileged", purpose="evidence")
    manager = people.person(Role.CONTRACT_MANAGER, at=writer.organisation)
    legal = people.person(Role.LEGAL, at=writer.organisation)

    client.force_login(manager)
    assert status_of(client, made) == 403
    line = file_panel(case, "evidence", manager).files[0]
    assert (line.url, line.state_words) == ("", "Restricted")

    client.force_login(legal)
    assert status_of(client, made) == 200
    told = AuditEvent.objects.filter(verb__in=["attachment.open", "attachment.refused"]).order_by("pk")
    assert [(event.verb, event.actor_id) for event in told] == [
        ("attachment.refused", manager.pk),
        ("attachment.open", legal.pk),
    ]


def test_opening_an_ordinary_file_is_not_written_down(signed_in, writer, case):
    assert status_of(signed_in, make.attachment(writer, case)) == 200

    assert not AuditEvent.objects.filter(verb="attachment.open").exists()


def test_a_file_that_went_missing_is_said_plainly(signed_in, writer, case):
    made = make.attachment(writer, case)
    store.remove(made.stored_as)

    answer = signed_in.get(f"/files/{made.pk}/")

    assert answer.status_code == 409
    assert "missing from the file store" in answer.content.decode()


# --- Attached from another room's page --------------------------------------------------------------------------------


def test_a_file_is_attached_for_another_room_and_leads_back(signed_in, case, purpose):
    address = f"/cases/{case.pk}/attach/evidence:4/?next=/commissions/7/"
    assert signed_in.get(address).status_code == 200

    answer = signed_in.post(address, {"file": make.upload(), "classification": "official"})

    assert answer["Location"] == "/commissions/7/"
    assert [file.purpose for file in attachments_of(case, "evidence:4")] == ["evidence:4"]


def test_a_refused_file_is_named_by_its_field_and_what_was_chosen_stays(signed_in, case, purpose):
    address = f"/cases/{case.pk}/attach/evidence/"
    sent = {"file": make.upload("prices.pdf", b"MZ not a pdf"), "classification": "commercial"}

    page = signed_in.post(address, sent).content.decode()

    assert page.count("“prices.pdf” is not a PDF inside, whatever its name says.") == 2
    assert '<option value="commercial" selected>' in page


def test_strange_purposes_and_addresses_are_not_found(signed_in, case, purpose):
    for name in ("unheard", "evidence:9", "evidence:" + "x" * 80):
        assert signed_in.get(f"/cases/{case.pk}/attach/{name}/").status_code == 404, name


def test_the_way_back_never_leaves_the_site(signed_in, case, purpose):
    address = f"/cases/{case.pk}/attach/evidence/?next=https://evil.example/"

    answer = signed_in.post(address, {"file": make.upload(), "classification": "official"})

    assert answer["Location"] == case.path


def test_a_file_too_large_to_read_is_refused_and_the_rest_is_kept(signed_in, paper, settings):
    settings.MAX_UPLOAD_BYTES = 1000
    sent = {
        "was_has_lead": digest(None),
        "q_has_lead": "no",
        "file_evidence": make.upload("big.pdf", b"%PDF-1.7" + b"x" * 9000),
    }

    page = signed_in.post(f"/papers/{paper.pk}/sections/people/", sent | {"version": "99"}).content.decode()

    assert "“big.pdf” is too large, so it was not attached. Everything else was saved." in page
    assert paper.answers.get(question_key="has_lead").value == "no"
    assert not Attachment.objects.exists()


def test_one_request_may_not_carry_more_than_its_share(signed_in, paper, settings):
    settings.MAX_UPLOAD_BYTES = 1000
    uploads = [make.upload(f"{number}.pdf", b"%PDF-1.7" + b"x" * 900) for number in range(5)]

    page = signed_in.post(f"/papers/{paper.pk}/sections/people/", {"file_evidence": uploads}).content.decode()

    assert "“3.pdf” is too large" in page
    assert Attachment.objects.count() == 3


def test_a_good_file_stays_attached_when_another_answer_is_wrong(signed_in, paper):
    sent = {"q_has_lead": "maybe", "was_has_lead": digest(None), "file_evidence": make.upload()}

    page = signed_in.post(f"/papers/{paper.pk}/sections/people/", sent | {"version": "99"}).content.decode()

    assert "There is a problem" in page
    assert Attachment.objects.get().filename == "evidence.pdf"
    assert "evidence.pdf" in page


def test_a_file_is_replaced_and_removed_from_its_question(signed_in, paper, writer):
    file = make.attachment(writer, paper.case_file, paper=paper, question_key="evidence")
    back = f"/papers/{paper.pk}/sections/people/#question-evidence"
    form = {"file": make.upload("newer.pdf"), "classification": "official"}

    moved = signed_in.post(f"/papers/{paper.pk}/sections/people/", {"change_file": f"replace:{file.pk}"})
    assert moved["Location"] == f"/files/{file.pk}/replace/"
    assert signed_in.post(moved["Location"], form)["Location"] == back
    newer = Attachment.objects.get(filename="newer.pdf")
    assert signed_in.post(f"/files/{newer.pk}/remove/", {"reason": "Not needed"})["Location"] == back
    assert not Attachment.objects.current().exists()
    page = signed_in.get(f"/papers/{paper.pk}/sections/people/").content.decode()
    assert "2 earlier files" in page
    assert "Removed by Priya Shah, Commissioning" in page


# --- The virus scanner ------------------------------------------------------------------------------------------------


class Scanner:
    """A small clamd that answers the same to every file."""

    def __init__(self, says: bytes):
        self.says, self.heard = says, b""
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self.server.getsockname()[1]}"
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        connection, _ = self.server.accept()
        with connection, connection.makefile("rb") as lines:
            lines.read(len(b"zINSTREAM\0"))
            while size := int.from_bytes(lines.read(4), "big"):
                self.heard += lines.read(size)
            connection.sendall(self.says + b"\0")

    def close(self):
        self.thread.join(5)
        self.server.close()


def test_a_clean_file_is_marked_as_checked(writer, case, settings):
    scanner = Scanner(b"stream: OK")
    settings.VIRUS_SCANNER = scanner.address

    made = make.attachment(writer, case)

    scanner.close()
    assert made.scan_state == ScanState.SCANNED
    assert scanner.heard.startswith(b"%PDF-1.7")


def test_an_infected_file_is_refused_and_written_down(writer, case, settings, store_folder):
    scanner = Scanner(b"stream: Eicar-Test-Signature FOUND")
    settings.VIRUS_SCANNER = scanner.address

    with pytest.raises(attachments.FileRefused, match="refused by the virus check"):
        make.attachment(writer, case)

    scanner.close()
    assert files_in(store_folder) == []
    assert AuditEvent.objects.get(verb="attachment.refuse").reason == "The virus check refused “evidence.pdf”"


def test_a_file_the_scanner_could_not_see_waits_and_is_checked_later(signed_in, writer, case, settings):
    settings.VIRUS_SCANNER = "tcp://127.0.0.1:1"
    made = make.attachment(writer, case)
    waiting = signed_in.get(f"/files/{made.pk}/")
    assert (made.scan_state, waiting.status_code) == (ScanState.UNSCANNED, 409)
    assert "still being checked for viruses" in waiting.content.decode()

    scanner = Scanner(b"stream: OK")
    settings.VIRUS_SCANNER = scanner.address
    assert attachments.scan_waiting() == 1

    scanner.close()
    assert status_of(signed_in, made) == 200


# --- The sweep --------------------------------------------------------------------------------------------------------


def test_files_a_killed_process_left_are_swept_after_a_day(writer, case, store_folder, monkeypatch):
    kept = make.attachment(writer, case)
    orphan = store.put([b"left behind"])
    assert attachments.sweep_orphans() == 0

    monkeypatch.setattr("documents.services.attachments._ORPHAN_AFTER_SECONDS", -10)
    assert attachments.sweep_orphans() == 1

    assert [path.name for path in files_in(store_folder)] == [kept.stored_as]
    with pytest.raises(FileNotFoundError):
        store.opened(orphan.name)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "abc", "../" * 10 + "x"])
def test_a_damaged_name_reaches_nothing_else_on_the_disk(name):
    with pytest.raises(FileNotFoundError):
        store.opened(name)
