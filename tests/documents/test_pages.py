"""The pages of a paper, by a browser without scripts."""

import re
import uuid

import pytest

from casework.models import AuditEvent
from documents.kinds import digest
from documents.models import Answer, Attachment, Paper, Revision
from documents.selectors import contents_of, forget_shapes
from documents.services import papers
from organisation.roles import Role
from tests.factories import documents as make
from tests.factories import organisation as people

pytestmark = pytest.mark.django_db


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page, as its form would send them."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def open_section(client, paper, section):
    page = client.get(f"/papers/{paper.pk}/sections/{section}/")
    assert page.status_code == 200
    return hidden(page.content.decode())


def standing(paper, key):
    return Answer.objects.get(paper=paper, question_key=key, is_offered=False).value


def test_every_page_of_a_draft_opens(signed_in, paper):
    for address in ("", "read/", "check/", "sections/facts_and_aims/", "sections/money/", "sections/people/"):
        page = signed_in.get(f"/papers/{paper.pk}/{address}")
        assert page.status_code == 200, address
        assert page.content.count(b"<h1") == 1
        assert paper.case_file.reference in page.content.decode()


def test_every_page_of_a_submitted_paper_opens(signed_in, paper, writer):
    papers.submit(make.filled(paper, writer), writer)

    for address in ("", "read/", "submitted/", "revisions/1/"):
        page = signed_in.get(f"/papers/{paper.pk}/{address}")
        assert page.status_code == 200, address
        assert page.content.count(b"<h1") == 1
    assert signed_in.get(f"/papers/{paper.pk}/check/").status_code == 302
    assert signed_in.get(f"/papers/{paper.pk}/sections/money/").status_code == 302


def test_a_paper_is_filled_in_checked_and_submitted(signed_in, paper, writer):
    sent = open_section(signed_in, paper, "facts_and_aims")
    fact = contents_of(paper).facts["case_title"]
    sent |= {"q_summary": "Home care", "q_why": "People\r\nwait", "fact_shown_title": digest(fact.shown)}
    answer = signed_in.post(f"/papers/{paper.pk}/sections/facts_and_aims/", sent)
    assert answer["Location"] == f"/papers/{paper.pk}/sections/money/"

    sent = open_section(signed_in, paper, "money")
    sent |= {"q_budget": "£640,000", "q_starts_on_0": "1", "q_starts_on_1": "4", "q_starts_on_2": "2027"}
    answer = signed_in.post(f"/papers/{paper.pk}/sections/money/", sent | {"row": "options:new"})
    assert answer["Location"] == f"/papers/{paper.pk}/sections/money/options/new/"
    row = hidden(signed_in.get(answer["Location"]).content.decode())
    added = signed_in.post(answer["Location"], row | {"option": "Carry on", "set_up": "0", "running": "754,000"})
    assert added["Location"] == f"/papers/{paper.pk}/sections/money/#question-options"

    sent = open_section(signed_in, paper, "people")
    answer = signed_in.post(f"/papers/{paper.pk}/sections/people/", sent | {"q_has_lead": "yes"})
    assert answer["Location"] == f"/papers/{paper.pk}/sections/people/#question-lead"
    sent = open_section(signed_in, paper, "people")
    sent |= {"q_has_lead": "yes", "q_lead": str(writer.pk), "q_groups": ["B", "A"], "file_evidence": make.upload()}
    answer = signed_in.post(f"/papers/{paper.pk}/sections/people/", sent)
    assert answer["Location"] == f"/papers/{paper.pk}/check/"

    assert standing(paper, "why") == "People\nwait"
    assert standing(paper, "budget") == "640000.00"
    assert standing(paper, "groups") == ["A", "B"]
    check = signed_in.get(answer["Location"]).content.decode()
    for words in (
        "£640,000",
        "1 April 2027",
        "Carry on",
        "evidence.pdf",
        "Priya Shah, Commissioning",
        "I confirm that",
    ):
        assert words in check
    form = hidden(check)
    refused = signed_in.post(f"/papers/{paper.pk}/check/", form)
    assert "Tick the box to agree with the statement" in refused.content.decode()
    done = signed_in.post(f"/papers/{paper.pk}/check/", form | {"is_agreed": "on"})
    assert done["Location"] == f"/papers/{paper.pk}/submitted/"
    again = signed_in.post(f"/papers/{paper.pk}/check/", form | {"is_agreed": "on"})
    assert again["Location"] == f"/papers/{paper.pk}/submitted/"
    assert Revision.objects.count() == 1


