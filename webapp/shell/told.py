"""An error said as a sentence, and at the field in which it was found.

Apart from the forms, whose library commands do without.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask_babel import gettext as _

from graph.errors import AppError
from webapp.shell.language import joined


@contextmanager
def wrong_at(field: Any) -> Iterator[None]:
    """Show at a field what is found wrong while it is read; the error goes on."""
    try:
        yield
    except AppError as error:
        field.errors = [*field.errors, told(error)]
        raise


def told(error: AppError) -> str:
    """Say an error in a sentence, with what to do."""
    return joined(*error.translated(_))
