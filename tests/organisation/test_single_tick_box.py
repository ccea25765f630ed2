"""A single tick box: its hint stands under its label and is read with it."""

from django import forms
from django.template import Context, Template

from organisation.forms import PageForm


class OneBox(PageForm):
    """One box with a hint."""

    staff_only = forms.BooleanField(label="Only staff use it", help_text="You then ask staff.", required=False)


def test_hint_of_a_single_tick_box_stands_under_its_label_and_is_tied_to_it():
    page = Template("{% load crispy_forms_tags %}{% crispy form %}").render(Context({"form": OneBox()}))

    assert page.index("Only staff use it") < page.index("You then ask staff.")
    assert 'id="id_staff_only_hint" class="govuk-hint govuk-checkboxes__hint"' in page
    assert 'aria-describedby="id_staff_only_hint"' in page
    assert page.count("You then ask staff.") == 1
