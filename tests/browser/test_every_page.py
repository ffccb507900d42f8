"""axe-core on every page: none has a fault that keeps somebody out.

Careers, the programme and plans are gone through in their own modules, with what opens in them.
"""

import pytest

from tests.webapp.pages import EXAMPLES

pytestmark = pytest.mark.browser

ELSEWHERE = ("/careers", "/programme", "/plans")
PATHS = [path for path in EXAMPLES if not path.startswith(ELSEWHERE)]


@pytest.mark.parametrize("path", PATHS)
def test_page_has_no_serious_finding_of_axe(district, open_page, axe, watch, path: str):
    if path == "/nothing-here":
        watch.expected_status.add(404)
    assert axe(open_page(f"{district}{path}", lang="zh_Hans")) == []