def test_a_paper_that_is_not_complete_says_what_is_missing_with_links(signed_in, paper):
    check = signed_in.get(f"/papers/{paper.pk}/check/").content.decode()

    assert "You cannot submit this yet. 8 things are missing." in check
    assert f'href="/papers/{paper.pk}/sections/money/#question-options"' in check
    assert "Before you submit" not in check
    forced = signed_in.post(f"/papers/{paper.pk}/check/", {"is_agreed": "on", "act_id": str(uuid.uuid4())})
    assert forced.status_code == 409
    assert not Revision.objects.exists()


def test_a_wrong_answer_is_kept_and_named_by_its_field(signed_in, paper):
    sent = open_section(signed_in, paper, "money") | {"q_budget": "about 5k", "q_starts_on_0": "31"}

    page = signed_in.post(f"/papers/{paper.pk}/sections/money/", sent)

    text = page.content.decode()
    assert page.status_code == 200
    assert "<title>Error: " in text
    assert text.count("Enter the annual budget in pounds, like 18000") == 2
    assert "Start date must include a month and a year" in text
    assert 'value="about 5k"' in text
    assert standing(paper, "budget") == {"typed": "about 5k"}
    again = signed_in.get(f"/papers/{paper.pk}/sections/money/").content.decode()
    assert 'value="about 5k"' in again
    assert 'value="31"' in again


def test_coming_back_later_saves_whatever_is_there(signed_in, paper):
    sent = open_section(signed_in, paper, "money") | {"q_budget": "about 5k", "later": "1"}

    answer = signed_in.post(f"/papers/{paper.pk}/sections/money/", sent)

    assert answer["Location"] == f"/papers/{paper.pk}/"
    assert standing(paper, "budget") == {"typed": "about 5k"}


def test_null_bytes_are_stripped_and_odd_letters_come_back(signed_in, paper):
    odd = "a\x00b \u202e‮ Ω \U0001f9d1‍\U0001f680 " + "x" * 50
    sent = open_section(signed_in, paper, "facts_and_aims") | {"q_why": odd}

    signed_in.post(f"/papers/{paper.pk}/sections/facts_and_aims/", sent)

    assert standing(paper, "why") == odd.replace("\x00", "")


def test_a_million_characters_are_saved_and_refused_with_words(signed_in, paper):
    sent = open_section(signed_in, paper, "facts_and_aims") | {"q_why": "w " * 500_000, "q_summary": "s" * 1_000_000}

    page = signed_in.post(f"/papers/{paper.pk}/sections/facts_and_aims/", sent)

    assert page.status_code == 200
    assert "20 words or fewer" in page.content.decode()
    assert "250 characters or fewer" in page.content.decode()
    assert len(standing(paper, "why")) == 999_999


def test_a_person_of_another_organisation_is_refused_by_the_field(signed_in, paper):
    stranger = make.writer(people.organisation(), name="Zed Stranger")
    papers.save_answers(paper, "people", {"has_lead": "yes"}, paper.begun_by, 1)
    sent = open_section(signed_in, paper, "people") | {"q_has_lead": "yes", "q_lead": str(stranger.pk)}

    page = signed_in.post(f"/papers/{paper.pk}/sections/people/", sent).content.decode()

    assert "Select the lead from the list" in page
    assert "Zed Stranger" not in page


def test_markup_is_shown_as_text(signed_in, paper):
    sent = open_section(signed_in, paper, "facts_and_aims") | {"q_why": "<script>alert(1)</script>{{ 7|add:7 }}"}
    signed_in.post(f"/papers/{paper.pk}/sections/facts_and_aims/", sent)

    for address in ("read/", "sections/facts_and_aims/", "check/"):
        text = signed_in.get(f"/papers/{paper.pk}/{address}").content.decode()
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7|add:7 }}" in text


def test_two_tabs_keep_both_answers_and_let_the_person_choose(signed_in, paper):
    one, two = (open_section(signed_in, paper, "facts_and_aims") for _ in range(2))
    address = f"/papers/{paper.pk}/sections/facts_and_aims/"
    signed_in.post(address, one | {"q_summary": "First tab", "q_why": ""})

    page = signed_in.post(address, two | {"q_summary": "Second tab", "q_why": "Because"}).content.decode()

    assert "Two answers were saved at the same time" in page
    assert page.index("First tab") < page.index("Second tab")
    assert standing(paper, "why") == "Because"
    other = Answer.objects.get(paper=paper, is_offered=True)
    signed_in.post(address, hidden(page) | {"choose": f"{other.pk}:offered"})
    assert standing(paper, "summary") == "Second tab"
    assert not Answer.objects.filter(is_offered=True).exists()


