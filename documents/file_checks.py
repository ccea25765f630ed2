"""Which files are let in: by the end of the name and by what is inside. Pure; reads from an open file.

Permitted: PDF, Word (docx), Excel (xlsx), PowerPoint (pptx), OpenDocument (odt, ods), CSV, text, PNG and JPEG.
"""

from __future__ import annotations

import lzma
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import BinaryIO

import puremagic

from casework.refusals import Refused

LONGEST_NAME = 150
MOST_UNPACKED = 200 * 1024 * 1024
MOST_PARTS = 10_000
_HEAD = 8192
_READ = 64 * 1024

# Marks that turn text around: with them "exe" can be made to look like the start of a name that ends in "pdf".
_TURNING = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|]')
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACROS = ("vbaproject.bin", "basic/", "scripts/")


class FileRefused(Refused):
    """A file that is not let in. The words say why, and what to do."""


@dataclass(frozen=True)
class FileKind:
    """One permitted kind of file."""

    words: str
    content_type: str
    is_genuine: Callable[[BinaryIO, str], bool]


def checked_name(raw: str) -> str:
    """The file's name without folders, controls and marks that turn text around, short enough to show."""
    name = unicodedata.normalize("NFC", PureWindowsPath(PurePosixPath(raw).name).name)
    name = " ".join(_NOT_IN_NAMES.sub("_", _TURNING.sub("", name)).split()).strip(". ")
    stem, dot, end = name.rpartition(".")
    if not dot:
        stem, end = name, ""
    return f"{stem[: LONGEST_NAME - len(end) - 1].rstrip()}.{end}" if end else (stem[:LONGEST_NAME] or "file")


def check(name: str, file: BinaryIO, size: int, most_bytes: int) -> FileKind:
    """The kind of a file whose name is ``name``; raises ``FileRefused``. The file is left at its start."""
    end = name.rpartition(".")[2].lower() if "." in name else ""
    kind = KINDS.get(end)
    if kind is None:
        raise FileRefused(f"“{name}” cannot be attached. Attach one of these: {PERMITTED_WORDS}.")
    if size == 0:
        raise FileRefused(f"“{name}” is empty. Choose another file.")
    if size > most_bytes:
        raise FileRefused(f"“{name}” is larger than {most_bytes // (1024 * 1024):,} MB. Attach a smaller file.")
    file.seek(0)
    head = file.read(_HEAD)
    if end in ("docx", "xlsx", "pptx") and head.startswith(_OLD_OFFICE):
        raise FileRefused(
            f"“{name}” is protected by a password or in an old Office format. Save it as .{end} without a password."
        )
    try:
        genuine = kind.is_genuine(file, end)
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        OSError,
        ValueError,
        EOFError,
        KeyError,
        NotImplementedError,
        RuntimeError,
    ):
        genuine = False
    finally:
        file.seek(0)
    if not genuine:
        raise FileRefused(f"“{name}” is not {kind.words} inside, whatever its name says. Attach the original file.")
    return kind


def _is_pdf(file: BinaryIO, end: str) -> bool:
    head = _head(file)
    return head.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"%PDF-1.") or (
        head.startswith(b"%PDF-2.") and _magic_knows(head, end)
    )


def _is_picture(file: BinaryIO, end: str) -> bool:
    head = _head(file)
    starts = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff"}[end]
    return head.startswith(starts) and _magic_knows(head, end)


def _is_text(file: BinaryIO, end: str) -> bool:
    """Text in UTF-8, UTF-16 with its mark, or the old Windows letters; nothing that a machine would run."""
    file.seek(0)
    whole = file.read()
    if whole.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = whole.decode("utf-16")
    elif b"\x00" in whole or whole.startswith((b"%PDF", b"PK\x03\x04", b"MZ", b"\x7fELF", b"#!")):
        return False
    else:
        try:
            text = whole.decode("utf-8")
        except UnicodeDecodeError:
            text = whole.decode("cp1252")
    opening = text[:1000].lstrip("\ufeff \t\r\n").lower()
    return "\x00" not in text and not opening.startswith(("<!doctype", "<html", "<svg", "<?xml", "<script"))


