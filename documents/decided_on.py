"""What a decision was made on: the newest submitted version of a paper, in words for the record."""

from __future__ import annotations

from casework.models import CaseFile
from documents.models import Revision


def document_words(case_file: CaseFile, *template_keys: str) -> str:
    """Say "Outline business case, revision 2": the newest submission of these papers, in one statement."""
    rows = Revision.objects.filter(paper__case_file=case_file, paper__template_key__in=template_keys, paper__label="")
    newest = rows.order_by("-submitted_at", "-pk").values_list("paper__template__name", "number").first()
    return f"{newest[0]}, revision {newest[1]}" if newest else ""