def test_a_replayed_form_changes_nothing(signed_in, paper):
    address = f"/papers/{paper.pk}/sections/people/"
    sent = open_section(signed_in, paper, "people") | {"q_has_lead": "no"}
    for _ in range(2):
        signed_in.post(address, sent | {"file_evidence": make.upload()})

    assert Attachment.objects.count() == 1
    assert Paper.objects.get(pk=paper.pk).version == 2


def test_saving_while_typing_answers_json_and_a_page_without_scripts(signed_in, paper):
    address = f"/papers/{paper.pk}/sections/facts_and_aims/save/"
    sent = open_section(signed_in, paper, "facts_and_aims") | {"q_summary": "Ho"}

    said = signed_in.post(address, sent, headers={"accept": "application/json"}).json()
    assert re.fullmatch(r"\d+:\d\d[ap]m|midday|midnight", said["saved_at"])
    assert said["version"] == 2
    signed_in.post(address, sent | {"q_summary": "Home"}, headers={"accept": "application/json"})
    assert standing(paper, "summary") == "Home"

    plain = signed_in.post(address, sent | {"q_summary": "Home care"})
    assert plain["Location"] == f"/papers/{paper.pk}/sections/facts_and_aims/"
    assert standing(paper, "summary") == "Home care"


def test_saving_while_typing_says_when_someone_else_changed_the_same(signed_in, paper):
    address = f"/papers/{paper.pk}/sections/facts_and_aims/save/"
    sent = open_section(signed_in, paper, "facts_and_aims")
    papers.save_answers(paper, "facts_and_aims", {"summary": "Theirs"}, paper.begun_by, 1)

    said = signed_in.post(address, sent | {"q_summary": "Mine"}, headers={"accept": "application/json"}).json()

    assert "Someone else changed “Summary” meanwhile: both answers are kept." in said["saved_at"]
    assert standing(paper, "summary") == "Theirs"


def test_typing_on_after_the_paper_was_submitted_is_kept_and_said(signed_in, paper, writer):
    sent = open_section(signed_in, paper, "facts_and_aims")
    papers.submit(make.filled(paper, writer), writer)

    page = signed_in.post(f"/papers/{paper.pk}/sections/facts_and_aims/", sent | {"q_summary": "Late words"})

    assert page.status_code == 409
    assert "What you typed is kept" in page.content.decode()
    assert "Late words" in page.content.decode()


def test_whoever_does_not_write_it_reads_it(client, paper):
    reader = people.person(Role.FINANCE, at=paper.case_file.organisation)
    client.force_login(reader)

    assert client.get(f"/papers/{paper.pk}/").status_code == 200
    moved = client.get(f"/papers/{paper.pk}/sections/money/")
    assert moved["Location"] == f"/papers/{paper.pk}/read/#section-money"
    assert "Ask Priya Shah, Commissioning" in client.get(f"/papers/{paper.pk}/read/").content.decode()
    for address in ("sections/money/", "sections/money/save/", "sections/money/options/new/", "check/"):
        assert client.post(f"/papers/{paper.pk}/{address}", {"was_budget": "x"}).status_code == 403, address


def test_an_outsider_finds_nothing(client, paper, writer):
    papers.submit(make.filled(paper, writer), writer)
    client.force_login(make.writer(people.organisation()))
    file = Attachment.objects.get()

    addresses = [
        f"/papers/{paper.pk}/{page}"
        for page in (
            *("", "read/", "draft.pdf", "check/", "submitted/", "changes/", "revisions/1/", "revisions/1/pdf/"),
            *("sections/money/", "sections/money/options/new/", "do/reopen/"),
        )
    ]
    addresses += [f"/files/{file.pk}/", f"/files/{file.pk}/replace/", f"/files/{file.pk}/remove/"]
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 404)
    assert client.post(f"/papers/{paper.pk}/sections/money/save/").status_code == 404


def test_nonsense_addresses_are_not_found(signed_in, paper):
    for address in ("sections/nowhere/", "sections/money/nothing/new/", "sections/money/options/zzz/", "revisions/9/"):
        assert signed_in.get(f"/papers/{paper.pk}/{address}").status_code == 404, address
    assert signed_in.get(f"/papers/{2**62}/").status_code == 404


def test_a_refused_file_is_said_whichever_button_was_pressed(signed_in, paper):
    sent = open_section(signed_in, paper, "people") | {"q_has_lead": "no"}

    for button in ({"later": "1"}, {"stay": "evidence"}, {}):
        page = signed_in.post(
            f"/papers/{paper.pk}/sections/people/", sent | button | {"file_evidence": make.upload("a.pdf", b"MZ")}
        )
        assert "“a.pdf” is not a PDF inside" in page.content.decode(), button
    assert standing(paper, "has_lead") == "no"