def _is_office(part: str) -> Callable[[BinaryIO, str], bool]:
    def is_genuine(file: BinaryIO, end: str) -> bool:
        names = _unpacked_names(file)
        return "[content_types].xml" in names and part in names and not _has_macros(names)

    return is_genuine


def _is_open_document(media_type: str) -> Callable[[BinaryIO, str], bool]:
    def is_genuine(file: BinaryIO, end: str) -> bool:
        names = _unpacked_names(file)
        with zipfile.ZipFile(file) as archive:
            said = archive.read("mimetype").decode("ascii").strip() if "mimetype" in names else ""
        return said == media_type and "content.xml" in names and not _has_macros(names)

    return is_genuine


def _has_macros(names: set[str]) -> bool:
    return any(name.endswith(_MACROS[0]) or name.startswith(_MACROS[1:]) for name in names)


def _unpacked_names(file: BinaryIO) -> set[str]:
    """The names inside an archive, once all of it was unpacked within bounds.

    The directory's own figures are asked first, so that a bomb is refused before a byte is unpacked; reading then
    stops at those figures, and a directory that lies fails its checksum.
    """
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise FileRefused(
                f"This file unpacks to more than {MOST_UNPACKED // (1024 * 1024)} MB. "
                "Attach a smaller one, or a PDF of it."
            )
        if any(part.flag_bits & 1 for part in parts):
            raise FileRefused("This file is protected by a password. Save it without one.")
        for part in parts:
            with archive.open(part) as inside:
                while inside.read(_READ):
                    pass
        return {part.filename.lower() for part in parts}


def _magic_knows(head: bytes, end: str) -> bool:
    try:
        found = puremagic.magic_string(head)
    except puremagic.PureError:
        return False
    ends = {match.extension.lower().lstrip(".") for match in found}
    return end in ends or (end in ("jpg", "jpeg") and bool(ends & {"jpg", "jpeg", "jfif"}))


def _head(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read(_HEAD)


_OPEN_XML = "application/vnd.openxmlformats-officedocument"
KINDS: dict[str, FileKind] = {
    "pdf": FileKind("a PDF", "application/pdf", _is_pdf),
    "docx": FileKind("a Word document", f"{_OPEN_XML}.wordprocessingml.document", _is_office("word/document.xml")),
    "xlsx": FileKind("an Excel workbook", f"{_OPEN_XML}.spreadsheetml.sheet", _is_office("xl/workbook.xml")),
    "pptx": FileKind(
        "a PowerPoint presentation", f"{_OPEN_XML}.presentationml.presentation", _is_office("ppt/presentation.xml")
    ),
    "odt": FileKind(
        "an OpenDocument text",
        "application/vnd.oasis.opendocument.text",
        _is_open_document("application/vnd.oasis.opendocument.text"),
    ),
    "ods": FileKind(
        "an OpenDocument spreadsheet",
        "application/vnd.oasis.opendocument.spreadsheet",
        _is_open_document("application/vnd.oasis.opendocument.spreadsheet"),
    ),
    "csv": FileKind("a CSV file", "text/csv; charset=utf-8", _is_text),
    "txt": FileKind("plain text", "text/plain; charset=utf-8", _is_text),
    "png": FileKind("a PNG picture", "image/png", _is_picture),
    "jpg": FileKind("a JPEG picture", "image/jpeg", _is_picture),
    "jpeg": FileKind("a JPEG picture", "image/jpeg", _is_picture),
}
PERMITTED_WORDS = "PDF, Word (docx), Excel (xlsx), PowerPoint (pptx), OpenDocument (odt, ods), CSV, text, PNG or JPEG"
ACCEPT = ",".join(f".{end}" for end in KINDS)
