"""Pages that hold every component, for the browser tests. They exist in tests only."""

from pathlib import Path
from types import SimpleNamespace as Row
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import include, path

from organisation.drawing import clock_boxes
from organisation.forms import DayField, LineField, MoneyField, NumberField, PageForm, TextField, YesNoField
from organisation.views import errors, health

PAGES = Path(__file__).parent / "pages"
SAVED: list[dict[str, Any]] = []


class Everything(PageForm):
    """One field of each kind."""

    submit_label = "Record the need"
    later_label = "Save and come back later"
    autosave_url = "/gallery/autosave/"

    title = LineField(label="Title", help_text="A few words people will recognise")
    annual_value = MoneyField(label="Annual value", help_text="Excluding VAT")
    starts_on = DayField(label="Start date")
    why = TextField(label="Why is it the best value?", max_words=150)
    route = forms.ChoiceField(label="Route", choices=[("", "Choose a route"), ("open", "Open tender")])
    people = NumberField(label="People who will use it", suffix="a year")
    has_personal_data = YesNoField(label="Is personal data involved?")
    flags = forms.MultipleChoiceField(
        label="Flags", choices=[("a", "Strategic"), ("b", "Thin market")], widget=forms.CheckboxSelectMultiple
    )
    agreed = forms.BooleanField(label="I agree")


TASK = {"owner": "Priya Shah", "due": "27 Jul 2026", "due_note": "In 3 working days", "due_tone": "soon"}
LINK = Row(label="Continue gate 3", url="#")
CONTEXT: dict[str, Any] = {
    "tags": [("Plan", "solid"), ("High risk", "red"), ("Late", "amber"), ("Asked", "blue"), ("Agreed", "green")],
    "facts": [
        ("Value, excluding VAT", "£640,000", "4 years"),
        ("Lead", "Priya Shah", ""),
        ("Route", "Open tender", ""),
    ],
    "deadline": Row(label="Next deadline", day="27 July 2026", words="In 3 working days", tone="soon"),
    "link": LINK,
    "links": [LINK, Row(label="Put on hold", url="#")],
    "pages": [("Overview", "#", True), ("Tasks and documents", "#", False), ("History", "#", False)],
    "stages": [
        Row(name="Analyse", state="done", note="Done", gates=[Row(name="Gate 1", state="passed", note="Approved")]),
        Row(name="Plan", state="current", note="Since", gates=[Row(name="Gate 3", state="closed", note="Drafting")]),
        Row(name="Secure Services", state="to_come", note="", gates=[Row(name="Gate 4", state="to_come", note="")]),
        Row(name="Review", state="skipped", note="Agreed by Tom Hesketh", gates=[]),
    ],
    "blockers": [
        Row(words="Economic case: confirm 2 facts", url="#", waits_for="you"),
        Row(words="Finance: answer awaited", url="", waits_for="Fiona Mercer, Finance"),
    ],
    "groups": [
        Row(
            name="Evaluate",
            note="1 of 2",
            tasks=[
                Row(name="Gap analysis", url="#", note="", status="Completed", tone="green", **TASK),
                Row(name="Move on", url="", note="Waits for gate 3", status="Cannot start yet", tone="outline", **TASK),
            ],
        )
    ],
    "rows": [("Title", "Home care", "#"), ("Term", "", "")],
    "dates": [
        Row(label="Review", day="14 September 2026", note="", mark="review", tone="calm"),
        Row(label="Last date to act", day="30 September 2026", note="In 49 days", mark="act", tone="late"),
    ],
    "people": [Row(role="Commissioner", who="Priya Shah", note="No interests", warning="Away")],
    "events": [
        Row(at="22 July 2026, 4:31pm", strong="Gate 2 accepted", sentence="by Lewis Grant."),
        Row(at="20 July 2026", strong="", sentence="Ann Doyle approved the budget."),
    ],
    "side": [Row(title="Outline case", url="#", note="Draft", tag=("Unread", "blue"), right="Late", right_tone="late")],
    "work": [
        Row(
            title="Decide gate 1",
            url="#",
            tags=[("High risk", "red")],
            meta=["COM-2026-0071", "£210,000 excluding VAT"],
            quote="Name the provider.",
            advice=[("CCPS", "Agreed", "green")],
            due="20 July 2026",
            due_words="2 working days overdue",
            tone="late",
        )
    ],
    "views": [("Unassigned", 6, "#", False, ""), ("Overdue", 2, "#", False, "red"), ("All open", 3, "#", True, "")],
    "others": [("Early notices (4)", "#")],
    "requests": [
        Row(ref=f"PRF-2026-019{n}", title=f"Request {n}", tone=tone, words=words, boxes=clock_boxes(left, 7))
        for n, tone, words, left in (
            (1, "overdue", "2 days overdue", 0),
            (2, "soon", "2 of 7 days left", 2),
            (3, "paused", "Paused since", 3),
        )
    ],
    "keys": [("J K", "next, previous"), ("Enter", "open"), ("?", "all keys")],
    "stale": [("End date", "31 March 2027", "31 March 2028")],
    "crumbs": [("Commissions", "#"), ("COM-2026-0042", "")],
}


def _page(name: str) -> Any:
    source = (PAGES / f"{name}.html").read_text(encoding="utf-8")

    def view(request: HttpRequest) -> HttpResponse:
        context = CONTEXT | {"keys_on": request.GET.get("keys", "on")}
        if name == "form":
            context["form"] = Everything(request.POST) if request.method == "POST" else Everything()
        return HttpResponse(engines["django"].from_string(source).render(context, request))

    return view


def autosave(request: HttpRequest) -> JsonResponse:
    """Take what the page saves by itself."""
    if request.POST["title"] == "refuse":
        return JsonResponse({"words": "Not saved: this paper was submitted meanwhile."}, status=409)
    SAVED.append(request.POST.dict())
    return JsonResponse({"saved_at": "4:31pm"})


def opened(request: HttpRequest, **_: Any) -> HttpResponse:
    """Stand for the page a row leads to."""
    return HttpResponse(f"<title>{request.path}</title>")


handler400, handler403, handler404, handler500 = errors.bad_request, errors.forbidden, errors.not_found, health.trouble
urlpatterns = [
    path("accounts/", include("organisation.account_urls")),
    path("", include("organisation.urls")),
    path("gallery/record/", _page("record")),
    path("gallery/queue/", _page("queue")),
    path("gallery/form/", _page("form")),
    path("gallery/autosave/", autosave),
    path("gallery/open/<ref>/", opened),
    path("gallery/accept/<ref>/", opened),
]
