"""Saving drafts: nothing that reached the server is lost, and nothing is overwritten without a word."""

import pytest

from casework.models import AuditEvent
from casework.refusals import AlreadyDone, NotPermitted
from documents.contents import fact_words
from documents.kinds import digest
from documents.models import Answer, Paper
from documents.selectors import contents_of
from documents.services import papers
from organisation.roles import Role
from tests.factories import documents as make
from tests.factories import organisation as people

pytestmark = pytest.mark.django_db


def standing(paper, key):
    return Answer.objects.get(paper=paper, question_key=key, is_offered=False).value


def offered(paper, key):
    return list(Answer.objects.filter(paper=paper, question_key=key, is_offered=True).values_list("value", flat=True))


def test_an_answer_is_kept_with_who_saved_it_and_counts_a_version(paper, writer):
    saved = papers.save_answers(paper, "facts_and_aims", {"summary": "Home care"}, writer, paper.version)

    answer = Answer.objects.get(paper=paper, question_key="summary")
    assert (answer.value, answer.saved_by, answer.version) == ("Home care", writer, 2)
    assert (saved.version, saved.conflicts) == (2, [])
    assert Paper.objects.get(pk=paper.pk).version == 2


def test_a_draft_may_be_blanked_again(paper, writer):
    papers.save_answers(paper, "facts_and_aims", {"summary": "Home care"}, writer, 1)

    papers.save_answers(paper, "facts_and_aims", {"summary": None}, writer, 2)

    assert standing(paper, "summary") is None


def test_what_another_tab_saved_is_kept_beside_what_this_one_sends(paper, writer):
    was = {"summary": digest(None)}
    papers.save_answers(paper, "facts_and_aims", {"summary": "First tab"}, writer, 1, was=was, tab="one")

    saved = papers.save_answers(paper, "facts_and_aims", {"summary": "Second tab"}, writer, 1, was=was, tab="two")

    assert saved.conflicts == ["summary"]
    assert (standing(paper, "summary"), offered(paper, "summary")) == ("First tab", ["Second tab"])


def test_two_tabs_that_change_different_answers_do_not_meet(paper, writer):
    was = {"summary": digest(None), "why": digest(None)}
    papers.save_answers(paper, "facts_and_aims", {"summary": "Mine", "why": None}, writer, 1, was=was)

    saved = papers.save_answers(paper, "facts_and_aims", {"summary": None, "why": "Yours"}, writer, 1, was=was)

    assert saved.conflicts == []
    assert (standing(paper, "summary"), standing(paper, "why")) == ("Mine", "Yours")


def test_a_page_that_goes_on_typing_after_a_conflict_never_overwrites(paper, writer):
    was = {"summary": digest(None)}
    papers.save_answers(paper, "facts_and_aims", {"summary": "First"}, writer, 1, was=was, tab="one")
    for typed in ("Se", "Seco", "Second"):
        papers.save_answers(
            paper, "facts_and_aims", {"summary": typed}, writer, 1, was=was, tab="two", is_autosave=True
        )

    assert (standing(paper, "summary"), offered(paper, "summary")) == ("First", ["Second"])


def test_a_page_goes_on_from_what_it_saved_itself_and_back_again(paper, writer):
    was = {"summary": digest(None)}
    for typed in ("Ho", "Home care", None):
        saved = papers.save_answers(
            paper, "facts_and_aims", {"summary": typed}, writer, 1, was=was, tab="one", is_autosave=True
        )
        assert (saved.conflicts, standing(paper, "summary")) == ([], typed)


def test_a_third_page_of_the_same_person_keeps_its_own(paper, writer):
    was = {"summary": digest(None)}
    for tab in ("one", "two", "three"):
        papers.save_answers(paper, "facts_and_aims", {"summary": tab}, writer, 1, was=was, tab=tab)

    assert (standing(paper, "summary"), offered(paper, "summary")) == ("one", ["two", "three"])


def test_without_digests_the_version_decides(paper, writer):
    papers.save_answers(paper, "facts_and_aims", {"summary": "First"}, writer, 1)

    saved = papers.save_answers(paper, "facts_and_aims", {"summary": "Second"}, writer, 1)

    assert (saved.conflicts, standing(paper, "summary")) == (["summary"], "First")


def test_a_replayed_save_changes_nothing(paper, writer):
    was = {"summary": digest(None)}
    papers.save_answers(paper, "facts_and_aims", {"summary": "Once"}, writer, 1, was=was)

    saved = papers.save_answers(paper, "facts_and_aims", {"summary": "Once"}, writer, 1, was=was)

    assert (saved.version, saved.conflicts, offered(paper, "summary")) == (2, [], [])


def test_choosing_the_offered_answer_keeps_the_other_in_the_history(paper, writer):
    was = {"summary": digest(None)}
    papers.save_answers(paper, "facts_and_aims", {"summary": "First"}, writer, 1, was=was)
    papers.save_answers(paper, "facts_and_aims", {"summary": "Second"}, writer, 1, was=was)
    other = Answer.objects.get(paper=paper, is_offered=True)

    papers.choose_answer(paper, other.pk, takes_offered=True, by=writer)

    assert (standing(paper, "summary"), offered(paper, "summary")) == ("Second", [])
    event = AuditEvent.objects.get(verb="paper.choose")
    assert event.changes == {"question": [None, "Summary"], "not_kept": ["First", None]}
    with pytest.raises(AlreadyDone):
        papers.choose_answer(paper, other.pk, takes_offered=False, by=writer)


