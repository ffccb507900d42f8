"""All pages of this place: each module gives the blueprint its addresses."""

from webapp.entering import attendance, events, history, many_events, many_rows, rows
from webapp.entering.blueprint import bp
from webapp.shell.form_links import enter_url, many_url

bp.add_app_template_global(enter_url)
bp.add_app_template_global(many_url)

__all__ = ["attendance", "bp", "enter_url", "events", "history", "many_events", "many_rows", "rows"]
