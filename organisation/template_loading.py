"""Our own templates, without the indentation that is for those who read them: a tenth of a page sent for nothing."""

from __future__ import annotations

import re

from django.template import Origin
from django.template.loaders import filesystem

_INDENTATION = re.compile(r"^[ \t]+|\n\s*(?=\n)", re.MULTILINE)


class Loader(filesystem.Loader):
    """Finds templates as Django does. What goes into a page from elsewhere, as a text somebody wrote, is untouched."""

    def get_contents(self, origin: Origin) -> str:
        """The template; one that is no page (a message, a list of values) keeps every space."""
        contents: str = super().get_contents(origin)
        return _INDENTATION.sub("", contents) if str(origin.name).endswith(".html") else contents
