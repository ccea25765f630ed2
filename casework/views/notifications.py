"""Somebody's own notifications, and how they want to be told."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse, reverse_lazy
from django.views import View
from django.views.generic import FormView, TemplateView

from casework.forms.preferences import MailForm
from casework.keyset import MOST_ID, NoSuchPage, Order, page_of
from casework.models import MailPreference
from casework.selectors.notices import notices_of, shown, unread_words
from casework.services import preferences
from casework.views.base import SignedIn
from casework.views.calendar import address_of
from organisation.formatting import counted

PAGE_SIZE = 25
LATEST_FIRST = Order("written_at", is_descending=True, is_moment=True)


class Notifications(SignedIn, TemplateView):
    """Everything somebody was told, newest first."""

    template_name = "casework/notifications.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of them."""
        rows = notices_of(self.person)
        only_unread = self.request.GET.get("show") == "unread"
        if only_unread:
            rows = rows.filter(read_at=None)
        try:
            page = page_of(rows, LATEST_FIRST, self.request.GET, size=PAGE_SIZE, key=lambda message: shown(message).key)
        except NoSuchPage as fault:
            raise Http404("There is no such page of your notifications") from fault
        here = reverse("casework:notifications")

        def address(cursor: dict[str, str]) -> str:
            told = cursor | ({"show": "unread"} if only_unread else {})
            return f"{here}?{'&'.join(f'{name}={value}' for name, value in told.items())}" if cursor else ""

        return super().get_context_data(**kwargs) | {
            "notices": [shown(message) for message in page.rows],
            "newest": max((message.pk for message in page.rows), default=0),
            "only_unread": only_unread,
            "unread": unread_words(self.person),
            "next_url": address(page.next),
            "previous_url": address(page.previous),
            "words": f"Showing {page.first} to {page.last}, newest first" if page.rows else "",
        }


class ReadOne(SignedIn, View):
    """Mark one of one's own notifications as read."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Mark it, and go back to the list; somebody else's does not exist here."""
        if not notices_of(self.person).filter(pk=pk).exists():
            raise Http404("You have no such notification")
        preferences.mark_read(self.person, pk)
        return HttpResponseRedirect(_back(request))


class ReadAll(SignedIn, View):
    """Mark all as read that were there when the page was opened."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Mark them and say how many were new."""
        newest = request.POST.get("newest", "")
        if not (newest.isascii() and newest.isdecimal()) or len(newest) > len(str(MOST_ID)):
            raise Http404("No such notification")
        count = preferences.mark_read(self.person, up_to=min(int(newest), MOST_ID))
        messages.success(request, f"{counted(count, 'notification')} marked as read.")
        return HttpResponseRedirect(reverse("casework:notifications"))


class Preferences(SignedIn, FormView):
    """How mail comes, and the calendar's address."""

    template_name = "casework/preferences.html"
    http_method_names = ["get", "head", "post"]
    form_class = MailForm
    success_url = reverse_lazy("casework:preferences")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Start from what was chosen before."""
        chosen = dict(MailPreference.objects.filter(person=self.person).values_list("topic", "way"))
        return super().get_form_kwargs() | {
            "user": self.person,
            "initial": chosen,
            "cancel_url": reverse("casework:notifications"),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show the calendar's address beside the form."""
        return super().get_context_data(**kwargs) | {
            "crumbs": [("Notifications", reverse("casework:notifications")), ("How you are told", "")],
            "calendar_address": address_of(self.person),
            "nav_current": "Notifications",
        }

    def form_valid(self, form: MailForm) -> HttpResponse:
        """Save the choices."""
        ways = {topic: way for topic, way in form.cleaned_data.items() if topic != "act_id"}
        preferences.choose_mail(self.person, ways)
        messages.success(self.request, "Your choices are saved. They count for mail from now on.")
        return super().form_valid(form)


def _back(request: HttpRequest) -> str:
    """The list the button stood in."""
    here = reverse("casework:notifications")
    return f"{here}?show=unread" if request.POST.get("show") == "unread" else here
