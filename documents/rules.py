"""Who may read, write, submit and reopen papers, and who may touch files."""

from __future__ import annotations

from typing import Any

from casework.capacity import Capacity, register_capacity
from documents import commenting
from documents.purposes import file_purpose
from organisation.models import Person
from organisation.permissions import ANY_ROLE, place_of, register, who_may
from organisation.roles import Role
from organisation.standing import standing_of

# An auditor changes nothing and an administrator decides no commission by being one.
WRITERS = tuple(role for role in Role if role not in (Role.AUDITOR, Role.ADMINISTRATOR))
USUAL_WRITERS = (Role.COMMISSIONER,)

# Who opens what is commercially sensitive, personal or privileged, beside the person who uploaded it.
READERS_OF_RESTRICTED: dict[str, tuple[Role, ...]] = {
    "commercial": (
        *(Role.COMMISSIONER, Role.SERVICE_LEADER, Role.BUDGET_HOLDER, Role.CONTRACT_MANAGER, Role.CCPS_OFFICER),
        *(Role.CCPS_MANAGER, Role.LEGAL, Role.FINANCE, Role.LEADERSHIP_APPROVER, Role.AUDITOR),
    ),
    "personal": (Role.COMMISSIONER, Role.SERVICE_LEADER, Role.LEGAL, Role.OTHER_FUNCTION, Role.AUDITOR),
    "privileged": (Role.COMMISSIONER, Role.SERVICE_LEADER, Role.LEGAL, Role.LEADERSHIP_APPROVER),
}


def writes(person: Person, paper: Any) -> bool:
    """Whether a person holds one of the roles that write this kind of paper, where the paper is."""
    place = place_of(paper)
    standing = standing_of(person)
    roles = paper.template.written_by or USUAL_WRITERS
    return any(role in WRITERS and standing.holds(role, place[0] or 0, place[1]) for role in roles)


def opens(person: Person, attachment: Any) -> bool:
    """Whether a person may open a file of a case that they see."""
    purpose = file_purpose(attachment.purpose) if attachment.purpose else None
    if purpose is not None and not purpose.may_read(person, attachment):
        return False
    if not attachment.is_restricted or attachment.uploaded_by_id == person.pk:
        return True
    organisation_id, service_area_id = place_of(attachment)
    standing = standing_of(person)
    readers = READERS_OF_RESTRICTED[attachment.classification]
    return any(standing.holds(role, organisation_id or 0, service_area_id) for role in readers)


def removes(person: Person, attachment: Any) -> bool:
    """Whether a person may replace or take away a file: the one who uploaded it, or a writer of its paper."""
    if attachment.paper_id is not None:
        return writes(person, attachment.paper)
    organisation_id, service_area_id = place_of(attachment)
    commissions = standing_of(person).holds(Role.COMMISSIONER, organisation_id or 0, service_area_id)
    return attachment.uploaded_by_id == person.pk or commissions


def comments_on(person: Person, paper: Any) -> bool:
    """Whether the room of this paper lets this person review it."""
    return bool(commenting.capacity_for(person, paper))


def speaks_in(person: Person, comment: Any) -> bool:
    """A comment is answered and settled by whoever made it, and by whoever writes the paper."""
    return comment.made_by_id == person.pk or writes(person, comment.paper)


def _as_reviewer(person: Person, paper: Any) -> Capacity:
    return Capacity(commenting.capacity_for(person, paper).lower()[:30])


def _who_speak_in(comment: Any) -> list[Person]:
    return [comment.made_by, *who_may("paper.write", comment.paper)[:2]]


def register_acts() -> None:
    """Tell the permission function of this room's acts."""
    register("paper.read", "read this paper", roles=ANY_ROLE)
    register("paper.write", "write this paper", roles=WRITERS, also=writes)
    register("paper.submit", "submit this paper", roles=WRITERS, also=writes)
    register("paper.reopen", "reopen this paper", roles=WRITERS, also=writes)
    register("attachment.add", "attach a file here", roles=WRITERS)
    register("attachment.read", "open this file", roles=ANY_ROLE, also=opens)
    register("attachment.change", "replace or remove this file", roles=WRITERS, also=removes)
    register("paper.comment", "comment on this paper", also=comments_on)
    register_capacity("paper.comment", capacity=_as_reviewer, people=commenting.people_for)
    for act in ("paper.answer_comment", "paper.settle_comment"):
        register(act, f"{act.partition('.')[2].partition('_')[0]} this comment", also=speaks_in)
        register_capacity(act, people=_who_speak_in)
