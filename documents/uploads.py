"""Bounds on what one request may carry. The fields of the form are always read, so nothing that was typed is lost."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler

MOST_FILES_TIMES = 3
_REFUSED = "gatehouse.refused_uploads"


def refused_uploads(meta: dict[str, Any]) -> list[str]:
    """The names of files that were too large to take, from ``request.META``."""
    return list(meta.get(_REFUSED, []))


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Writes uploads to temporary files, and skips a file that is too large, or that would make the request so.

    A file may have ``MAX_UPLOAD_BYTES``, a request three times as much.
    """

    taken = 0

    def handle_raw_input(self, input_data: Any, META: dict[str, Any], *args: Any, **kwargs: Any) -> None:  # noqa: N803 - Django's name
        """Remember where to note what was skipped."""
        self.meta = META
        super().handle_raw_input(input_data, META, *args, **kwargs)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin counting a file."""
        super().new_file(*args, **kwargs)
        self.of_this_file = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Count, and skip the rest of a file that is too large."""
        self.of_this_file += len(raw_data)
        self.taken += len(raw_data)
        most = int(settings.MAX_UPLOAD_BYTES)
        if self.of_this_file > most or self.taken > most * MOST_FILES_TIMES:
            self.meta.setdefault(_REFUSED, []).append(self.file_name or "")
            self.file.close()
            raise SkipFile
        return super().receive_data_chunk(raw_data, start)
