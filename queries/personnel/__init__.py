"""What is true of a person on a day: the one reading of postings, service, ranks and grades.

>>> from queries.personnel import Known, Terms, of_rows
>>> rows = [Known("T1", joined_on="2015-07-01")]
>>> of_rows(rows, [], Terms()).on(date(2015, 8, 1))["T1"].in_service
'awaiting'
"""

from datetime import date

from queries.personnel.follow import known_personnel, of_people, personnel, postings, prepare
from queries.personnel.model import Personnel, of_rows
from queries.personnel.state import Day, State
from queries.personnel.terms import Known, KnownPosting, Posting, Terms, terms_of

__all__ = [
    "Day",
    "Known",
    "KnownPosting",
    "Personnel",
    "Posting",
    "State",
    "Terms",
    "date",
    "known_personnel",
    "of_people",
    "of_rows",
    "personnel",
    "postings",
    "prepare",
    "terms_of",
]
