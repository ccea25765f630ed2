"""Beginning, submitting, reopening and comparing papers."""

import uuid
from decimal import Decimal

import pytest

from casework.models import AuditEvent
from casework.refusals import AlreadyDone, Blocked, NotPermitted
from documents.freezing import fingerprint
from documents.models import Answer, Paper, Rendering, Revision
from documents.selectors import contents_of, papers_of, section_blockers
from documents.services import papers
from documents.states import SectionStatus
from organisation.roles import Role
from tests.factories import documents as make
from tests.factories import organisation as people

pytestmark = pytest.mark.django_db


def test_beginning_twice_gives_the_same_paper(paper, writer):
    again = papers.begin(paper.case_file, "initiation", writer)

    assert again == paper
    assert AuditEvent.objects.filter(verb="paper.begin").count() == 1


def test_papers_of_one_kind_are_told_apart_by_their_label(paper, writer):
    other = papers.begin(paper.case_file, "initiation", writer, "North")

    assert other != paper
    assert (paper.name, other.name) == ("Initiation", "Initiation: North")


def test_beginning_without_a_published_template_says_so(writer):
    with pytest.raises(papers.NoTemplate, match="no published template"):
        papers.begin(make.case_file(writer.organisation), "unheard_of", writer)


def test_only_those_who_write_it_begin_it(writer):
    make.template(writer.organisation)
    legal = people.person(Role.LEGAL, at=writer.organisation)

    with pytest.raises(NotPermitted):
        papers.begin(make.case_file(writer.organisation), "initiation", legal)


def test_a_draft_keeps_the_version_it_was_begun_on(paper, writer):
    make.template(writer.organisation, sections=[make.section("only", make.question("new_question"))])

    assert contents_of(Paper.objects.get(pk=paper.pk)).shape.version == 1
    later = papers.begin(make.case_file(writer.organisation), "initiation", writer)
    assert contents_of(later).shape.version == 2


def test_what_the_record_knows_is_filled_in_and_marked(writer):
    paper = make.paper(writer, make.case_file(writer.organisation, value_ex_vat=Decimal("640000")))

    answer = Answer.objects.get(paper=paper, question_key="budget")
    assert (answer.value, answer.came_from) == ("640000.00", "Commission record")


def test_answers_are_carried_into_the_next_paper_of_the_case(paper, writer):
    papers.submit(make.filled(paper, writer), writer)

    later = make.paper(writer, paper.case_file, [make.section("case", make.question("why", "long_text"))], "outline")

    answer = Answer.objects.get(paper=later, question_key="why")
    assert (answer.value, answer.came_from) == ("People wait", "Initiation, revision 1")


def test_a_carried_answer_that_does_not_fit_is_left_out(paper, writer):
    papers.submit(make.filled(paper, writer), writer)
    short = make.question("why", "long_text", word_limit=1)

    later = make.paper(writer, paper.case_file, [make.section("case", short)], "outline")

    assert not Answer.objects.filter(paper=later).exists()


def test_everything_missing_blocks_submission_at_once_with_links(paper, writer):
    with pytest.raises(Blocked) as refusal:
        papers.submit(paper, writer)

    words = [blocker.words for blocker in refusal.value.blockers]
    assert words == [
        "Facts and aims: Title: not confirmed",
        "Facts and aims: Summary: not answered",
        "Facts and aims: Why is it needed?: not answered",
        "Money: Annual budget: not answered",
        "Money: Start date: not answered",
        "Money: Options: no row added",
        "People: Is there a lead?: not answered",
        "People: Evidence: not uploaded",
    ]
    assert refusal.value.blockers[1].url == f"/papers/{paper.pk}/sections/facts_and_aims/#question-summary"
    assert not Revision.objects.exists()


def test_wrong_answers_block_submission_too(paper, writer):
    make.filled(paper, writer)
    papers.save_answers(paper, "money", {"budget": {"typed": "about 5k"}}, writer, 99)

    assert [blocker.words for blocker in papers.blockers(paper)] == [
        "Money: Enter the annual budget in pounds, like 18000"
    ]


def test_two_answers_block_submission(paper, writer):
    make.filled(paper, writer)
    papers.save_answers(paper, "facts_and_aims", {"summary": "Other"}, writer, 1)

    assert [blocker.words for blocker in papers.blockers(paper)] == [
        "Facts and aims: Summary: two answers were saved, choose one"
    ]


def test_submitting_freezes_a_numbered_revision(paper, writer):
    papers.submit(make.filled(paper, writer), writer)

    revision = Revision.objects.get()
    content = revision.content
    assert (revision.number, revision.submitted_by, revision.sha256) == (1, writer, fingerprint(content))
    assert content["council"] == "Alder County Council"
    assert [section["title"] for section in content["sections"]] == ["Facts and aims", "Money", "People"]
    shown = {question["key"]: question["shown"] for section in content["sections"] for question in section["questions"]}
    assert shown["budget"] == {"form": "words", "words": "£640,000"}
    assert shown["starts_on"] == {"form": "words", "words": "1 April 2027"}
    assert shown["options"]["rows"][0]["cells"] == ["Carry on", "£1", "Not recorded", "£1", "Not recorded"]
    assert [file["filename"] for file in content["attachments"]] == ["evidence.pdf"]
    assert Rendering.objects.get().revision == revision


