"""Which files are let in. SECURITY 5.4: allowed by extension and by content, within sizes."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from documents import file_checks
from documents.file_checks import FileRefused, check, checked_name
from tests.factories import documents as make

MEGABYTE = 1024 * 1024
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\x00" * 64
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
EXE = b"MZ\x90\x00" + b"\x00" * 200


def archive(**parts: bytes) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as it:
        for name, content in parts.items():
            it.writestr(name.replace("__", "/"), content)
    return made.getvalue()


def open_document(media_type: str) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w") as it:
        it.writestr("mimetype", media_type)
        it.writestr("content.xml", "<office/>")
    return made.getvalue()


def let_in(name: str, content: bytes, most: int = 20 * MEGABYTE) -> file_checks.FileKind:
    return check(name, BytesIO(content), len(content), most)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PDF),
        ("a.PDF", PDF),
        ("a.docx", make.office("word/document.xml")),
        ("a.xlsx", make.office("xl/workbook.xml")),
        ("a.pptx", make.office("ppt/presentation.xml")),
        ("a.odt", open_document("application/vnd.oasis.opendocument.text")),
        ("a.ods", open_document("application/vnd.oasis.opendocument.spreadsheet")),
        ("a.csv", "name,£\nx,1\n".encode()),
        ("a.csv", "name,£\n".encode("cp1252")),
        ("a.txt", "Olá 🧑".encode("utf-16")),
        ("a.png", PNG),
        ("a.jpg", JPEG),
        ("a.jpeg", JPEG),
        ("tender.exe.pdf", PDF),
    ],
)
def test_permitted_files_are_let_in(name, content):
    assert let_in(name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", EXE),
        ("a.pdf", EXE),
        ("a.pdf", HTML),
        ("a.pdf", b"\x00" * 100 + PDF),
        ("a.pdf", PNG),
        ("a.png", SVG),
        ("a.png", PDF),
        ("a.jpg", HTML),
        ("a.svg", SVG),
        ("a.html", HTML),
        ("a.zip", archive(**{"x.txt": b"x"})),
        ("a.docx", archive(**{"x.txt": b"x"})),
        ("a.docx", make.office("xl/workbook.xml")),
        ("a.docx", PDF),
        ("a.docx", b"PK\x03\x04" + b"\x00" * 50),
        ("a.docm", make.office("word/document.xml")),
        ("a.docx", make.office("word/document.xml", **{"word/vbaProject.bin": b"macro"})),
        ("a.odt", open_document("application/vnd.oasis.opendocument.spreadsheet")),
        ("a.txt", EXE),
        ("a.txt", HTML),
        ("a.csv", PDF),
        ("a.txt", b"#!/bin/sh\nrm -rf /\n"),
        ("noextension", PDF),
        ("a.pdf", b""),
    ],
)
def test_other_files_are_refused_in_words(name, content):
    with pytest.raises(FileRefused) as refusal:
        let_in(name, content)

    assert refusal.value.words.endswith(".")


def test_a_file_that_is_too_large_is_refused_with_the_limit():
    with pytest.raises(FileRefused, match="larger than 1 MB"):
        let_in("a.pdf", PDF + b" " * MEGABYTE, most=MEGABYTE)


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = make.office("word/document.xml", unpacked=file_checks.MOST_UNPACKED + 1)
    assert len(bomb) < MEGABYTE

    with pytest.raises(FileRefused, match="unpacks to more than 200 MB"):
        let_in("a.docx", bomb)


def test_a_bomb_that_lies_about_its_size_is_refused():
    honest = make.office("word/document.xml", unpacked=10 * MEGABYTE)
    # The directory at the end says 100 bytes where ten million follow.
    lying = honest.replace((10 * MEGABYTE).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lying != honest

    with pytest.raises(FileRefused):
        let_in("a.docx", lying)


def test_a_document_with_a_password_says_what_to_do():
    with pytest.raises(FileRefused, match="protected by a password"):
        let_in("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\Prices.xlsx", "Prices.xlsx"),
        ("a\x00b\r\nc.pdf", "a_b__c.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ('say "hi"; x.pdf', "say _hi_; x.pdf"),
        ("  Müller – Überblick.pdf ", "Müller – Überblick.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("", "file"),
        ("...", "file"),
    ],
)
def test_names_are_cleaned(raw, cleaned):
    assert checked_name(raw) == cleaned
