"""What whoever signs a specification should know, and what does not stop them."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from commissioning.models import Engagement, Specification, SpecificationRound
from documents.models import Answer

NO_FEEDBACK = (
    "No supplier or voluntary organisation has given feedback on a draft of this specification, as far as is written "
    "down here. You can sign it off all the same."
)


def warnings_of(specification: Specification) -> list[str]:
    """The warnings at sign-off, in one statement: nobody outside was asked what they think of the draft."""
    rounds = Answer.objects.filter(paper=OuterRef("paper"), question_key="feedback", is_offered=False)
    log = Engagement.objects.filter(
        commission=OuterRef("commission"),
        removed_at__isnull=True,
        kind=Engagement.Kind.SPECIFICATION_FEEDBACK,
        standing_is=Engagement.Standing.HELD,
    )
    answered = SpecificationRound.objects.filter(commission=OuterRef("commission"), removed_at__isnull=True)
    heard = Specification.objects.filter(pk=specification.pk).values_list(
        Exists(rounds.exclude(value=[]).exclude(value=None)), Exists(log), Exists(answered.exclude(came_back=""))
    )
    return [] if any(heard.get()) else [NO_FEEDBACK]
