"""Vectors: how many floats this CPU works on at once, and the building blocks of micro-kernels.

A *micro-kernel* is an ``intrinsic``: a Python function that builds the vector instructions of one
register tile with LLVM. ``Vectors`` is the small vocabulary it is written in. The same source
serves AVX-512 (16 lanes), AVX2 (8), NEON and SSE (4) and no vectors at all (1).
"""

from __future__ import annotations

import os
import platform
from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from convlet.errors import ArgumentError

FLOAT = ir.FloatType()
INT32 = ir.IntType(32)
INT64 = ir.IntType(64)


def _detect() -> tuple[int, int]:
    """Lanes of a float32 vector and the number of vector registers."""
    features = llvm.get_host_cpu_features()
    wide = features.get("avx512f", False)
    arm = platform.machine().lower() in ("arm64", "aarch64")
    native = 16 if wide else 8 if features.get("avx2", False) else 4
    chosen = os.environ.get("CONVLET_LANES", "").strip() or str(native)
    if chosen not in ("1", "4", "8", "16"):
        raise ArgumentError(
            "The environment variable CONVLET_LANES needs to be 1, 4, 8 or 16. "
            f"Received {chosen!r}. Unset it to use what this CPU offers ({native})."
        )
    lanes = int(chosen)
    return lanes, 32 if arm or (wide and lanes == 16) else 16


LANES, REGISTERS = _detect()
ACCUMULATORS = 24 if REGISTERS >= 32 else 12
"""Sums a micro-kernel may keep in registers, next to its operands."""


