"""Waiting for the thing itself: a fixed wait is too short here and too long there."""

import time
from collections.abc import Callable


def until(is_so: Callable[[], object], seconds: float = 120) -> None:
    """Ask again and again until it is so; fail when it has not come by then."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"it has not come within {seconds} s"
        time.sleep(0.02)
