"""Winograd's transforms: the micro-kernels that walk between an image and its frequencies.

F(m x m, 3 x 3) computes m x m outputs of a 3 x 3 convolution from n x n inputs, n = m + 2, with one
product for each of n x n *planes* where the definition has 9 m x m:

    Y = A^T [ (G g G^T) * (B^T d B) ] A

with d the inputs, g the kernel, and * element by element; its gradients are the same product seen
from the other sides: dd = B [ (G g G^T) * (A dY A^T) ] B^T, dg = G^T [ (B^T d B) * (A dY A^T) ] G.

References:
    Winograd, Arithmetic Complexity of Computations, 1980. Lavin and Gray, Fast Algorithms for
    Convolutional Neural Networks, 2016. The matrices are Toom's and Cook's, by `matrices`.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from itertools import product as pairs
from math import prod
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from convlet.engine.cpu.simd import INT64, Vectors, literal, tuple_of_int64
from convlet.engine.cpu.tiles import pooled

KERNEL = 3
"""Height and width of the kernels that are treated this way."""
POINTS = (Fraction(0), Fraction(1), Fraction(-1), Fraction(2), Fraction(-1, 2), Fraction(1, 2))
"""Where polynomials are evaluated, beside infinity: of those tried these lose the fewest digits."""
IN_ORDER = ("nsz",)
"""Flags of sums that LLVM must not regroup, as `jit.FAST_MATH` would let it: planes that are zero
and outputs that are the same because rows or columns are equal must come out so to the bit."""
Matrix = tuple[tuple[Fraction, ...], ...]
Grid = list[list[ir.Value]]


def _times(polynomial: list[Fraction], root: Fraction) -> list[Fraction]:
    """A polynomial, constant first, times (x - root)."""
    shifted = [Fraction(0), *polynomial]
    return [a - root * b for a, b in zip(shifted, [*polynomial, Fraction(0)], strict=True)]


@lru_cache(maxsize=8)
def matrices(size: int) -> dict[str, Matrix]:
    """The matrices A^T, B^T and G of F(size x size, 3 x 3), and A, B and G^T.

    Kernel and inputs, read as polynomials, are evaluated at the first size + 1 of `POINTS` and at
    infinity. For size 2 all entries of A and B are 0 or +-1, and no number enters an output whose
    window it is not in: zeros stay exact.

    Example:
        >>> for row in matrices(2)["A^T"]:
        ...     print(*row)
        1 1 1 0
        0 1 -1 1
    """
    points = POINTS[: size + KERNEL - 2]
    inner, signals, filters = [], [], []
    for point in points:
        others = [other for other in points if other != point]
        scale = prod((point - other for other in others), start=Fraction(1))
        sign = -1 if scale < 0 else 1
        polynomial = [Fraction(sign)]
        for other in others:
            polynomial = _times(polynomial, other)
        signals.append((*polynomial, Fraction(0)))
        filters.append(tuple(sign * point**k / scale for k in range(KERNEL)))
        inner.append(tuple(point**k for k in range(size)))
    polynomial = [Fraction(1)]
    for point in points:
        polynomial = _times(polynomial, point)
    signals.append(tuple(polynomial))
    filters.append(tuple(Fraction(int(k == KERNEL - 1)) for k in range(KERNEL)))
    inner.append(tuple(Fraction(int(k == size - 1)) for k in range(size)))
    turned = {"A": inner, "B^T": signals, "G": filters}
    made: dict[str, Matrix] = {name: tuple(rows) for name, rows in turned.items()}
    for name, transposed in (("A", "A^T"), ("B^T", "B"), ("G", "G^T")):
        made[transposed] = tuple(zip(*made[name], strict=True))
    return made


def _combined(v: Vectors, factors: tuple[Fraction, ...], vectors: list[ir.Value]) -> ir.Value:
    """The sum of factor times vector, the first term one that needs no multiplication if any."""
    terms = [(f, x) for f, x in zip(factors, vectors, strict=True) if f]
    terms.sort(key=lambda term: term[0] != 1)
    total = None
    for factor, x in terms:
        if total is None:
            total = x if factor == 1 else v.builder.fmul(v.constant(float(factor)), x)
        elif abs(factor) == 1:
            combine = v.builder.fadd if factor == 1 else v.builder.fsub
            total = combine(total, x, flags=IN_ORDER)
        else:
            total = v.fma(v.constant(float(factor)), x, total)
    return v.zero if total is None else total


def _sandwiched(v: Vectors, matrix: Matrix, grid: Grid) -> Grid:
    """L X L^T for a matrix L and a square X of vectors."""
    columns = [list(column) for column in zip(*grid, strict=True)]
    half = [[_combined(v, row, column) for column in columns] for row in matrix]
    return [[_combined(v, row, line) for row in matrix] for line in half]


def _loaded(v: Vectors, start: ir.Value, strides: tuple[ir.Value, ir.Value], side: int) -> Grid:
    """A square of vectors, rows and columns some floats apart."""
    return [[v.load(_place(v, start, strides, i, j)) for j in range(side)] for i in range(side)]


def _place(
    v: Vectors, start: ir.Value, strides: tuple[ir.Value, ir.Value], i: int, j: int
) -> ir.Value:
    """The pointer to element (i, j) of a square."""
    down, right = (
        v.builder.mul(stride, INT64(k)) for stride, k in zip(strides, (i, j), strict=True)
    )
    return v.at(start, v.builder.add(down, right))


class _Finite:
    """Watches whether all vectors it is shown are finite: times 0 they are 0, and NaN if not."""

    def __init__(self, v: Vectors) -> None:
        self.v = v
        self.zeros = cgutils.alloca_once_value(v.builder, v.zero)

    def watch(self, grid: Grid) -> None:
        """Takes in a grid of vectors."""
        zeros = self.v.builder.load(self.zeros)
        for value in (value for line in grid for value in line):
            zeros = self.v.fma(value, self.v.zero, zeros)
        self.v.builder.store(zeros, self.zeros)

    def broken(self) -> ir.Value:
        """1 if there was an infinity or a NaN, else 0, as int64."""
        zeros = self.v.builder.load(self.zeros)
        return self.v.any(self.v.builder.fcmp_unordered("uno", zeros, zeros))


@intrinsic(prefer_literal=True)
def transform_tile(
    typing: Any, lanes: Any, size: Any, matrix: Any, gradient: Any, add: Any, ragged: Any,
    *runtime: Any,
) -> Any:  # fmt: skip
    """Y = L X L^T for each channel of one tile, L the matrix of F(size x size, 3 x 3) so named.

    X[i, j] is the vector at ``x + i x_row + j x_column``, Y[i, j] at ``y + i y_row + j y_column``.

    Compile-time args:
        gradient: Whether X is summed over, so that its first ``skip // 256`` rows and
            ``skip % 256`` columns, which the tile before has too, must count as 0.
        add: Whether Y is added to what is there.
        ragged: Whether the last vector's lanes beyond the channels are left as they are; if not,
            they are overwritten.

    Run-time args (all int64): x, x_row, x_column, y, y_row, y_column, channels, skip.

    Returns:
        With ``gradient``, 1 if X held an infinity or a NaN; else 0.
    """
    values = literal(lanes, size, matrix, gradient, add, ragged)
    signature = types.int64(lanes, size, matrix, gradient, add, ragged, tuple_of_int64(8))

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _transform(builder, values, cgutils.unpack_tuple(builder, arguments[-1]))

    return signature, generate


def _transform(builder: ir.IRBuilder, values: list[Any], arguments: list[ir.Value]) -> ir.Value:
    lanes, size, name, gradient, add, ragged = values
    x, x_row, x_column, y, y_row, y_column, channels, skip = arguments
    matrix = matrices(size)[name]
    v = Vectors(builder, lanes)
    x, y = v.pointer(x), v.pointer(y)
    finite = _Finite(v)
    kept = _kept(v, skip, len(matrix[0]))
    with cgutils.for_range_slice(builder, INT64(0), channels, INT64(lanes), INT64) as (first, _):
        grid = _loaded(v, v.at(x, first), (x_row, x_column), len(matrix[0]))
        if gradient:
            finite.watch(grid)
            grid = [
                [builder.select(keep, value, v.zero) for keep, value in zip(*lines, strict=True)]
                for lines in zip(kept, grid, strict=True)
            ]
        results = _sandwiched(v, matrix, grid)
        mask = v.first_lanes(builder.sub(channels, first), 0) if ragged else None
        _store(v, results, v.at(y, first), (y_row, y_column), mask, add)
    return finite.broken() if gradient else INT64(0)


def _store(
    v: Vectors, grid: Grid, start: ir.Value, strides: tuple[ir.Value, ir.Value],
    mask: ir.Value | None, add: bool = False,
) -> None:  # fmt: skip
    """Stores or adds a square of vectors, rows and columns some floats apart."""
    for i, line in enumerate(grid):
        for j, value in enumerate(line):
            target = _place(v, start, strides, i, j)
            total = v.builder.fadd(v.load(target), value) if add else value
            v.store(total, target, mask)


def _kept(v: Vectors, skip: ir.Value, side: int) -> Grid:
    """Of a square, which elements are not among the rows and columns that ``skip`` counts."""
    limits = v.builder.udiv(skip, INT64(256)), v.builder.urem(skip, INT64(256))
    compare = v.builder.icmp_signed
    rows, columns = ([compare(">=", INT64(i), limit) for i in range(side)] for limit in limits)
    return [[v.builder.and_(row, column) for column in columns] for row in rows]


@intrinsic(prefer_literal=True)
def output_tile(
    typing: Any, lanes: Any, size: Any, pool: Any, activation: Any, codes: Any, ragged: Any,
    *runtime: Any,
) -> Any:  # fmt: skip
    """Y = pool(activation(A^T M A + bias)) for each channel of one tile; see ``transform_tile``.

    Compile-time args:
        pool: Height and width of the windows of outputs that are max-pooled into one; 1 for none.
        activation, codes, ragged: As in ``tiles.product_tile``.

    Run-time args (all int64): m, m_row, m_column, bias, y, y_row, y_column, codes, channels, skip:
        the first ``skip // 256`` rows and ``skip % 256`` columns of Y are not stored.

    Returns:
        1 if a sum was infinite or not a number, else 0.
    """
    values = literal(lanes, size, pool, activation, codes, ragged)
    signature = types.int64(lanes, size, pool, activation, codes, ragged, tuple_of_int64(10))

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _output(builder, values, cgutils.unpack_tuple(builder, arguments[-1]))

    return signature, generate


def _output(builder: ir.IRBuilder, values: list[Any], arguments: list[ir.Value]) -> ir.Value:
    lanes, size, pool, activation, codes, ragged = values
    m, m_row, m_column, bias, y, y_row, y_column, code, channels, skip = arguments
    v = Vectors(builder, lanes)
    m, bias, y, code = (v.pointer(address) for address in (m, bias, y, code))
    finite = _Finite(v)
    kept = _kept(v, skip, size // pool)
    with cgutils.for_range_slice(builder, INT64(0), channels, INT64(lanes), INT64) as (first, _):
        grid = _loaded(v, v.at(m, first), (m_row, m_column), size + KERNEL - 1)
        start = v.load(v.at(bias, first))
        sums = [
            [builder.fadd(value, start) for value in line]
            for line in _sandwiched(v, matrices(size)["A^T"], grid)
        ]
        finite.watch(sums)
        mask = v.first_lanes(builder.sub(channels, first), 0) if ragged else None
        best, origins = _pooled_grid(v, sums, pool, activation)
        for i, j in pairs(range(size // pool), repeat=2):
            with builder.if_then(kept[i][j]):
                v.store(best[i][j], _place(v, v.at(y, first), (y_row, y_column), i, j), mask)
                if codes:
                    place = _place(v, v.at(code, first), (y_row, y_column), i, j)
                    v.store(origins[i][j], place, mask)
    return finite.broken()


def _pooled_grid(v: Vectors, grid: Grid, pool: int, activation: str) -> tuple[Grid, Grid]:
    """The activated maximum of each window of a grid, and its place in the window."""
    corners = range(0, len(grid), pool)
    windows = [
        [
            pooled(v, [x for line in grid[i : i + pool] for x in line[j : j + pool]], activation)
            for j in corners
        ]
        for i in corners
    ]
    best, origins = ([[pair[k] for pair in line] for line in windows] for k in (0, 1))
    return best, origins
