"""The thirteen faults that 3,958 tests let pass, each put in again once and taken back.

A row is the fault of HOUSE.md, where it was put in, and the test here that then failed. The tests
stand beside their subject; what is held here is that each of them is still there.
"""

import importlib

import pytest

FAULTS = [
    # the fault; where and how it was put in; the test that failed
    ("a gate on the very day it opens", "queries/programme/stages.py: on <= facts.on -> <",
     "test_gates.test_a_gate_opens_on_its_day"),
    ("a request due today", "queries/programme/duties.py: facts.on <= due -> <",
     "test_programme.test_a_request_due_today_is_not_late"),
    ("a rank allowed with one yearly review too few",
     "queries/rules/ranks.py: len(reviews) < rule.last -> rule.last - 1",
     "test_rules.test_the_last_three_reviews_and_not_two"),
    ("a mentor whose places are exactly full", "queries/programme/mentoring.py: free <= 0 -> <",
     "test_programme.test_a_mentor_whose_places_are_exactly_full_is_not_proposed"),
    ("a path's deadline on its last day",
     "queries/careers/path_rows.py: day <= deadline -> <; path_ways.py: high one row less",
     "test_postings.test_a_deadline_of_a_path_holds_on_its_last_day"),
    ("a post on the day its posting ended", "queries/personnel/state.py: number < until -> <=",
     "test_postings.test_a_post_is_held_from_its_first_day_to_the_day_before_its_last"),
    ("the same in the facts of the programme", "queries/programme/facts.py: day < until -> <=",
     "test_programme.test_a_post_is_vacant_on_the_day_its_posting_ended"),
    ("n more ignoring the filter",
     "queries/network/gathering.py: & fit taken out; scene.py: fitting(neighbours) taken out",
     "test_limits.test_n_more_counts_only_whom_the_filter_lets_through"),
    ("the same for ties opened by hand", "queries/network/gathering.py: _open_ties without & fit",
     "test_limits.test_n_more_of_ties_opened_by_hand_keeps_to_the_filter"),
    ("the largest allowed limit of a question", "queries/query.py: <= at_most -> <",
     "test_limits.test_a_question_takes_the_largest_number_and_no_larger_one"),
    ("the largest allowed limit of an address", "webapp/shell/asked.py: <= most -> <",
     "test_limits.test_the_largest_limit_of_an_address_is_taken_and_one_more_is_not"),
    ("a tenure one month under its least in the checker",
     "planning/check/people.py: total < least -> least - 1",
     "test_planning.test_a_tenure_one_month_under_its_least_is_too_short"),
    ("whole-price rows priced per unit", "planning/solve/kernels.py: penalty[r] * short always",
     "test_planning.test_whole_prices_lead_to_the_plan_that_the_whole_integer_programme_finds"),
    ("the same where the rows are made", "planning/rules/together.py: without counts_whole",
     "test_planning.test_a_missing_exercise_is_priced_whole_however_much_is_missing"),
    ("a replan's dominated point kept", "planning/replan.py: found is not thinned out",
     "test_planning.test_no_point_of_a_replan_is_dominated_by_another"),
    ("an overlap that touches",
     "loaders/checking/postings.py: ends > begins -> >=; periods.py: begins < until -> <=",
     "test_checks.test_an_overlap_that_touches_is_none"),
    ("a capacity exactly met, in files",
     "loaders/checking/postings.py: capacity - 1; periods.py: len(ends) > capacity -> >=",
     "test_checks.test_a_capacity_exactly_met_is_kept"),
    ("a capacity exactly met, in plans",
     "planning/check/places.py: times - free + 1; planning/rules/together.py: places - 1",
     "test_planning.test_a_capacity_exactly_met_is_kept"),
    ("a capacity exactly met, in vacancies", "queries/programme/priorities.py: held < -> <=",
     "test_programme.test_a_post_of_two_places"),
]  # fmt: skip


@pytest.mark.parametrize("test", [each[2] for each in FAULTS])
def test_the_test_that_fails_with_the_fault_is_there(test: str):
    module, name = test.split(".")
    assert callable(getattr(importlib.import_module(f"tests.boundaries.{module}"), name))
