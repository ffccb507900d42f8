"""The page of what the tests do not see: figures of each room, survivors by name, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

from tools.mutants.made import Mutant

Tried = Sequence[tuple[Mutant, Mapping[str, Any] | None]]
Declared = Sequence[Mapping[str, Any]]

HEAD = """\
# Mutants

A mutant is the program with one small change: `<` for `<=`, 2 for 1, an argument left out. A test
that fails kills it; one that survives is a change that no test sees. `make mutants` makes them with
the operators of mutmut, puts each into a forked copy of one process of pytest, lets tests that run
into its function meet it, the cheapest first and no more than some seconds of them, and writes this
page. What was tried is kept in `var/mutants` and not tried again until its function changes:
`ARGS='queries/rules --again'` tries survivors again, `ARGS=--afresh` all.

Left out: texts (literals, docstrings, what `N_`, `say` and `bilingual` are called with),
annotations, defaults of parameters, `strict` of zips, and what stands outside of functions.
Equivalent mutants, which no input tells apart, are declared in `tools/mutants/declared.toml` with
the reason and count neither way.

"""
COLUMNS = (
    "room",
    "mutants",
    "killed",
    "equivalent",
    "survived",
    "not tried",
    "killed, %",
    "minutes",
)


def page(
    found: Mapping[str, Tried], declared: Declared, tests: Mapping[str, Sequence[str]], seed: int
) -> str:
    """Return the page as Markdown."""
    lines = [HEAD, _row(COLUMNS), _row(["---"] * len(COLUMNS))]
    named: dict[str, list[str]] = {"Survivors": [], "Equivalent": []}
    for room, tried in found.items():
        killed = equal = alive = missing = 0
        for mutant, result in tried:
            if result is None:
                missing += 1
            elif result["outcome"].startswith("killed"):
                killed += 1
            else:
                entry = reason_of(mutant, declared)
                is_equal = result["outcome"] == "same" or bool(entry and entry.get("equivalent"))
                equal, alive = equal + is_equal, alive + (not is_equal)
                why = entry["why"] if entry else "no test sees it yet"
                if result["outcome"] == "same":
                    why = "it compiles to the same code"
                named["Equivalent" if is_equal else "Survivors"].append(_line(mutant, why))
        share = 100 * killed / max(killed + alive, 1)
        minutes = sum(result["seconds"] for _, result in tried if result) / 60
        counts = (len(tried), killed, equal, alive, missing, f"{share:.1f}", f"{minutes:.1f}")
        lines.append(_row([f"`{room}`", *map(str, counts)]))
    lines.append(f"\nMinutes are of one processor; 300 mutants are a sample, seed {seed}.\n")
    lines.append("The tests that are asked:\n\n")
    lines += [f"- `{room}`: {', '.join(f'`{each}`' for each in tests[room])}\n" for room in found]
    for title, texts in named.items():
        lines += [f"\n## {title}\n\n", *(texts or ["None.\n"])]
    return "".join(lines)


def reason_of(mutant: Mutant, declared: Declared) -> Mapping[str, Any] | None:
    """Return what is declared of a mutant: by file, function and change, or by function alone."""
    for each in declared:
        if (each["file"], each["function"]) != (mutant.file, mutant.function):
            continue
        named = {"before": mutant.before, "after": mutant.after, "nth": mutant.nth}
        if all(each.get(key, value) == value for key, value in named.items()):
            return each
    return None


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _line(mutant: Mutant, why: str) -> str:
    before, after = _differing(*(" ".join(each.split()) for each in (mutant.before, mutant.after)))
    where = f"`{mutant.file}:{mutant.line}` {mutant.function}"
    return f"- {where}: `{before}` -> `{after}`: {why}\n"


def _differing(before: str, after: str) -> tuple[str, str]:
    """Return two long texts without most of what they begin and end with alike."""
    start = max(_alike(before, after) - 20, 0)
    end = max(_alike(before[:start:-1], after[:start:-1]) - 20, 0)
    if start + end < 80:
        return before, after
    one, other = (f"... {text[start : len(text) - end]} ..." for text in (before, after))
    return one, other


def _alike(one: str, other: str) -> int:
    """Count the letters with which two texts begin alike."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
