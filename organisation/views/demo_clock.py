"""The page that moves the clock of a demonstration. Anywhere else it does not exist."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from organisation import clock
from organisation.formatting import day, moment
from organisation.forms.clock import ClockForm
from organisation.permissions import ANYWHERE, may


class ClockPage(FormView):
    """Shows the clock and puts it on another day."""

    http_method_names = ["get", "head", "post"]
    template_name = "organisation/clock.html"
    form_class = ClockForm
    success_url = reverse_lazy("organisation:clock")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Exist only where the clock may be moved."""
        _must_be_movable(request)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say what the clock shows."""
        return super().get_context_data(**kwargs) | {"shows": moment(clock.now()), "is_moved": clock.is_moved()}

    def form_valid(self, form: ClockForm) -> HttpResponse:
        """Put the clock at the start of that working day."""
        clock.move_to(form.cleaned_data["day"])
        messages.success(self.request, f"The clock now shows {day(clock.today())}.")
        return HttpResponseRedirect(str(self.get_success_url()))


@require_POST
def put_back(request: HttpRequest) -> HttpResponse:
    """Return the clock to the real time."""
    _must_be_movable(request)
    clock.move_back()
    messages.success(request, f"The clock shows the real date again, {day(clock.today())}.")
    return redirect("organisation:clock")


def _must_be_movable(request: HttpRequest) -> None:
    if not may(request.user, "clock.move", ANYWHERE):
        raise Http404("There is no such page")