def test_what_arrives_after_submission_is_kept_and_said_so(paper, writer):
    make.filled(paper, writer)
    papers.submit(paper, writer)

    with pytest.raises(papers.KeptAside, match="Priya Shah, Commissioning submitted this paper"):
        papers.save_answers(paper, "facts_and_aims", {"summary": "Too late"}, writer, 99)

    assert offered(paper, "summary") == ["Too late"]
    assert standing(paper, "summary") == "Home care"


def test_a_million_characters_are_kept_in_the_draft(paper, writer):
    papers.save_answers(paper, "facts_and_aims", {"why": "w " * 500_000}, writer, 1)

    assert len(standing(paper, "why")) == 1_000_000
    assert any("20 words" in problem.words for problem in contents_of(paper).problems)


def test_somebody_from_another_organisation_is_kept_as_typed_and_refused(paper, writer):
    stranger = make.writer(people.organisation())

    papers.save_answers(paper, "people", {"has_lead": "yes", "lead": {"typed": str(stranger.pk)}}, writer, 1)

    assert standing(paper, "lead") == {"typed": str(stranger.pk)}
    assert "Choose someone who works in this organisation for “Lead”" in [p.words for p in contents_of(paper).problems]


def test_a_colleague_is_kept_by_name(paper, writer):
    colleague = people.person(Role.FINANCE, at=writer.organisation, name="Fiona Mercer", team="Finance")

    papers.save_answers(paper, "people", {"lead": {"typed": str(colleague.pk)}}, writer, 1)

    assert standing(paper, "lead") == {"id": colleague.pk, "name": "Fiona Mercer, Finance"}


def test_somebody_who_left_has_to_be_chosen_again(paper, writer):
    colleague = people.person(Role.FINANCE, at=writer.organisation, name="Fiona Mercer")
    papers.save_answers(paper, "people", {"has_lead": "yes", "lead": {"typed": str(colleague.pk)}}, writer, 1)
    colleague.memberships.update(ends_on=people.LONG_AGO)

    assert "Lead: Fiona Mercer no longer works here, choose again" in [p.words for p in contents_of(paper).problems]


def test_a_fact_is_confirmed_as_it_was_shown(paper, writer):
    fact = contents_of(paper).facts["case_title"]

    papers.save_answers(paper, "facts_and_aims", {}, writer, 1, confirmed={"case_title": digest(fact_words(fact))})

    question = contents_of(paper).shape.questions["shown_title"]
    assert contents_of(paper).is_confirmed(question)


def test_a_fact_that_changed_under_the_tick_is_not_confirmed(paper, writer):
    ticked = digest(fact_words(contents_of(paper).facts["case_title"]))
    paper.case_file.title = "Something else"
    paper.case_file.save()

    papers.save_answers(paper, "facts_and_aims", {}, writer, 1, confirmed={"case_title": ticked})

    contents = contents_of(paper)
    assert not contents.is_confirmed(contents.shape.questions["shown_title"])


def test_a_fact_that_changes_later_must_be_looked_at_again(paper, writer):
    ticked = digest(fact_words(contents_of(paper).facts["case_title"]))
    papers.save_answers(paper, "facts_and_aims", {}, writer, 1, confirmed={"case_title": ticked})

    paper.case_file.title = "Something else"
    paper.case_file.save()

    assert "Title: changed since it was confirmed" in [p.words for p in contents_of(paper).problems]


def test_rows_are_added_changed_and_removed(paper, writer):
    first = papers.save_row(paper, "money", "options", "", {"option": "Carry on"}, writer).row_id
    papers.save_row(paper, "money", "options", "", {"option": "Tender"}, writer)

    papers.save_row(paper, "money", "options", first, {"option": "Carry on as now"}, writer)
    assert [row["cells"]["option"] for row in standing(paper, "options")] == ["Carry on as now", "Tender"]

    papers.remove_row(paper, "money", "options", first, writer)
    assert [row["cells"]["option"] for row in standing(paper, "options")] == ["Tender"]
    assert "Carry on as now" in str(AuditEvent.objects.get(verb="paper.remove_row").changes)


def test_two_people_changing_one_row_keep_both(paper, writer):
    row = papers.save_row(paper, "money", "options", "", {"option": "Carry on"}, writer).row_id
    was = digest({"option": "Carry on"})
    papers.save_row(paper, "money", "options", row, {"option": "Mine"}, writer, was=was)

    saved = papers.save_row(paper, "money", "options", row, {"option": "Yours"}, writer, was=was)

    assert saved.conflicts == ["options"]
    assert [row["cells"]["option"] for row in standing(paper, "options")] == ["Mine"]
    other = Answer.objects.get(paper=paper, is_offered=True)
    papers.choose_answer(paper, other.pk, takes_offered=True, by=writer)
    assert [row["cells"]["option"] for row in standing(paper, "options")] == ["Yours"]


def test_somebody_who_does_not_write_this_paper_is_refused(paper, writer):
    auditor = people.person(Role.AUDITOR, at=writer.organisation)

    with pytest.raises(NotPermitted, match="Ask Priya Shah"):
        papers.save_answers(paper, "facts_and_aims", {"summary": "Mine"}, auditor, 1)


def test_the_history_says_a_sitting_once(paper, writer):
    for number in range(3):
        papers.save_answers(paper, "facts_and_aims", {"summary": f"Try {number}"}, writer, 99, is_autosave=True)

    events = AuditEvent.objects.filter(verb="paper.save")
    assert [event.changes for event in events] == [
        {"section": [None, "Facts and aims"], "answers": [None, ["Summary"]]}
    ]
