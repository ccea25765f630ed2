"""Loading paper templates from a framework's file. Safe to run twice: a template that changed makes a new version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from documents.models import Template
from documents.services import templates
from organisation.actors import System
from organisation.models import CommissioningFramework

_BECAUSE = System(because="The framework was loaded from its file")


def load_templates(framework: CommissioningFramework, rows: Iterable[Mapping[str, Any]]) -> list[Template]:
    """Make and publish what is new or has changed in the file since it was last loaded; returns what was made.

    A version that an administrator made is left alone: only a change in the file itself makes a new one. Raises
    ``TemplateFaulty`` naming what is wrong with a template of the file.
    """
    return templates.publish_from_file(framework, rows, by=_BECAUSE)


def load_from_framework(framework: CommissioningFramework, content: Mapping[str, Any]) -> str:
    """Load this room's part of a framework's file, for ``casework.framework_loading``."""
    made = load_templates(framework, content.get("templates", []))
    return f"paper templates: {len(made)} added"
