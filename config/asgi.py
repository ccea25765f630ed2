"""The entry for an ASGI server. Nothing here is asynchronous; gunicorn with config.wsgi is the supported way."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_asgi_application()
