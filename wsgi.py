"""The application, found by `flask` from the root and by any WSGI server as `wsgi:app`."""

from webapp.cli.console import application

app = application()
