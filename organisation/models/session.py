"""Which sessions are whose, so that all of one person's can be ended."""

from django.db import models

from organisation import clock


class PersonSession(models.Model):
    """A sign-in that may still be going on."""

    person = models.ForeignKey("organisation.Person", on_delete=models.CASCADE, related_name="sessions")
    session_key = models.CharField(max_length=40, unique=True)
    started_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.person}, signed in {self.started_at:%-d %B %Y}"
