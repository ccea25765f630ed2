"""Where the bytes of files lie: under random names in a folder that nothing serves.

A file is written whole under another name, flushed to the disk and then renamed, so that a name in the database never
points at half a file. The caller deletes what it stored when its transaction does not commit.
"""

from __future__ import annotations

import errno
import hashlib
import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from casework.refusals import Refused

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class StorageFull(Refused):
    """There is no room for another file."""

    def __init__(self) -> None:
        super().__init__(
            "Gatehouse has run out of room for files, so the file was not saved. Everything else is safe. "
            "Tell an administrator, then try again."
        )


@dataclass(frozen=True)
class Stored:
    """What was written: its random name, size and fingerprint."""

    name: str
    size: int
    sha256: str


def put(chunks: Iterable[bytes]) -> Stored:
    """Write a file under a fresh random name. Leaves nothing behind when it fails; raises ``StorageFull``."""
    name = uuid.uuid4().hex
    target = _path(name)
    part = target.with_name(f"{name}.part")
    size, sha256 = 0, hashlib.sha256()
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with part.open("xb") as file:
            for chunk in chunks:
                file.write(chunk)
                size += len(chunk)
                sha256.update(chunk)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o600)
        part.replace(target)
    except OSError as fault:
        part.unlink(missing_ok=True)
        if fault.errno in _FULL:
            raise StorageFull from fault
        raise
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return Stored(name, size, sha256.hexdigest())


@contextmanager
def stored_with_its_row(chunks: Iterable[bytes]) -> Iterator[Stored]:
    """Write a file and keep it only if the block, which commits its row, comes to its end."""
    stored = put(chunks)
    try:
        yield stored
    except BaseException:
        remove(stored.name)
        raise


def opened(name: str) -> BinaryIO:
    """The file, for reading. Raises ``FileNotFoundError``."""
    return _path(name).open("rb")


def remove(name: str) -> None:
    """Delete a file; one that is gone already is no fault."""
    _path(name).unlink(missing_ok=True)


def names_older_than(seconds: float, now: float) -> Iterator[str]:
    """The names of all files written longer ago than that, unfinished ones included, for the sweep of orphans."""
    for path in _folder().glob("??/*"):
        try:
            if path.stat().st_mtime < now - seconds:
                yield path.name
        except FileNotFoundError:
            continue


def _folder() -> Path:
    return Path(settings.ATTACHMENTS_DIR)


def _path(name: str) -> Path:
    stem = name.removesuffix(".part")
    # Names come from us alone; this keeps a damaged row from reaching anything else on the disk.
    if len(stem) != 32 or not all(letter in "0123456789abcdef" for letter in stem):
        raise FileNotFoundError(name)
    return _folder() / name[:2] / name
