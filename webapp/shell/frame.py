"""What every page has around its content: places, links to people, units and posts, the day."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext as _l

from graph.errors import AppError, UsageError
from graph.programme import EMPTY_PROGRAMME
from graph.store import Store
from queries.today import late_told
from webapp.serving.addresses import address
from webapp.shell import day, scope, words
from webapp.shell.asking import AS_OF
from webapp.shell.language import LANGUAGES, either, language
from webapp.shell.scope_menu import ScopeMenu, bare_menu, scope_menu
from webapp.shell.store import current_store, loss_told
from webapp.shell.timebar import TimeBar, moved, time_bar
from webapp.shell.way_back import here, here_path

# path, title, icon. A place is shown once a page stands at its path.
PLACES = (
    ("/", _l("Today"), "today"),
    ("/people", _l("People"), "people"),
    ("/network", _l("Network"), "network"),
    ("/careers", _l("Careers"), "careers"),
    ("/plans", _l("Plans"), "plans"),
    ("/programme", _l("Programme"), "programme"),
    ("/data", _l("Data"), "data"),
)
# Pages that stand in a place though their address does not begin with its path.
_ALSO_IN = {
    "/queries": "/data",
    "/loads": "/data",
    "/quality": "/data",
    "/units": "/people",
    "/posts": "/people",
    "/search": "/people",
    "/connection": "/network",
    "/lineage": "/network",
}


def init_app(app: Flask) -> None:
    """Give every template the shell's values and the links."""
    app.context_processor(_shell)
    app.jinja_env.globals.update(
        person_url=person_url,
        unit_url=unit_url,
        post_url=post_url,
        language_url=language_url,
        term=term,
        here=here,
        here_path=here_path,
    )


def person_url(id_: str, with_planned: bool = False) -> str:
    """Return the address of a person's page, with planned facts where that is asked for."""
    return day.carried(address(f"/people/{quote(id_, safe='')}"), with_planned)


def unit_url(id_: str) -> str:
    """Return the address of a unit's page."""
    return day.carried(address(f"/units/{quote(id_, safe='')}"))


def post_url(id_: str) -> str:
    """Return the address of a post's page."""
    return day.carried(address(f"/posts/{quote(id_, safe='')}"))


def language_url(wanted: str) -> str:
    """Return the address of this same page in another language."""
    return _address_of([*_without("lang"), ("lang", wanted)])


def term(terms: str, key: str | None) -> str:
    """Return the title of a kind or rank; the key itself when the store cannot be asked."""
    try:
        return words.title(terms, key)
    except AppError:
        return key or ""


def _shell() -> dict[str, Any]:
    try:
        store, programme, today = current_store(), words.programme(), words.today()
        store_lost = loss_told(store)
    except AppError:  # the error page itself needs a shell
        store, programme, today, store_lost = None, EMPTY_PROGRAMME, date.today(), None
    on, offers = _looked_at(today), day.offers_planned()
    return {
        "programme_name": either(programme.name),
        "programme_invented": programme.invented,
        "as_of": on,
        "today": today,
        "day_still": day.why_still(request.endpoint),
        "day_kept": _without(day.ON, AS_OF, *((day.PLANNED,) if offers else ())),
        "planned_offered": offers,
        "planned_shown": offers and day.planned(),
        "days": {
            "today": _address_of(_without(day.ON, AS_OF)),
            "half_a_year_ago": moved(today, -6, _on_day),
            "back": moved(on, -1, _on_day),
            "on": moved(on, 1, _on_day),
        },
        "store_lost": store_lost,
        **_of_data(store, on, today),
        "scope_still": scope.why_still(request.endpoint),
        "scope_url": url_for("scopes.choose", next=here()),
        "languages": LANGUAGES,
        "html_language": "en" if language() == "en" else "zh-Hans",
        "search_url": url_for("home.search"),
    }


def _of_data(store: Store | None, on: date, today: date) -> dict[str, Any]:
    """Return what the frame says of the data; of none where they cannot be read."""
    late: int | None = None
    bar: TimeBar | None = None
    menu: ScopeMenu | None = None
    if store is not None:
        try:
            menu, bar = scope_menu(store, on), time_bar(store, on, today)
            late = late_told(store, scope.asked(), on)
        except AppError:  # the page tells of it
            pass
    return {"scope_menu": menu or bare_menu(), "time_bar": bar, "places": _places(late)}


def _on_day(other: date) -> str:
    """Return the address of this page on another day."""
    return _address_of([*_without(day.ON, AS_OF), (day.ON, other.isoformat())])


def _looked_at(today: date) -> date:
    try:
        return day.asked() or today
    except UsageError:  # the page is about that
        return today


def _without(*names: str) -> list[tuple[str, str]]:
    """Return the parameters of this address but some."""
    return [(key, value) for key, value in request.args.items(multi=True) if key not in names]


def _address_of(pairs: list[tuple[str, str]]) -> str:
    """Return the address of this page with other parameters."""
    asked = "&".join(f"{quote(key)}={quote(value)}" for key, value in pairs)
    return f"{here_path()}?{asked}" if asked else here_path()


def _places(late: int | None) -> list[dict[str, Any]]:
    there = {rule.rule for rule in current_app.url_map.iter_rules()}
    path = request.path
    first = "/" + path.strip("/").split("/")[0]
    current = _ALSO_IN.get(first, first)
    return [
        {
            "url": day.carried(address(at)),
            "path": at,
            "title": name,
            "icon": icon,
            "here": at == current,
            "late": late if at == "/" else None,
        }
        for at, name, icon in PLACES
        if at in there
    ]
