"""Pages opened from a queue's filtered list: they keep its Previous and Next, and go on to the next after an act."""

from __future__ import annotations

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html

from casework.models import WorkItem
from casework.rules import works_queue
from casework.selectors.queue_filters import QueueFilter
from casework.selectors.queues import QueueList, queues_for
from casework.views.base import SignedIn


class InList(SignedIn):
    """A page that stands for one item of a queue: the item's own, or that of the room that works it."""

    @property
    def list_item(self) -> WorkItem | None:
        """The item whose place in the list counts; None where the record is in no queue."""
        raise NotImplementedError

    @cached_property
    def is_worker(self) -> bool:
        """Whether the person works the queue (or holds the task)."""
        return self.list_item is not None and works_queue(self.person, self.list_item)

    @cached_property
    def listed(self) -> QueueList | None:
        """The filtered list the person came from, if the address names one."""
        key, item = self.request.GET.get("queue", ""), self.list_item
        if not key or item is None or item.queue is None or item.queue.key != key:
            return None
        queue = next((queue for queue in queues_for(self.person) if queue.key == key), None)
        return QueueList(queue, self.person, QueueFilter.read(self.request.GET)) if queue else None

    @cached_property
    def neighbours(self) -> tuple[int | None, int | None]:
        """The items before and after this one in that list."""
        return self.listed.next_to(self.list_item) if self.listed and self.list_item else (None, None)

    @property
    def query(self) -> str:
        """What the links of this page keep of the list."""
        return f"?{self.listed.asked.query(queue=self.listed.queue.key)}" if self.listed else ""

    def item_url(self, pk: int | None) -> str:
        """Another item of the same list."""
        return reverse("casework:item", args=[pk]) + self.query if pk else ""

    @property
    def list_url(self) -> str:
        """The list the person came from."""
        if self.listed is None:
            return ""
        query = self.listed.asked.query()
        return reverse("casework:queue", args=[self.listed.queue.key]) + (f"?{query}" if query else "")

    def queue_crumbs(self) -> list[tuple[str, str]]:
        """The way here through the queue; nothing for those who did not come from one."""
        if self.listed is None:
            return []
        return [("Requests", reverse("casework:queues")), (f"{self.listed.queue.name} queue", self.list_url)]

    def links_of_list(self) -> dict[str, str]:
        """Previous, next and the list itself, for the page's links."""
        before, after = self.neighbours
        return {
            "previous_url": self.item_url(before),
            "next_url": self.item_url(after),
            "list_url": self.list_url,
        }

    def with_look_back(self, said: str, url: str, reference: str) -> str:
        """The banner, with a way to look back when another page follows."""
        if self.listed is None:
            return said
        return format_html('{} <a href="{}">Look back at {}</a>', said, url, reference)
