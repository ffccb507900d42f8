"""The application, found by `flask` from the root and by any WSGI server as `wsgi:app`."""

import sys

from graph.errors import AppError
from webapp import create_app
from webapp.cli.printing import stop

try:
    app = create_app()
except AppError as error:  # a wrong setting is a sentence, not a traceback
    stop(error, as_json="--json" in sys.argv)