def padded(count: int, multiple: int = LANES) -> int:
    """``count`` rounded up to a multiple."""
    return -(-count // multiple) * multiple


class Vectors:
    """Writes vector instructions of a given number of lanes into an LLVM builder.

    Pointers are float or int32 pointers; indices count elements, not bytes.
    """

    def __init__(self, builder: ir.IRBuilder, lanes: int) -> None:
        self.builder = builder
        self.lanes = lanes
        self.type = ir.VectorType(FLOAT, lanes)
        self.int_type = ir.VectorType(INT32, lanes)
        self.zero = ir.Constant(self.type, None)
        self._fma = cgutils.get_or_insert_function(
            builder.module,
            ir.FunctionType(self.type, [self.type] * 3),
            f"llvm.fmuladd.v{lanes}f32",
        )

    def pointer(self, address: ir.Value, element: ir.Type = FLOAT) -> ir.Value:
        """The pointer at an address given as int64."""
        return self.builder.inttoptr(address, element.as_pointer())

    def at(self, pointer: ir.Value, index: ir.Value | int) -> ir.Value:
        """The pointer ``index`` elements further on."""
        if isinstance(index, int):
            index = INT64(index)
        return self.builder.gep(pointer, [index])

    def scalar(self, pointer: ir.Value) -> ir.Value:
        """The float at a pointer."""
        return self.builder.load(pointer, align=4)

    def offset(self, table: ir.Value, index: ir.Value | int) -> ir.Value:
        """Element ``index`` of a table of int32 offsets, as int64."""
        return self.builder.sext(self.builder.load(self.at(table, index), align=4), INT64)

    def load(self, pointer: ir.Value) -> ir.Value:
        """The vector at a pointer; no alignment is asked for."""
        return self.builder.load(self.builder.bitcast(pointer, self.type.as_pointer()), align=4)

    def load_integers(self, pointer: ir.Value) -> ir.Value:
        """The vector of int32 at a pointer."""
        return self.builder.load(self.builder.bitcast(pointer, self.int_type.as_pointer()), align=4)

    def prefetch(self, pointer: ir.Value) -> None:
        """Asks for a cache line that will be read soon; any address will do."""
        place = self.builder.bitcast(pointer, ir.IntType(8).as_pointer())
        function = cgutils.get_or_insert_function(
            self.builder.module,
            ir.FunctionType(ir.VoidType(), [place.type, INT32, INT32, INT32]),
            "llvm.prefetch.p0",
        )
        read, into_second_level, data = INT32(0), INT32(2), INT32(1)
        self.builder.call(function, [place, read, into_second_level, data])

    def store(self, value: ir.Value, pointer: ir.Value, lanes_kept: ir.Value | None = None) -> None:
        """Stores a vector; with a mask, only its lanes: another thread may write the others."""
        pointer = self.builder.bitcast(pointer, value.type.as_pointer())
        if lanes_kept is None:
            self.builder.store(value, pointer, align=4)
            return
        letter = "i" if value.type == self.int_type else "f"
        function = cgutils.get_or_insert_function(
            self.builder.module,
            ir.FunctionType(ir.VoidType(), [value.type, pointer.type, INT32, lanes_kept.type]),
            f"llvm.masked.store.v{self.lanes}{letter}32.p0",
        )
        self.builder.call(function, [value, pointer, INT32(4), lanes_kept])

    def spread(self, value: ir.Value) -> ir.Value:
        """A vector with ``value`` in every lane."""
        vector = ir.VectorType(value.type, self.lanes)
        one = self.builder.insert_element(ir.Constant(vector, ir.Undefined), value, INT32(0))
        zeros = ir.Constant(ir.VectorType(INT32, self.lanes), None)
        return self.builder.shuffle_vector(one, ir.Constant(vector, ir.Undefined), zeros)

    def constant(self, value: float) -> ir.Value:
        """A constant vector of float."""
        return ir.Constant(self.type, [value] * self.lanes)

    def integers(self, value: int) -> ir.Value:
        """A constant vector of int32."""
        return ir.Constant(self.int_type, [value] * self.lanes)

    def fma(self, a: ir.Value, b: ir.Value, c: ir.Value) -> ir.Value:
        """Returns a * b + c."""
        return self.builder.call(self._fma, [a, b, c])

    def first_lanes(self, count: ir.Value, before: int) -> ir.Value:
        """The mask of the lanes whose number, counted from ``before``, is less than ``count``."""
        numbers = ir.Constant(self.int_type, list(range(before, before + self.lanes)))
        limit = self.spread(self.builder.trunc(count, INT32))
        return self.builder.icmp_signed("<", numbers, limit)

    def compress(self, value: ir.Value, kept: ir.Value) -> ir.Value:
        """The kept lanes moved together to the front; what follows them is undefined."""
        if self.lanes == 1:
            return value
        letter = "i" if value.type == self.int_type else "f"
        mask = ir.VectorType(ir.IntType(1), self.lanes)
        function = cgutils.get_or_insert_function(
            self.builder.module,
            ir.FunctionType(value.type, [value.type, mask, value.type]),
            f"llvm.experimental.vector.compress.v{self.lanes}{letter}32",
        )
        undefined = ir.Constant(value.type, ir.Undefined)
        return self.builder.call(function, [value, kept, undefined])

    def count(self, mask: ir.Value) -> ir.Value:
        """How many lanes of a mask are set, as int64."""
        bits = self.builder.bitcast(mask, ir.IntType(self.lanes))
        return self.builder.ctpop(self.builder.zext(bits, INT64))

    def transposed(self, rows: list[ir.Value]) -> list[ir.Value]:
        """``lanes`` vectors as a square matrix, rows and columns exchanged.

        Each round interleaves the first half of the rows with the second; after log2(lanes) rounds
        every element is in its place.
        """
        half = self.lanes // 2
        halves = [
            ir.Constant(
                self.int_type, [start + i // 2 + i % 2 * self.lanes for i in range(self.lanes)]
            )
            for start in (0, half)
        ]
        for _ in range(self.lanes.bit_length() - 1):
            rows = [
                self.builder.shuffle_vector(rows[i], rows[i + half], pattern)
                for i in range(half)
                for pattern in halves
            ]
        return rows

    def any(self, mask: ir.Value) -> ir.Value:
        """1 if any lane of a mask is set, else 0, as int64."""
        found = self.builder.icmp_unsigned(">", self.count(mask), INT64(0))
        return self.builder.zext(found, INT64)

    def activated(self, x: ir.Value, activation: str) -> ir.Value:
        """f(x) of "linear", "relu" or "relu6", where NaN stays NaN."""
        if activation == "linear":
            return x
        x = self.builder.select(self.builder.fcmp_ordered("<", x, self.zero), self.zero, x)
        if activation == "relu":
            return x
        six = self.constant(6.0)
        return self.builder.select(self.builder.fcmp_ordered(">", x, six), six, x)

    def lets_through(self, x: ir.Value, activation: str) -> ir.Value:
        """Where "relu" or "relu6" of x has a slope of 1, not 0."""
        rises = self.builder.fcmp_ordered(">", x, self.zero)
        if activation == "relu":
            return rises
        return self.builder.and_(rises, self.builder.fcmp_ordered("<", x, self.constant(6.0)))

    def later_is_larger(self, x: ir.Value, best: ir.Value) -> ir.Value:
        """Whether ``x`` replaces ``best`` in a maximum in which the first NaN wins."""
        larger = self.builder.fcmp_unordered(">", x, best)
        return self.builder.and_(larger, self.builder.fcmp_ordered("ord", best, best))


def literal(*values: Any) -> list[Any]:
    """The compile-time values behind Numba's literal types."""
    return [value.literal_value for value in values]


def tuple_of_int64(count: int) -> Any:
    """The signature part of ``count`` run-time arguments (a ``*args``): addresses and sizes."""
    return types.UniTuple(types.int64, count)


@intrinsic
def call_kernel(typing: Any, address: Any, args: Any, batch: Any, frame: Any) -> Any:
    """Calls the kernel at ``address`` with three pointers given as integers."""
    signature = types.void(*[types.int64] * 4)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = ir.IntType(8).as_pointer()
        kernel = ir.FunctionType(ir.VoidType(), [pointer] * 3).as_pointer()
        function = builder.inttoptr(arguments[0], kernel)
        builder.call(function, [builder.inttoptr(value, pointer) for value in arguments[1:]])
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def square_root(typing: Any, x: Any) -> Any:
    """The square root of a float32, as an instruction: NumPy's and Python's call the C library."""
    signature = types.float32(types.float32)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        function_type = ir.FunctionType(FLOAT, [FLOAT])
        function = cgutils.get_or_insert_function(builder.module, function_type, "llvm.sqrt.f32")
        return builder.call(function, arguments)

    return signature, generate


@intrinsic
def atomic_add(typing: Any, address: Any, value: Any) -> Any:
    """Adds to the int64 at ``address`` and returns what was there before, atomically."""
    signature = types.int64(types.int64, types.int64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = builder.inttoptr(arguments[0], INT64.as_pointer())
        return builder.atomic_rmw("add", pointer, arguments[1], "seq_cst")

    return signature, generate


@intrinsic
def atomic_load(typing: Any, address: Any) -> Any:
    """The int64 at ``address``, read afresh from memory."""
    signature = types.int64(types.int64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = builder.inttoptr(arguments[0], INT64.as_pointer())
        return builder.load_atomic(pointer, "acquire", align=8)

    return signature, generate


@intrinsic
def atomic_store(typing: Any, address: Any, value: Any) -> Any:
    """Writes the int64 at ``address``, after everything that was written before."""
    signature = types.void(types.int64, types.int64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = builder.inttoptr(arguments[0], INT64.as_pointer())
        builder.store_atomic(arguments[1], pointer, "seq_cst", align=8)
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def atomic_exchange(typing: Any, address: Any, expected: Any, value: Any) -> Any:
    """Puts ``value`` to the int64 at ``address`` if that is ``expected``; whether it was."""
    signature = types.boolean(types.int64, types.int64, types.int64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        address, expected, value = arguments
        pointer = builder.inttoptr(address, INT64.as_pointer())
        pair = builder.cmpxchg(pointer, expected, value, "seq_cst", "seq_cst")
        return builder.extract_value(pair, 1)

    return signature, generate


@intrinsic
def call_plain(typing: Any, address: Any) -> Any:
    """Calls a C function that takes nothing, if ``address`` is not 0."""
    signature = types.void(types.int64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        function = ir.FunctionType(ir.VoidType(), []).as_pointer()
        with cgutils.if_likely(builder, builder.icmp_signed("!=", arguments[0], INT64(0))):
            builder.call(builder.inttoptr(arguments[0], function), [])
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def read_clock(typing: Any, address: Any) -> Any:
    """Nanoseconds on the clock at ``address``: a C function like C11's ``timespec_get``."""
    signature = types.int64(types.int64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        time = ir.LiteralStructType([INT64, INT64])  # seconds and nanoseconds
        function = ir.FunctionType(INT32, [time.as_pointer(), INT32]).as_pointer()
        place = cgutils.alloca_once_value(builder, ir.Constant(time, None))
        builder.call(builder.inttoptr(arguments[0], function), [place, INT32(1)])  # 1: TIME_UTC
        seconds, rest = cgutils.unpack_tuple(builder, builder.load(place), 2)
        return builder.add(builder.mul(seconds, INT64(10**9)), rest)

    return signature, generate


def typed_view(element: Any) -> Any:
    """An intrinsic that makes a typed pointer, for ``carray``, from an address given as int64."""

    @intrinsic
    def view(typing: Any, address: Any) -> Any:
        signature = types.CPointer(element)(types.int64)

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            target = context.get_value_type(signature.return_type)
            return builder.inttoptr(arguments[0], target)

        return signature, generate

    return view


floats_at = typed_view(types.float32)
int32_at = typed_view(types.int32)
int64_at = typed_view(types.int64)
float64_at = typed_view(types.float64)
