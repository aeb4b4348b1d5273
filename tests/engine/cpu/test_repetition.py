"""Pixels repeated into borders, and what the engine says of it."""

import numpy as np

from convlet import engine
from convlet.engine.cpu.repetition import Repetition
from convlet.engine.cpu.resizing import Resize
from convlet.engine.lowering import lower
from convlet.layers import RepeatVector, UpSampling1D, UpSampling2D, ZeroPadding2D
from convlet.layers.graph import chain
from tests.engine.cases import built
from tests.engine.network import Network


def graph(shape, *layers):
    return chain(built(Network(shape, lambda: layers)))


def test_from_a_border_into_a_border():
    x = np.random.default_rng(0).standard_normal((3, 4, 5, 2)).astype(np.float32)
    stack = ZeroPadding2D(1), UpSampling2D((2, 3)), ZeroPadding2D(2)
    y = engine.InferenceProgram(graph((4, 5, 2), *stack)).run(x)
    frame = ((0, 0), (1, 1), (1, 1), (0, 0))
    inner = np.pad(x, frame).repeat(2, axis=1).repeat(3, axis=2)
    assert (y == np.pad(inner, ((0, 0), (2, 2), (2, 2), (0, 0)))).all()


def test_a_long_sequence_takes_no_tables():
    (op,) = lower(graph((100_000, 1), UpSampling1D(2))).ops
    assert op.describe() == "1x2 larger, pixels repeated"


def test_which_op_enlarges():
    (op,) = lower(graph((4, 4, 1), UpSampling2D((2, 3)))).ops
    assert (type(op), op.describe()) == (Repetition, "2x3 larger, pixels repeated")
    (op,) = lower(graph((4, 4, 1), UpSampling2D(2, interpolation="bilinear"))).ops
    assert isinstance(op, Resize)
    (op,) = lower(graph((4,), RepeatVector(7))).ops
    assert op.describe() == "1x7 larger, pixels repeated"
