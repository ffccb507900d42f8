"""Whether the tests see a mutant: each is put into a forked copy of one process of pytest.

The tests are collected once. First all run as they are, to learn which run into which function
and what they cost; then each mutant meets those of its function, the cheapest first.
"""

from __future__ import annotations

import gc
import hashlib
import importlib
import json
import os
import resource
import signal
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import coverage
import pytest

from tools.mutants.made import Mutant

LIMIT = 60  # seconds after which a mutant that turns for ever is ended; one that waits, ten times
PASSED, FAILED, NOT_APPLIED, BROKEN = 0, 1, 3, 4

# Outcomes: killed by a test, by the limit of time; survived; no test runs into the function.
Result = dict[str, Any]


class Trial:
    """A plugin of pytest that runs mutants in place of the tests."""

    def __init__(
        self,
        root: Path,
        files: Sequence[str],
        mutants: Sequence[Mutant],
        learnt: Path,
        keep: Callable[[Result], None],
        enough: float = 2,  # seconds of tests that a mutant meets: of many, the cheapest
    ) -> None:
        self.root = root
        self.files = files
        self.mutants = mutants
        self.learnt = learnt
        self.keep = keep
        self.enough = enough
        self.is_learning = False
        self.is_right = True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """End with the first test that fails, before anybody writes down how."""
        if call.excinfo is not None and not call.excinfo.errisinstance(pytest.skip.Exception):
            if self.is_learning:
                print(f"{item.nodeid} fails as the code is: {call.excinfo.exconly()}", flush=True)
            os._exit(FAILED)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Learn what the tests run into, then try each mutant."""
        items = {each.nodeid: each for each in session.items}
        for file in self.files:  # some are imported by no test before it runs
            name = file.removesuffix(".py").removesuffix("/__init__")
            importlib.import_module(name.replace("/", "."))
        gc.unfreeze()  # what the run of another room froze stands among no objects
        live = _live_functions(str(self.root / each) for each in self.files)
        gc.collect()
        gc.freeze()  # else each copy of the process would write to all of its memory
        self.learnt.touch()
        known = json.loads(self.learnt.read_text() or "{}")
        new = [each for each in session.items if known.get(each.nodeid, [""])[0] != self._of(each)]
        if new and self._forked(lambda: self._learn(new, known), 100 * LIMIT)[0]:
            self.is_right = False
            return True
        known = json.loads(self.learnt.read_text())
        by_cost = sorted(known.items(), key=lambda each: each[1][1])
        for mutant in self.mutants:
            lines = _lines_of(mutant, str(self.root / mutant.file))
            chosen: list[pytest.Item] = []
            cost = 0.0
            for name, (_, seconds, files) in by_cost:
                if name in items and lines.intersection(files.get(mutant.file, ())):
                    cost += seconds
                    if not chosen or cost <= self.enough:
                        chosen.append(items[name])
            self.keep(self._tried(mutant, chosen, live))
        return True

    def _tried(
        self, mutant: Mutant, items: Sequence[pytest.Item], live: Mapping[Any, Sequence[Any]]
    ) -> Result:
        code, used = (
            self._forked(lambda: NOT_APPLIED if not self._apply(mutant, live) else self._run(items))
            if items
            else (PASSED, 0.0)
        )
        words = {PASSED: "survived" if items else "not run", FAILED: "killed", NOT_APPLIED: "same"}
        return {
            "key": mutant.key,
            "outcome": words.get(code, "killed by time"),
            "tests": len(items),
            "seconds": round(used, 3),
        }

    def _apply(self, mutant: Mutant, live: Mapping[Any, Sequence[Any]]) -> bool:
        path = str(self.root / mutant.file)
        old = dict(_functions(_compiled(path)))
        applied = False
        for key, code in _functions(compile(mutant.source, path, "exec", dont_inherit=True)):
            if key[0] == mutant.function and code != old.get(key):
                for function in live[path, *key]:
                    function.__code__ = code
                    applied = True
        return applied

    def _run(self, items: Sequence[pytest.Item]) -> int:
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        return PASSED

    def _of(self, item: pytest.Item) -> str:
        """Return a digest of a test's file and of the code: what is learnt holds for these."""
        return _digest(item.path, *(self.root / file for file in self.files))

    def _learn(self, items: Sequence[pytest.Item], known: dict[str, Any]) -> int:
        """Run tests as the code is; keep what each costs and which lines it runs into."""
        files = [str(self.root / each) for each in self.files]
        measured = coverage.Coverage(data_file=None, include=files, config_file=False)
        found: dict[str, tuple[str, float, dict[str, list[int]]]] = {}
        self.is_learning = True
        measured.start()
        for item, following in zip(items, [*items[1:], None], strict=True):
            measured.switch_context(item.nodeid)
            began = time.process_time()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            cost = round(time.process_time() - began, 4)
            found[item.nodeid] = self._of(item), cost, {}
        measured.stop()
        data = measured.get_data()
        for file in files:
            for line, names in data.contexts_by_lineno(file).items():
                for name in filter(None, names):
                    short = str(Path(file).relative_to(self.root))
                    found[name][2].setdefault(short, []).append(line)
        self.learnt.write_text(json.dumps({**known, **found}))
        return PASSED

    def _forked(self, work: Callable[[], int], limit: int = LIMIT) -> tuple[int, float]:
        """Do work in a copy of this process; return its exit code and the processor time used."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        child = os.fork()
        if not child:
            code = BROKEN
            try:
                spent = int(time.process_time())
                resource.setrlimit(resource.RLIMIT_CPU, (spent + limit, spent + limit))
                signal.signal(signal.SIGALRM, signal.SIG_DFL)
                signal.alarm(5 * limit)
                code = work()
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code == BROKEN:
            raise RuntimeError("A mutant could not be tried.")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return code, used


@cache
def _digest(*files: Path) -> str:
    return hashlib.sha1(b"".join(each.read_bytes() for each in files)).hexdigest()[:12]


@lru_cache(maxsize=2)
def _compiled(path: str) -> CodeType:
    return compile(Path(path).read_bytes(), path, "exec", dont_inherit=True)


def _functions(code: CodeType) -> Iterator[tuple[tuple[str, int], CodeType]]:
    """Walk the functions of a module and of its classes: name and first line, code."""
    for each in code.co_consts:
        if isinstance(each, CodeType):
            if each.co_flags & 2:  # new locals: a function, not the body of a class
                yield (each.co_qualname, each.co_firstlineno), each
            else:
                yield from _functions(each)


def _live_functions(files: Iterable[str]) -> dict[tuple[str, str, int], list[FunctionType]]:
    wanted = set(files)
    found: dict[tuple[str, str, int], list[FunctionType]] = {}
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename in wanted:
            code = each.__code__
            found.setdefault((code.co_filename, code.co_qualname, code.co_firstlineno), []).append(
                each
            )
    return found


def _lines_of(mutant: Mutant, path: str) -> set[int]:
    """Return the lines of the function that a mutant is in, nested functions too."""
    (code,) = [
        each
        for (name, first), each in _functions(_compiled(path))
        if name == mutant.function and first <= mutant.line
    ][-1:]
    todo, found = [code], set()
    while todo:
        each = todo.pop()
        found |= {line for _, _, line in each.co_lines() if line and line > each.co_firstlineno}
        todo += [inner for inner in each.co_consts if isinstance(inner, CodeType)]
    return found
