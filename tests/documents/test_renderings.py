"""PDFs: tagged, dated, fetched from nowhere, made once and kept, marked while a draft."""

import errno
from io import BytesIO

import pytest
from pypdf import PdfReader

from documents import pdf, store
from documents.freezing import freeze
from documents.models import Rendering, Revision
from documents.selectors import contents_of
from documents.services import papers, renderings
from documents.states import RenderingState
from organisation import clock
from tests.factories import documents as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def revision(paper, writer):
    papers.submit(make.filled(paper, writer), writer)
    return Revision.objects.get()


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_revision_is_a_tagged_titled_pdf_that_says_what_it_is(signed_in, revision, paper):
    answer = signed_in.get(f"/papers/{paper.pk}/revisions/1/pdf/")

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == (
        f'attachment; filename="{paper.case_file.reference} Initiation revision 1.pdf"'
    )
    content = body(answer)
    root = PdfReader(BytesIO(content)).trailer["/Root"]
    assert (root["/Lang"], bool(root["/MarkInfo"]["/Marked"]), "/StructTreeRoot" in root) == ("en-GB", True, True)
    assert b"pdfuaid:part" in PdfReader(BytesIO(content)).xmp_metadata.stream.get_data()
    title = PdfReader(BytesIO(content)).metadata.title
    assert title == f"Initiation – {paper.case_file.reference}, revision 1"
    text = text_of(content)
    for words in ("Alder County Council", "revision 1", "Page 1 of", "Submitted by Priya Shah".lower(), "£640,000"):
        assert words in text or words in text.lower()
    assert "DRAFT" not in text


def test_the_second_download_is_served_from_the_store(signed_in, revision, paper, monkeypatch):
    first = body(signed_in.get(f"/papers/{paper.pk}/revisions/1/pdf/"))
    monkeypatch.setattr(pdf, "render", lambda *args, **kwargs: pytest.fail("made twice"))

    assert body(signed_in.get(f"/papers/{paper.pk}/revisions/1/pdf/")) == first
    kept = Rendering.objects.get()
    assert (kept.pdf_state, kept.size) == (RenderingState.READY, len(first))


def test_a_draft_is_marked_as_one_on_every_page(signed_in, paper, writer):
    papers.save_answers(paper, "facts_and_aims", {"why": "word " * 3000}, writer, 1)

    pages = PdfReader(BytesIO(body(signed_in.get(f"/papers/{paper.pk}/draft.pdf")))).pages

    assert len(pages) > 2
    assert all("DRAFT" in page.extract_text() for page in pages)
    assert not Rendering.objects.exists()


def test_markup_and_addresses_in_answers_are_text_and_fetch_nothing(paper, writer, monkeypatch):
    typed = '<img src="file:///etc/passwd"><img src="http://127.0.0.1:9/x"><link rel=stylesheet href="file:///x">'
    papers.save_answers(paper, "facts_and_aims", {"why": typed}, writer, 1)

    text = text_of(pdf.render(freeze(contents_of(paper)), printed_at=clock.now()))

    assert "file:///etc/passwd" in text.replace("\n", "")


def test_the_fetcher_refuses_all_but_data_addresses():
    from weasyprint.urls import URLFetcher

    fetcher = URLFetcher(allowed_protocols={"data"})
    for address in ("file:///etc/passwd", "http://127.0.0.1/", "https://example.org/", "ftp://example.org/x"):
        with pytest.raises(ValueError, match="protocol"):
            fetcher.fetch(address)


def test_a_long_revision_is_prepared_by_the_worker_and_the_page_says_so(signed_in, revision, paper, monkeypatch):
    monkeypatch.setattr(renderings, "LARGE", 10)
    page = signed_in.get(f"/papers/{paper.pk}/revisions/1/pdf/")
    assert page.status_code == 202
    assert "is being prepared" in page.content.decode()

    assert renderings.make_waiting() == 1
    assert renderings.make_waiting() == 0

    assert body(signed_in.get(f"/papers/{paper.pk}/revisions/1/pdf/")).startswith(b"%PDF")


def test_a_long_draft_is_prepared_once_for_its_wording(signed_in, paper, writer, monkeypatch):
    monkeypatch.setattr(renderings, "LARGE", 10)
    address = f"/papers/{paper.pk}/draft.pdf"
    assert [signed_in.get(address).status_code for _ in range(2)] == [202, 202]
    assert Rendering.objects.count() == 1
    renderings.make_waiting()
    assert body(signed_in.get(address)).startswith(b"%PDF")

    papers.save_answers(paper, "facts_and_aims", {"summary": "Other words"}, writer, 1)
    assert signed_in.get(address).status_code == 202
    old = Rendering.objects.get(pdf_state=RenderingState.READY)
    renderings.make_waiting()

    assert not Rendering.objects.filter(pk=old.pk).exists()
    with pytest.raises(FileNotFoundError):
        store.opened(old.stored_as)


def test_missing_libraries_are_said_on_a_page(signed_in, revision, paper, monkeypatch):
    def fail(*args, **kwargs):
        raise pdf.PdfUnavailable

    monkeypatch.setattr(pdf, "render", fail)

    for address in (f"/papers/{paper.pk}/revisions/1/pdf/",):
        page = signed_in.get(address)
        assert page.status_code == 503
        assert "cannot make PDFs" in page.content.decode()


def test_importing_without_libraries_is_a_refusal_not_a_crash(monkeypatch):
    import builtins

    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(pdf.PdfUnavailable):
        pdf.render({}, printed_at=clock.now())


def test_one_paper_that_cannot_be_printed_does_not_stop_the_others(revision, paper, writer, monkeypatch):
    monkeypatch.setattr(renderings, "LARGE", 10)
    real, broken = pdf.render, Rendering.objects.get()
    other = papers.begin(make.case_file(writer.organisation), "initiation", writer)
    renderings.pdf_of_draft(other, freeze(contents_of(other)))

    def sometimes(content, *, printed_at):
        if content["number"] == 1:
            raise RuntimeError("a bad font")
        return real(content, printed_at=printed_at)

    monkeypatch.setattr(pdf, "render", sometimes)
    for _ in range(4):
        renderings.make_waiting()

    broken.refresh_from_db()
    assert (broken.pdf_state, broken.attempts) == (RenderingState.FAILED, 3)
    assert Rendering.objects.get(revision=None).pdf_state == RenderingState.READY


def test_a_full_disk_while_making_a_pdf_is_said_on_a_page(signed_in, revision, paper, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("documents.store.os.fsync", full)

    page = signed_in.get(f"/papers/{paper.pk}/revisions/1/pdf/")

    assert page.status_code == 503
    assert "run out of room" in page.content.decode()
