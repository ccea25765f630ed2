"""Templates in the administration pages: published versions are read, drafts edited, every change written down."""

import pytest

from casework.models import AuditEvent
from documents.models import Question, Section, Template
from documents.selectors import contents_of
from documents.services import papers
from organisation.roles import Role
from tests.factories import documents as make
from tests.factories import organisation as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(writer):
    return make.template(writer.organisation, sections=[make.section("one", make.question("a", label="First"))])


@pytest.fixture
def administrator(writer, client):
    person = people.person(Role.ADMINISTRATOR, at=writer.organisation)
    client.force_login(person)
    return person


def address(template, act=""):
    return f"/admin/documents/template/{template.pk}/{act or 'change/'}"


def section_form(section, **changes):
    question = section.questions.get()
    return {
        "order": section.order,
        "key": section.key,
        "title": section.title,
        "guidance": "",
        "questions-TOTAL_FORMS": 1,
        "questions-INITIAL_FORMS": 1,
        "questions-0-id": question.pk,
        "questions-0-section": section.pk,
        "questions-0-order": 1,
        "questions-0-key": question.key,
        "questions-0-kind": question.kind,
        "questions-0-label": question.label,
        "questions-0-columns": "[]",
    } | changes


def test_a_published_version_can_be_read_and_not_changed(client, administrator, published):
    page = client.get(address(published)).content.decode()

    assert "Make a new version" in page
    assert 'name="name"' not in page
    assert client.post(address(published), {"name": "Changed"}).status_code == 403
    section = published.sections.get()
    assert client.post(f"/admin/documents/section/{section.pk}/change/", section_form(section)).status_code == 403


def test_a_new_version_is_edited_and_published_and_drafts_keep_theirs(client, administrator, published, writer):
    case = make.case_file(writer.organisation)
    begun = papers.begin(case, "initiation", writer)

    client.post(address(published, "new-version/"))
    draft = Template.objects.get(version=2)
    section = draft.sections.get()
    edited = section_form(section, **{"questions-0-label": "First, in other words", "title": "One"})
    done = client.post(f"/admin/documents/section/{section.pk}/change/", edited)
    assert done.status_code == 302, done.content.decode()
    client.post(address(draft, "publish/"))

    draft.refresh_from_db()
    assert draft.is_published
    assert draft.published_by == administrator
    assert contents_of(begun).shape.questions["a"].label == "First"
    later = papers.begin(make.case_file(writer.organisation), "initiation", writer)
    assert contents_of(later).shape.questions["a"].label == "First, in other words"
    change = AuditEvent.objects.get(verb="changed", subject_kind="documents.section").changes
    assert ["First", "First, in other words"] in change.values()
    assert AuditEvent.objects.filter(verb="template.publish", actor_id=administrator.pk).count() == 1


def test_a_question_can_be_taken_out_of_a_draft(client, administrator, published):
    client.post(address(published, "new-version/"))
    section = Section.objects.get(template__version=2)
    Question.objects.create(section=section, order=2, key="b", kind="text", label="Second")
    form = section_form(section, **{"questions-0-DELETE": "on"}) if section.questions.count() == 1 else None
    first, second = section.questions.order_by("order")
    form = {
        "order": 1,
        "key": section.key,
        "title": section.title,
        "questions-TOTAL_FORMS": 2,
        "questions-INITIAL_FORMS": 2,
        **{
            f"questions-{place}-{name}": value
            for place, question in enumerate((first, second))
            for name, value in {
                "id": question.pk,
                "section": section.pk,
                "order": question.order,
                "key": question.key,
                "kind": question.kind,
                "label": question.label,
                "columns": "[]",
            }.items()
        },
        "questions-1-DELETE": "on",
    }

    done = client.post(f"/admin/documents/section/{section.pk}/change/", form)

    assert done.status_code == 302, done.content.decode()
    assert [question.key for question in section.questions.all()] == ["a"]


def test_a_faulty_draft_is_not_published_and_says_why(client, administrator, published):
    client.post(address(published, "new-version/"))
    draft = Template.objects.get(version=2)
    Question.objects.filter(section__template=draft).update(kind="choice")

    page = client.post(address(draft, "publish/"), follow=True).content.decode()

    assert "“First” needs choices." in page
    draft.refresh_from_db()
    assert not draft.is_published


def test_asking_twice_for_a_new_version_gives_one_draft(client, administrator, published):
    for _ in range(2):
        client.post(address(published, "new-version/"))

    assert Template.objects.filter(version=2).count() == 1
    assert Template.objects.filter(framework=published.framework).count() == 2


def test_acts_are_not_done_by_opening_an_address(client, administrator, published):
    assert client.get(address(published, "new-version/")).status_code == 405
    assert Template.objects.filter(framework=published.framework).count() == 1


def test_administrators_of_another_framework_find_nothing(client, published):
    client.force_login(people.person(Role.ADMINISTRATOR, at=people.organisation()))

    assert client.get(address(published)).status_code == 404
    assert client.post(address(published, "new-version/")).status_code == 404


def test_an_auditor_reads_and_changes_nothing(client, published, writer):
    client.force_login(people.person(Role.AUDITOR, at=writer.organisation))

    page = client.get(address(published))
    assert page.status_code == 200
    assert "Make a new version" not in page.content.decode()
    assert client.post(address(published, "new-version/")).status_code == 403
