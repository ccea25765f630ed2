"""Where a form leads back to: the page of the same commission that its link stood on.

A link carries the path of its page. Only a page of this room that belongs to the commission is accepted, and the
address is built anew from what the path resolves to, so that no link can lead anywhere else.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import Resolver404, resolve, reverse

from commissioning.models import Commission, CommissionActivity

#: The parameter that carries the path.
BACK = "back"
ACTIVITY = "commissioning:activity"


def with_back(url: str, here: str) -> str:
    """The address of a form, with the page it leads back to; as it is without an address or a page."""
    if not url or not here:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode({BACK: here})}"


def page_named(path: str, commission: Commission) -> str:
    """The page of a path that a link carried, or nothing where it is no page of this commission."""
    try:
        found = resolve(path)
    except (Resolver404, ValueError):
        return ""
    if found.namespace != "commissioning":
        return ""
    if found.view_name == ACTIVITY:
        is_own = activity_in(path, commission) is not None
    else:
        is_own = found.kwargs.get("pk") == commission.pk and path.startswith(commission.get_absolute_url())
    return reverse(found.view_name, args=found.args, kwargs=found.kwargs) if is_own else ""


def activity_in(path: str, commission: Commission) -> CommissionActivity | None:
    """The activity of this commission whose page a path names. One statement, only for such a path."""
    try:
        found = resolve(path)
    except (Resolver404, ValueError):
        return None
    if found.view_name != ACTIVITY:
        return None
    rows = CommissionActivity.objects.filter(commission=commission).select_related("activity")
    return rows.filter(pk=found.kwargs["pk"]).first()
