"""The hook for a virus scanner: clamd's INSTREAM over TCP or a socket file, when ``settings.VIRUS_SCANNER`` names one.

``tcp://127.0.0.1:3310`` or ``unix:/run/clamav/clamd.ctl``. Without the setting nothing is scanned and files may be
downloaded; with it, a file is downloadable only once the scanner has passed it.
"""

from __future__ import annotations

import logging
import socket
import struct
from typing import BinaryIO
from urllib.parse import urlsplit

from django.conf import settings

from documents.states import ScanState

log = logging.getLogger(__name__)

_SECONDS = 30.0
_CHUNK = 64 * 1024


def scan(file: BinaryIO) -> ScanState:
    """What the scanner says of a file; ``UNSCANNED`` when none is set up or it can't be reached."""
    address = str(getattr(settings, "VIRUS_SCANNER", "") or "")
    if not address:
        return ScanState.UNSCANNED
    file.seek(0)
    try:
        said = _ask(address, file)
    except (OSError, ValueError) as fault:
        log.warning("The virus scanner could not be asked: %s", fault)
        return ScanState.UNSCANNED
    finally:
        file.seek(0)
    if said.endswith("OK"):
        return ScanState.SCANNED
    if said.endswith("FOUND"):
        return ScanState.REFUSED
    log.warning("The virus scanner answered %r", said[:200])
    return ScanState.UNSCANNED


def _ask(address: str, file: BinaryIO) -> str:
    with _connected(address) as connection:
        connection.sendall(b"zINSTREAM\0")
        while chunk := file.read(_CHUNK):
            connection.sendall(struct.pack("!L", len(chunk)) + chunk)
        connection.sendall(struct.pack("!L", 0))
        said = b""
        while not said.endswith(b"\0") and len(said) < 4096:
            heard = connection.recv(4096)
            if not heard:
                break
            said += heard
    return said.rstrip(b"\0").decode("utf-8", "replace").strip()


def _connected(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "tcp":
        return socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 3310), timeout=_SECONDS)
    if parts.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(_SECONDS)
        try:
            connection.connect(parts.path)
        except OSError:
            connection.close()
            raise
        return connection
    raise ValueError("VIRUS_SCANNER must look like tcp://host:3310 or unix:/path/to/socket")
