"""Secrets that must lie in the database, such as authenticator keys: unreadable there and in every backup."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

_PURPOSE = b"gatehouse sealed secrets:"


def seal(text: str) -> str:
    """Make a secret unreadable."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Read a secret again. Raises InvalidToken when none of the installation's keys sealed it."""
    return _box().decrypt(sealed.encode()).decode()


def _box() -> MultiFernet:
    # After SECRET_KEY was changed, the keys before it still open what they sealed.
    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet([Fernet(urlsafe_b64encode(sha256(_PURPOSE + key.encode()).digest())) for key in keys])
