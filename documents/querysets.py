"""Questions asked of this room's tables. Scope comes from the case file, in the query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from casework.querysets import CaseRecordQuerySet, visible_cases

if TYPE_CHECKING:
    from organisation.models import Person


class TemplateQuerySet(models.QuerySet[Any]):
    """Template versions."""

    def published(self) -> Self:
        """Those that papers may be begun on."""
        return self.filter(published_at__isnull=False)

    def latest_of(self, framework_id: int, key: str) -> Any | None:
        """The newest published version of one kind of paper."""
        return self.published().filter(framework_id=framework_id, key=key).order_by("-version").first()


class PaperQuerySet(CaseRecordQuerySet):
    """Papers."""

    def with_case(self) -> Self:
        """With all that a page's frame says of the paper."""
        return self.select_related("case_file__organisation", "case_file__root", "template", "begun_by", "submitted_by")


class PaperRecordQuerySet(models.QuerySet[Any]):
    """What hangs on a paper, under the scope of the paper's case file."""

    def visible_to(self, person: Person) -> Self:
        """Only what belongs to a case file that this person may see."""
        return self.filter(visible_cases(person, prefix="paper__case_file__"))


class AttachmentQuerySet(CaseRecordQuerySet):
    """Uploaded files."""

    def current(self) -> Self:
        """Those that stand: not replaced, not removed."""
        return self.filter(is_current=True)
