"""How dates are written elsewhere: orders of day and month, Excel numbers, Chinese and English
names, terms and school years, periods in one cell. Each text is read by its own shape.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from graph.dates import is_date
from loaders.readers.cells import narrow

_TIME = re.compile(r"[T ]+\d{1,2}[:：时]\d{2}.*$", re.DOTALL)
_PARTS = re.compile(
    r"(\d{1,4})\s*(?:[-/.年]\s*(\d{1,4})\s*(?:[-/.月]\s*(\d{1,4})\s*[日号]?|月)?|年)?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_NAMED = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?[ .-]+)?([a-z]{3,9})\.?(?:[ -]+(\d{1,2})(?:st|nd|rd|th)?,)?"
    r"[ ,-]+(\d{2,4})"
)
_MONTHS = tuple(
    "january february march april may june july august "  # noqa: SIM905
    "september october november december".split()
)
_CHINESE = str.maketrans("〇零一二三四五六七八九", "00123456789")
_CHINESE_DATE = re.compile("([〇零一二三四五六七八九]{4})年(?:([一二三四五六七八九十]{1,3})月)?"
                           "(?:([一二三四五六七八九十]{1,3})[日号])?")  # fmt: skip
_EXCEL_EPOCH = date(1899, 12, 30)
_ORDERS = {"ymd": (0, 1, 2), "dmy": (2, 1, 0), "mdy": (2, 0, 1)}
_YEAR_LAST = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{4})")
_SCHOOL_YEAR = re.compile(r"(\d{4})\s*[-/–—]\s*(\d{2}|\d{4})(?:\s*学年)?")
_TERM = re.compile(
    r"(?:spring|summer|fall|autumn|winter|michaelmas|hilary|trinity)(?: term| semester)? (\d{4})"
    r"|(\d{4}) ?(?:spring|summer|fall|autumn|winter|年?[春夏秋冬][季天]?(?:学期)?)"
)
_SERIAL = re.compile(r"[1-7]\d{4}(?:\.\d+)?")
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 73_050  # 1927 to 2099: five digits, so that none is a year
_ZERO_PART = re.compile(r"(?<=\d{4})\.0(?!\d)")
_YEAR = r"(?:\d{4}|\d{2}(?=[./年]))"
_ONE = (
    rf"(?:{_YEAR}(?:[./年-]\d{{1,2}}(?:[./月-]\d{{1,2}}日?|月)?|年)?"
    r"|\d{1,2}/\d{4}|\d{1,2}/\d{1,2}/\d{2,4}|(?i:\d{1,2} )?[A-Za-z]{3,9}\.? \d{4})"
)
_PERIOD = re.compile(
    rf"({_ONE})\s*(?:起)?\s*(?:(?:-{{1,2}}|[—–~～−]{{1,2}}|至|到|(?<= )to(?= |$)|until|,|;)\s*"
    rf"(?:({_ONE})(?:止)?|至?今|现在|目前|(?i:present|current|now|ongoing|today|date))?|起)"
)


def plain_date(text: str) -> str:
    """Return the text of a date without its time of day, in plain digits.

    >>> plain_date("2004-04-06 00:00:00.000"), plain_date("２０２３年９月")
    ('2004-04-06', '2023年9月')
    """
    return _TIME.sub("", narrow(text).strip())


def read_date(text: str, form: str, pivot: int | None) -> str | None:
    """Read a text (see `plain_date`) in one order of its parts, or as a number of Excel.

    >>> read_date("21.7", "ymd", 30), read_date("21.7", "excel", None)
    ('2021-07', None)
    >>> read_date("07/2015", "ymd", None), read_date("2018/19", "ymd", None)
    ('2015-07', '2018')
    """
    if form == "excel":
        return _of_excel(text)
    if compact := _COMPACT.fullmatch(text):
        if len(text) == 6 and not "1900" <= text[:4] < "2100":
            return None  # 210701 is no month of the year 2107
        return _joined(*compact.groups())
    if chinese := _CHINESE_DATE.fullmatch(text):
        year, month, day = chinese.groups()
        return _joined(year.translate(_CHINESE), _ten(month), _ten(day))
    if term := _TERM.fullmatch(text.lower()):
        return term.group(1) or term.group(2)
    if named := _NAMED.fullmatch(text.lower()):
        before, name, after, year = named.groups()
        return _of_words(before, name, after, year, pivot)
    if begins := school_year(text):
        return begins
    if year_last := _YEAR_LAST.fullmatch(text):
        return _joined(year_last.group(2), year_last.group(1))
    parts = _PARTS.fullmatch(text)
    if not parts:
        return None
    given = [part for part in parts.groups() if part]
    if form == "ymd" or len(given) == 1:
        ordered = given
    elif len(given) == 2:  # a month and a year
        ordered = [given[1], given[0]]
    else:
        ordered = [given[at] for at in _ORDERS[form]]
    year = _century(ordered[0], pivot) if len(ordered[0]) < 3 else ordered[0]
    return _joined(year, *ordered[1:])


def is_serial(text: str) -> bool:
    """Return whether a text can be a date as Excel counts days: five digits, 1927 to 2099.

    >>> [is_serial(text) for text in ("45185", "45185.5", "2022.07", "21.7", "2019")]
    [True, True, False, False, False]
    """
    return bool(_SERIAL.fullmatch(text)) and _FIRST_SERIAL <= float(text) < _LAST_SERIAL


def _of_excel(text: str) -> str | None:
    if not is_serial(text):
        return None
    return (_EXCEL_EPOCH + timedelta(days=int(float(text)))).isoformat()


def _of_words(
    before: str | None, name: str, after: str | None, year: str, pivot: int | None
) -> str | None:
    months = [at for at, month in enumerate(_MONTHS, 1) if month.startswith(name)]
    if name == "sept":
        months = [9]
    if len(months) != 1 or (before and after):
        return None
    return _joined(_century(year, pivot), str(months[0]), before or after)


def school_year(text: str) -> str | None:
    """Return the year in which a school year begins; None where a text can only be a month.

    >>> school_year("2018/19"), school_year("2018-2019学年"), school_year("2011-12")
    ('2018', '2018', None)
    """
    found = _SCHOOL_YEAR.fullmatch(text)
    if not found:
        return None
    first, second = found.groups()
    follows = int(first) + 1
    if len(second) == 4:
        return first if int(second) == follows else None
    return first if int(second) == follows % 100 and int(second) > 12 else None


def halves(text: str) -> tuple[str, str | None] | None:
    """Return the two ends of a period in one cell, the second None where it is open.

    >>> halves("2015.07—2018.09"), halves("2022.7至今"), halves("2018.09-"), halves("2015-07")
    (('2015.07', '2018.09'), ('2022.7', None), ('2018.09', None), None)
    >>> halves("<[2001.0, 2005.0]>"), halves("07/2015 - Present")
    (('2001', '2005'), ('07/2015', None))
    """
    plain = _ZERO_PART.sub("", narrow(text).strip().strip("<[]>（）()"))
    found = _PERIOD.fullmatch(plain)
    if not found:
        return None
    begin, end = found.group(1), found.group(2)
    return begin, end or None


def _century(year: str, pivot: int | None) -> str | None:
    if len(year) > 2:
        return year
    if pivot is None or len(year) < 2:
        return None
    return str(int(year) + (2000 if int(year) <= pivot else 1900))


def _ten(text: str | None) -> str | None:
    """Return a Chinese numeral up to 99 in digits."""
    if not text:
        return None
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return text.translate(_CHINESE)
    return (tens.translate(_CHINESE) or "1") + (ones.translate(_CHINESE) or "0")


def _joined(year: str | None, month: str | None = None, day: str | None = None) -> str | None:
    """Join the parts of a date; a month or day of zero is unknown."""
    if not year or not int(year):
        return None
    text = f"{int(year):04d}"
    for part in (month, day):
        if not part or not int(part):
            break
        text += f"-{int(part):02d}"
    return text if is_date(text) else None