def test_a_returned_paper_quotes_what_was_asked_for(signed_in, paper, writer):
    papers.submit(make.filled(paper, writer), writer)
    papers.reopen(paper, writer, "Say more about the money", {"money": "Last year's budget"})

    assert "Say more about the money" in signed_in.get(f"/papers/{paper.pk}/").content.decode()
    assert "Last year&#x27;s budget" in signed_in.get(f"/papers/{paper.pk}/sections/money/").content.decode()


def test_reopening_asks_for_a_reason(signed_in, paper, writer):
    papers.submit(make.filled(paper, writer), writer)
    address = f"/papers/{paper.pk}/do/reopen/"
    form = hidden(signed_in.get(address).content.decode())

    assert "Enter the reason" in signed_in.post(address, form).content.decode()
    signed_in.post(address, form | {"note": "A figure is wrong"})

    assert Paper.objects.get(pk=paper.pk).is_draft
    assert AuditEvent.objects.get(verb="paper.reopen").reason == "A figure is wrong"


def test_what_changed_is_marked_in_words(signed_in, paper, writer):
    papers.submit(make.filled(paper, writer), writer)
    papers.reopen(paper, writer, "Again")
    papers.save_answers(paper, "facts_and_aims", {"why": "People wait too long"}, writer, 99)
    papers.submit(paper, writer)

    text = signed_in.get(f"/papers/{paper.pk}/changes/").content.decode()

    assert "1 answer changed from Revision 1 to Revision 2" in text
    assert "[added:]" in text
    assert "too long" in text
    assert signed_in.get(f"/papers/{paper.pk}/changes/?from=1&to=7").status_code == 404


@pytest.mark.parametrize(
    "address", ["", "read/", "check/", "sections/facts_and_aims/", "sections/money/", "sections/people/"]
)
def test_a_page_costs_the_same_however_much_is_in_the_paper(signed_in, paper, writer, queries_of, address):
    def cost():
        forget_shapes()
        return queries_of(lambda: signed_in.get(f"/papers/{paper.pk}/{address}"))

    signed_in.get("/")  # the session is noted once a minute
    small = cost()
    make.filled(paper, writer)
    for number in range(10):
        papers.save_row(paper, "money", "options", "", {"option": f"Option {number}"}, writer)
        make.attachment(writer, paper.case_file, paper=paper, question_key="evidence")
    large = cost()

    assert len(small) <= 8, small
    assert len(large) <= 8, large


def test_a_revision_costs_the_same_however_much_is_in_it(signed_in, paper, writer, queries_of):
    make.filled(paper, writer)
    for _ in range(10):
        make.attachment(writer, paper.case_file, paper=paper, question_key="evidence")
    papers.submit(paper, writer)
    signed_in.get("/")

    for address in ("", "revisions/1/", "submitted/"):
        forget_shapes()
        cost = queries_of(lambda address=address: signed_in.get(f"/papers/{paper.pk}/{address}"))
        assert len(cost) <= 8, cost


def test_saving_costs_the_same_however_many_answers_changed(signed_in, writer, queries_of):
    questions = [make.question(f"q{number}") for number in range(20)]
    paper = make.paper(writer, sections=[make.section("one", *questions), make.section("two", make.question("z"))])
    signed_in.get("/")
    address = f"/papers/{paper.pk}/sections/one/"
    page = open_section(signed_in, paper, "one")

    few = queries_of(lambda: signed_in.post(f"{address}save/", page | {"q_q1": "x"}))
    many = queries_of(lambda: signed_in.post(address, page | {f"q_q{number}": "y" for number in range(20)}))

    assert Answer.objects.filter(paper=paper, value="y").count() == 20
    assert len(few) <= 12, few
    assert len(many) <= 12, many


def test_submitting_costs_the_same_however_much_is_in_the_paper(signed_in, paper, writer, queries_of):
    make.filled(paper, writer)
    for number in range(10):
        papers.save_row(paper, "money", "options", "", {"option": f"Option {number}"}, writer)
        make.attachment(writer, paper.case_file, paper=paper, question_key="evidence")
    signed_in.get("/")
    form = {"is_agreed": "on", "act_id": str(uuid.uuid4())}

    cost = queries_of(lambda: signed_in.post(f"/papers/{paper.pk}/check/", form))

    assert Revision.objects.count() == 1
    assert len(cost) <= 20, cost
