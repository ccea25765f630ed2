"""Finding records that may be the same need, and settling each."""

from __future__ import annotations

import re
import uuid

from django.db.models import Q

from casework.audit import audited, record
from casework.models import CaseFile
from casework.querysets import visible_cases
from commissioning.models import Commission, LikelyDuplicate
from commissioning.services.values import locked_open
from organisation import clock
from organisation.models import Person

MOST_SHOWN = 5
MOST_READ = 200
SMALL_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "at",
        "by",
        "for",
        "from",
        "in",
        "into",
        "of",
        "on",
        "or",
        "our",
        "the",
        "to",
        "with",
        "service",
        "services",
        "contract",
        "support",
        "council",
    ]
)


def words_of(title: str) -> frozenset[str]:
    """The words of a title that say what it is about, without endings that only make a plural."""
    return frozenset(
        word.removesuffix("s") for word in re.findall(r"[a-z0-9]{3,}", title.lower()) if word not in SMALL_WORDS
    )


def likely_duplicates(commission: Commission, person: Person) -> list[tuple[CaseFile, str]]:
    """Open commissions and contracts that share at least half of the title's words, most alike first, with why.

    Only what the person may see. Reads at most 200 rows however many there are.
    """
    case = commission.case_file
    wanted = words_of(case.title)
    if not wanted:
        return []
    shares_a_word = Q()
    for word in wanted:
        shares_a_word |= Q(title__icontains=word)
    rows = (
        CaseFile.objects.filter(visible_cases(person, prefix=""), shares_a_word)
        .filter(organisation_id=case.organisation_id, kind__in=["commission", "contract"], is_open=True)
        .exclude(pk=case.pk)
        .exclude(root_id=case.pk)
    )
    if commission.follows_id is not None:
        # It is the same need on purpose, and so are the contracts that it made.
        rows = rows.exclude(commission=commission.follows_id).exclude(root__commission=commission.follows_id)
    found = []
    for other in rows.order_by("-changed_at")[:MOST_READ]:
        theirs = words_of(other.title)
        shared = wanted & theirs
        likeness = len(shared) / min(len(wanted), len(theirs)) if theirs else 0
        if likeness >= 0.5:
            found.append((likeness, other, f"similar title: {', '.join(sorted(shared))}"))
    found.sort(key=lambda row: (-row[0], row[1].pk))
    return [(other, because) for _, other, because in found[:MOST_SHOWN]]


def note_likely(commission: Commission, person: Person) -> int:
    """Write down what may be a duplicate and is not written down yet; says how many were new."""
    found = likely_duplicates(commission, person)
    if not found:
        return 0
    known = set(commission.likely_duplicates.values_list("other_id", flat=True))
    fresh = [
        LikelyDuplicate(commission=commission, other=other, because=because[:200])
        for other, because in found
        if other.pk not in known
    ]
    LikelyDuplicate.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def settle(likely: LikelyDuplicate, *, finding: str, reason: str, by: Person, act_id: uuid.UUID | None = None) -> None:
    """Say that two records belong together, or that they are not the same need and why."""
    with audited(by=by, act_id=act_id, verb="commission.duplicate", subject=str(likely.pk)):
        locked_open(
            likely.commission, by=by, act="commission.edit", verb="commission.duplicate", stands="what was found stands"
        )
        likely = (
            LikelyDuplicate.objects.select_for_update(of=("self",))
            .select_related("commission__case_file", "other")
            .get(pk=likely.pk)
        )
        before = likely.finding
        likely.finding, likely.reason, likely.settled_at = finding, reason, clock.now()
        likely.save(update_fields=["finding", "reason", "settled_at"])
        record(
            verb="commission.duplicate",
            subject=likely.commission,
            reason=reason,
            changes={"other": likely.other.reference, "finding": [before, finding]},
        )
