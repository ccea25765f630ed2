"""What somebody has typed into a form and not sent yet."""

from django.db import models

from organisation import clock


class UnsentForm(models.Model):
    """One form as it stood on the screen, for its writer's eyes alone: sealed, so that no backup shows it."""

    person = models.ForeignKey("organisation.Person", on_delete=models.CASCADE, related_name="unsent_forms")
    path = models.CharField(max_length=500)
    sealed = models.TextField()
    kept_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        """One for each form."""

        constraints = (models.UniqueConstraint(fields=["person", "path"], name="one_unsent_form_for_each_path"),)

    def __str__(self) -> str:
        return f"{self.path}, not sent"
