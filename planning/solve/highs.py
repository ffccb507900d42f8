"""OR-Tools behind two functions on arrays: a linear and an integer programme, solved with HiGHS.

The models go over as MathOpt's messages, built from arrays at once: its Python objects would cost
more time than the solve. OR-Tools is imported by the first solve: what only shows plans starts
without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from planning.problem.postings import Flags, Floats, Ints

if TYPE_CHECKING:
    from ortools.math_opt import model_pb2
    from ortools.math_opt.python import mathopt

OPTIMAL, FEASIBLE, INFEASIBLE, UNKNOWN = "optimal", "feasible", "infeasible", "unknown"


@dataclass(frozen=True)
class Solved:
    """How a programme ended. `bound` is proved; values and duals are empty when there are none."""

    status: str
    objective: float
    bound: float
    values: Floats
    duals: Floats


def solve_lp(
    cost: Floats,
    upper: Floats,
    rows: Ints,
    columns: Ints,
    coefs: Floats,
    row_lower: Floats,
    row_upper: Floats,
    seconds: float | None = None,
    with_interior_point: bool = False,
) -> Solved:
    """Minimise a linear programme over columns from 0 to `upper`."""
    from ortools.math_opt.python import mathopt

    proto = _proto(cost, upper, None, rows, columns, coefs, row_lower, row_upper)
    parameters = mathopt.SolveParameters(
        time_limit=timedelta(seconds=seconds) if seconds else None,
    )
    if with_interior_point:
        parameters.highs.string_options["solver"] = "ipm"
        parameters.highs.string_options["run_crossover"] = "off"
    return _solve(proto, parameters, len(cost), len(row_lower))


def solve_mip(
    cost: Floats,
    upper: Floats,
    is_integer: Flags,
    rows: Ints,
    columns: Ints,
    coefs: Floats,
    row_lower: Floats,
    row_upper: Floats,
    *,
    seconds: float | None = None,
    nodes: int | None = None,
    seed: int = 0,
    target: float | None = None,
) -> Solved:
    """Minimise an integer programme; stop at a solution worth `target` or less."""
    from ortools.math_opt.python import mathopt

    proto = _proto(cost, upper, is_integer, rows, columns, coefs, row_lower, row_upper)
    parameters = mathopt.SolveParameters(
        time_limit=timedelta(seconds=max(seconds, 0.01)) if seconds is not None else None,
        node_limit=nodes,
        random_seed=seed,
        absolute_gap_tolerance=0.999,  # costs are whole numbers
        relative_gap_tolerance=0.0,
    )
    if target is not None:
        parameters.highs.double_options["objective_target"] = target
    return _solve(proto, parameters, len(cost), len(row_lower))


def _solve(
    proto: model_pb2.ModelProto,
    parameters: mathopt.SolveParameters,
    column_count: int,
    row_count: int,
) -> Solved:
    from ortools.math_opt.core.python import solver
    from ortools.math_opt.python import callback, mathopt
    from ortools.math_opt.python.model_parameters import ModelSolveParameters

    result = solver.solve(
        proto,
        mathopt.SolverType.HIGHS.value,
        mathopt.StreamableSolverInitArguments().to_proto(),
        parameters.to_proto(),
        ModelSolveParameters().to_proto(),
        None,
        callback.CallbackRegistration().to_proto(),
        None,
        None,
    )
    reason = mathopt.TerminationReason(result.termination.reason)
    values, duals, objective = np.zeros(0), np.zeros(0), np.inf
    if result.solutions:
        solution = result.solutions[0]
        if solution.HasField("primal_solution"):
            objective = solution.primal_solution.objective_value
            values = _dense(solution.primal_solution.variable_values, column_count)
        if solution.HasField("dual_solution"):
            duals = _dense(solution.dual_solution.dual_values, row_count)
    bound = result.termination.objective_bounds.dual_bound
    status = {
        mathopt.TerminationReason.OPTIMAL: OPTIMAL,
        mathopt.TerminationReason.FEASIBLE: FEASIBLE,
        mathopt.TerminationReason.INFEASIBLE: INFEASIBLE,
        mathopt.TerminationReason.INFEASIBLE_OR_UNBOUNDED: INFEASIBLE,
    }.get(reason, UNKNOWN)
    return Solved(status, objective, bound, values, duals)


def _dense(sparse: object, count: int) -> Floats:
    dense = np.zeros(count)
    dense[np.array(sparse.ids, dtype=np.int64)] = np.array(sparse.values)  # type: ignore[attr-defined]
    return dense


def _proto(
    cost: Floats,
    upper: Floats,
    is_integer: Flags | None,
    rows: Ints,
    columns: Ints,
    coefs: Floats,
    row_lower: Floats,
    row_upper: Floats,
) -> model_pb2.ModelProto:
    from ortools.math_opt import model_pb2

    proto = model_pb2.ModelProto()
    count = len(cost)
    proto.variables.ids.extend(range(count))
    proto.variables.lower_bounds.extend([0.0] * count)
    proto.variables.upper_bounds.extend(upper.tolist())
    flags = [False] * count if is_integer is None else is_integer.tolist()
    proto.variables.integers.extend(flags)
    priced = np.flatnonzero(cost)
    proto.objective.linear_coefficients.ids.extend(priced.tolist())
    proto.objective.linear_coefficients.values.extend(cost[priced].tolist())
    proto.linear_constraints.ids.extend(range(len(row_lower)))
    proto.linear_constraints.lower_bounds.extend(row_lower.tolist())
    proto.linear_constraints.upper_bounds.extend(row_upper.tolist())
    order = np.lexsort((columns, rows))
    matrix = proto.linear_constraint_matrix
    matrix.row_ids.extend(rows[order].tolist())
    matrix.column_ids.extend(columns[order].tolist())
    matrix.coefficients.extend(coefs[order].tolist())
    return proto
