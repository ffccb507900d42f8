"""The mutants of a file: one small change each, as mutmut makes them, in bodies of functions."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

# What these are called with are texts that a person reads: no figure, no date, no choice.
TEXTS = {"N_", "say", "bilingual"}


GUARD = re.compile(rb",?\s*\bstrict=\w+")


class Mutant(NamedTuple):
    """One change in one function. `nth` tells equal changes of a function apart."""

    file: str
    function: str
    line: int
    before: str
    after: str
    nth: int
    body: str  # a digest of the function: what was said of another body says nothing of this one
    source: bytes  # the whole file with the change in it

    @property
    def key(self) -> str:
        """Return what a result is kept by."""
        name = f"{self.file}:{self.function}: {self.before} -> {self.after}"
        return f"{name} #{self.nth} [{self.body}]"


class _Changes(MutationVisitor):
    """The changes of mutmut without those of texts, but in decorated functions too.

    mutmut puts a switch into functions, which a property does not stand; here code is exchanged.
    """

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.FunctionDef):
            return False
        if isinstance(node, cst.Parameters | cst.BaseString):
            return True
        called = node.func if isinstance(node, cst.Call) else None
        is_text = isinstance(called, cst.Name) and called.value in TEXTS
        return is_text or super()._skip_node_and_children(node)


def mutants_of(root: Path, file: str) -> list[Mutant]:
    """Return all mutants of a file that compile, in the order of the file."""
    text = (root / file).read_text(encoding="utf-8")
    source = text.encode()
    wrapper = MetadataWrapper(cst.parse_module(text))
    visitor = _Changes(mutation_operators, IgnoredCode(set(), set(), set()))
    module = wrapper.visit(visitor)
    spans = wrapper.resolve(ByteSpanPositionProvider)
    places = wrapper.resolve(PositionProvider)
    names = _names(wrapper.module)
    seen: Counter[tuple[str, str, str]] = Counter()
    found = []
    for each in visitor.mutations:
        function = each.contained_by_top_level_function
        if not isinstance(function, cst.FunctionDef) or each.original_node not in spans:
            continue
        span = spans[each.original_node]
        before = source[span.start : span.start + span.length]
        after = module.code_for_node(each.mutated_node).strip().encode()
        changed = source[: span.start] + after + source[span.start + span.length :]
        if after == before or is_guard(source, changed) or not _compiles(changed):
            continue
        same = (names[function], before.decode(), after.decode())
        seen[same] += 1
        body = hashlib.sha1(module.code_for_node(function).encode()).hexdigest()[:8]
        line = places[each.original_node].start.line
        found.append(Mutant(file, same[0], line, same[1], same[2], seen[same], body, changed))
    return sorted(found, key=lambda each: each.line)


def is_guard(source: bytes, changed: bytes) -> bool:
    """Return whether only a `strict` of a zip is changed: a guard of what is alike anyway."""
    return GUARD.sub(b"", source) == GUARD.sub(b"", changed)


def _names(module: cst.Module) -> dict[cst.FunctionDef, str]:
    found: dict[cst.FunctionDef, str] = {}
    for each in module.body:
        if isinstance(each, cst.FunctionDef):
            found[each] = each.name.value
        if isinstance(each, cst.ClassDef):
            for inner in each.body.body:
                if isinstance(inner, cst.FunctionDef):
                    found[inner] = f"{each.name.value}.{inner.name.value}"
    return found


def _compiles(source: bytes) -> bool:
    try:
        compile(source, "mutant", "exec")
    except SyntaxError:
        return False
    return True