def test_a_revision_does_not_follow_later_changes(paper, writer):
    papers.submit(make.filled(paper, writer), writer)
    before = Revision.objects.get().content

    paper.case_file.title = "Renamed"
    paper.case_file.save()
    papers.reopen(paper, writer, "A figure is wrong")
    papers.save_answers(paper, "facts_and_aims", {"summary": "Changed"}, writer, 99)

    assert Revision.objects.get().content == before


def test_submitting_twice_with_one_form_makes_one_revision(paper, writer):
    make.filled(paper, writer)
    act_id = uuid.uuid4()

    papers.submit(paper, writer, act_id)
    again = papers.submit(paper, writer, act_id)

    assert again.repeated
    assert Revision.objects.count() == 1


def test_submitting_from_a_second_tab_says_who_did(paper, writer):
    make.filled(paper, writer)
    papers.submit(paper, writer)

    with pytest.raises(AlreadyDone, match="Priya Shah"):
        papers.submit(paper, writer, uuid.uuid4())

    assert Revision.objects.count() == 1


def test_a_reopened_paper_shows_what_was_asked_for_and_is_numbered_on(paper, writer):
    papers.submit(make.filled(paper, writer), writer)
    papers.reopen(paper, writer, "Say more", {"money": "The budget is last year's"})
    paper.refresh_from_db()
    assert paper.returned_with["words"] == "Say more"
    assert paper.returned_with["sections"] == {"money": "The budget is last year's"}

    papers.save_answers(paper, "money", {"budget": "650000.00"}, writer, 99)
    papers.submit(paper, writer)

    first, second = Revision.objects.order_by("number")
    assert second.number == 2
    changes = papers.compare(first, second)
    assert [(change.title, change.changes[0].label) for change in changes] == [("Money", "Annual budget")]


def test_reopening_wants_a_reason_and_known_sections(paper, writer):
    papers.submit(make.filled(paper, writer), writer)

    with pytest.raises(Blocked) as refusal:
        papers.reopen(paper, writer, " ", {"nowhere": "?"})

    assert [blocker.words for blocker in refusal.value.blockers] == [
        "Reason: not given",
        "Section “nowhere”: not part of this paper",
    ]


def test_an_answer_that_is_no_longer_asked_is_not_frozen(paper, writer):
    make.filled(paper, writer)
    papers.save_answers(paper, "people", {"has_lead": "no"}, writer, 99)

    papers.submit(paper, writer)

    people_section = Revision.objects.get().content["sections"][2]
    assert [question["key"] for question in people_section["questions"]] == ["has_lead", "groups", "evidence"]


def test_sections_say_where_they_stand(paper, writer):
    assert set(contents_of(paper).statuses.values()) == {SectionStatus.NOT_STARTED}

    papers.save_answers(paper, "facts_and_aims", {"summary": "Home care"}, writer, 1)
    assert contents_of(paper).statuses["facts_and_aims"] == SectionStatus.IN_PROGRESS

    make.filled(paper, writer)
    contents = contents_of(paper)
    assert set(contents.statuses.values()) == {SectionStatus.COMPLETED}
    assert contents.progress.words == "3 of 3 sections completed"


def test_a_section_that_asks_nothing_is_not_needed(writer):
    hidden = make.question("extra", asked_when={"fact": "case_high_risk", "is": [True]})
    paper = make.paper(writer, sections=[make.section("one", make.question("a")), make.section("two", hidden)])
    assert contents_of(paper).statuses["two"] == SectionStatus.NOT_NEEDED

    paper.case_file.is_high_risk = True
    paper.case_file.save()
    contents = contents_of(paper)
    assert contents.statuses["two"] == SectionStatus.NOT_STARTED
    assert contents.conditions.why(contents.shape.questions["extra"]) == "Asked because high risk is Yes."


def test_other_rooms_are_told_what_blocks_section_by_section(paper):
    assert [blocker.words for blocker in section_blockers(contents_of(paper))] == [
        "Facts and aims: confirm 1 fact, 2 answers missing",
        "Money: 3 answers missing",
        "People: 2 answers missing",
    ]


def test_listing_papers_costs_the_same_for_one_and_for_many(paper, writer, django_assert_max_num_queries):
    with django_assert_max_num_queries(7) as one:
        papers_of(paper.case_file)
    for label in "abc":
        papers.begin(paper.case_file, "initiation", writer, label)

    with django_assert_max_num_queries(7) as many:
        rows = papers_of(paper.case_file)

    assert len(rows) == 4
    assert len(many) == len(one)
