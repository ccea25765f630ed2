"""The page where people set and end their own cover."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from organisation import clock
from organisation.formatting import day
from organisation.forms.cover import CoverForm
from organisation.models import Cover
from organisation.selectors import own_cover
from organisation.services.cover import CoverOverlaps, end_cover, set_cover
from organisation.visitor import person_asking


class CoverPage(FormView):
    """Shows somebody's cover and takes new cover."""

    http_method_names = ["get", "head", "post"]
    template_name = "organisation/cover.html"
    form_class = CoverForm
    success_url = reverse_lazy("organisation:cover")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form whose cover it is."""
        return super().get_form_kwargs() | {"user": person_asking(self.request)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """List the cover that counts or is to come."""
        today = clock.today()
        rows = [
            {"cover": row, "days": f"{day(row.starts_on)} to {day(row.ends_on)}", "now": row.starts_on <= today}
            for row in own_cover(person_asking(self.request), today)
        ]
        return super().get_context_data(**kwargs) | {"rows": rows}

    def form_valid(self, form: CoverForm) -> HttpResponse:
        """Set the cover, or say which cover is in the way."""
        given = {name: form.cleaned_data[name] for name in ("deputy", "starts_on", "ends_on", "note")}
        try:
            set_cover(by=person_asking(self.request), **given)
        except CoverOverlaps as refusal:
            other = refusal.other
            form.add_error(
                "starts_on",
                f"{other.deputy} covers for you from {day(other.starts_on)} to {day(other.ends_on)}. "
                "End that cover first, or choose other days",
            )
            return self.form_invalid(form)
        messages.success(self.request, f"{given['deputy']} covers for you from {day(given['starts_on'])}.")
        return HttpResponseRedirect(str(self.get_success_url()))


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one's own cover; somebody else's does not exist here."""
    cover = get_object_or_404(Cover.objects.select_related("deputy"), absent=person_asking(request), pk=pk)
    if end_cover(by=person_asking(request), cover=cover):
        messages.success(request, f"{cover.deputy} no longer covers for you.")
    else:
        messages.info(request, f"The cover by {cover.deputy} had ended already.")
    return redirect("organisation:cover")
