"""The form by which a view of the network is saved."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, StringField, ValidationError

from graph.errors import UsageError
from queries.network import saved_views
from webapp.shell.forms import Expected, PageForm
from webapp.shell.told import told


class ViewForm(PageForm):
    """The name under which a view is saved; its address goes along unseen."""

    address = HiddenField(default="")
    name = StringField(
        _l("Save this view as"),
        [Expected()],
        id="view-name",
        default="",
        render_kw={"maxlength": saved_views.LONGEST_NAME},
    )

    def validate_name(self, field: Field) -> None:
        """Judge the name as the saving does."""
        try:
            saved_views.checked_name(field.data)
        except UsageError as error:
            raise ValidationError(told(error)) from None
