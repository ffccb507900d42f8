"""Every part of `parts.html` makes what its page asks for: one row a part, one element checked."""

from dataclasses import dataclass

import pytest
from flask import Flask, render_template_string

from webapp.shell.scope_menu import ScopeChoice, ScopeMenu
from webapp.shell.timebar import DrawnBar, TimeBar


@dataclass(frozen=True)
class Sign:
    """A unit's sign, as `webapp/pictures/signs.py` gives it."""

    colour: str
    text: str


PERSON = {
    "id": "T1",
    "name": "李志远",
    "url": "/people/T1",
    "cohort": 2019,
    "post": "村党总支书记助理",
    "rank": "科员",
    "step": 1,
    "stage": "基层锻炼期",
    "colour": "red",
    "word": "缺导师",
    "note": "11",
    "mentors": [("镇书记", "白若立", "/people/M1")],
}
COLUMNS = [{"key": "n", "title": "No.", "number": True}, {"key": "who", "title": "Who"}]

CASES = {
    "answer": ("answer('25 项')", '<div class="answer">'),
    "figure": ("figure(19, 'complete', '/x', of=24, colour='red')", "<b>19</b>/24 complete</a>"),
    "figure without a page": ("figure(0)", '<span class="figure"><b>0</b></span>'),
    "state": ("state('red', 'late')", '<span class="state red">late</span>'),
    "light": ("light('red', 'late', count=3)", ' 3<span class="hidden"> late</span>'),
    "rank": ("rank(3, 'c', 2)", '<i class="rank-3" aria-hidden="true"></i>c <b>2</b>'),
    "unit": ("unit(sign)", '<span class="kind" data-colour="kind-4">龙山</span>'),
    "person_line": ("person_line(person)", 'data-card="people/T1">李志远</a>'),
    "chip": ("chip('all', '/x', count=0)", '<a class="chip" href="/x">all <b>0</b></a>'),
    "chip that is on": ("chip('all', '/x', true)", 'href="/x" aria-current="true">all</a>'),
    "chip to remove": ("chip('all', '/x', off='/y')", 'href="/y" aria-current="true" data-removes'),
    "pick": ("pick('from', 'any', [{'url': '/x', 'text': 'a'}])", '<li><a href="/x">a</a></li>'),
    "segmented": (
        "segmented([('a', '/x', true)], 'which')",
        'aria-label="which"><a href="/x" aria-c',
    ),
    "menu": ("menu('More', [('a', '/x')])", '<div><a href="/x">a</a></div>'),
    "dialog": ("dialog('d', 'Sure?')", '<dialog id="d" aria-labelledby="d-title">'),
    "card": ("card(person)", '<span class="muted">镇书记</span> <a href="/people/M1">白若立</a>'),
    "panel": ("panel('Gaps', 'all', '/x')", '<h2>Gaps <a href="/x">all</a></h2>inside'),
    "table": (
        "table('t', columns, [{'n': 1, 'who': None}])",
        '<td data-label="No." class="number">1</td>',
    ),
    "cell": ("cell({'kind': 'unit', 'id': 'U1', 'text': '镇'})", 'data-card="units/U1">镇</a>'),
    "cell of several": ("cell({'list': ['a', 'b']})", "a, b"),
    "cell of a day": ("cell({'day': true, 'text': '2016-08-27'})", 'class="nowrap">2016-08-27<'),
    "timebar": ("timebar(bar, '2023-06-30', true, days)", 'style="left: 7.5%"></i>'),
    "timebar without dated postings": ("timebar(none, 'x', false, days)", 'href="/o"'),
    "scope": ("scope(menu, '/s')", '<b class="of">all</b><b>46 people</b></summary>'),
    "legend": ("legend([{'rank': 2, 'title': 'b', 'count': 3}])", '<i class="rank-2"'),
    "legend of kinds": (
        "legend([{'kind': 'kind-5', 'title': 'b'}])",
        'class="swatch" data-colour="kind-5"',
    ),
    "empty": (
        "empty('Nobody', 'Load')",
        '<section class="message empty"><h2>Nobody</h2><p>Load</p>inside',
    ),
    "error": ("error('Row 3', 'no day', 'Write one')", "<strong>Row 3</strong> no day</p>"),
    "message": ("message('green', 'Kept')", '<p class="message green" role="status">Kept</p>'),
    "progress": ("progress('People', 3, 9)", '<progress max="9" value="3"></progress>'),
    "progress without an end": ("progress('People')", "<progress></progress>"),
}
CALLED = ("dialog", "panel", "empty")
BAR = TimeBar(
    count=2,
    bars=(DrawnBar(1, 2, 20, is_planned=True),),
    years=((2019, 0.0),),
    at=7.5,
    first=24228,
    until=24234,
    month=24230,
    today=24231,
    move=1,
)
MENU = ScopeMenu("all", 46, False, (ScopeChoice("everybody", "/x", True),))


@pytest.mark.parametrize("case", CASES)
def test_part_makes_what_its_page_asks_for(district_app: Flask, case: str):
    call, expected = CASES[case]
    name = call.split("(")[0]
    inside = f"{{% call {call} %}}inside{{% endcall %}}" if name in CALLED else f"{{{{ {call} }}}}"
    with district_app.test_request_context("/?lang=en"):
        made = render_template_string(
            f'{{% from "parts.html" import {name} with context %}}{inside}',
            person=PERSON,
            sign=Sign("kind-4", "龙山"),
            columns=COLUMNS,
            bar=BAR,
            menu=MENU,
            days={"back": "/b", "on": "/o"},
        )
    assert expected in made
