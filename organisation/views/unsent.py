"""What somebody is typing: kept by the page's script while they type, and given back when they return."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, JsonResponse
from django.views import View

from organisation import clock, held_answers
from organisation.formatting import moment, time_of_day
from organisation.services import unsent_forms
from organisation.visitor import person_asking


class Unsent(View):
    """A form of the person asking, named by ``?path=``. Nobody can ask for somebody else's."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> JsonResponse:
        """Give back what was kept, if anything was."""
        kept = unsent_forms.find(person_asking(request), request.GET.get("path", ""))
        return JsonResponse({"fields": kept.fields, "kept_at": moment(kept.kept_at)} if kept else {})

    def post(self, request: HttpRequest) -> JsonResponse:
        """Keep what is on the screen, or forget it."""
        person, path = person_asking(request), request.GET.get("path", "")
        if "forget" in request.POST:
            unsent_forms.forget(person, path)
            return JsonResponse({})
        if not unsent_forms.keep(person, path, held_answers.read(request).fields):
            words = "This form cannot be kept while you type. Send it before you leave the page."
            return JsonResponse({"words": words}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return JsonResponse({"saved_at": time_of_day(clock.now())})
