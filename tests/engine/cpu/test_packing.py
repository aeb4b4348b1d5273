"""Packed weights: panels of rows, transposed or not, filled up with zeros."""

import ctypes

import numpy as np
import pytest

from convlet.engine.context import NO_BATCH, Context, Phase, Table
from convlet.engine.cpu import packing
from convlet.engine.cpu.packing import bias_row, packed, packed_transposed
from convlet.engine.plan import Plan
from convlet.variable import Variable

SHAPES = [(1, 1), (3, 5), (16, 16), (33, 20), (40, 70), (5, 130)]


def copy_of(shape, make):
    """The variable, and what ``make`` leaves at the address it returns: rows x panels of floats."""
    variable = Variable(np.arange(1, 1 + np.prod(shape), dtype=np.float32).reshape(shape), "kernel")
    plan = Plan(1, training=False)
    address, floats = make(plan, variable)
    table = Table([Phase("pack", plan.pack_calls)], plan)
    Context().run(table, NO_BATCH, threads=1)
    found = np.ctypeslib.as_array((ctypes.c_float * floats).from_address(address)).copy()
    return variable.numpy(), found


def in_panels(matrix, width):
    """A matrix as products read it."""
    rows, columns = matrix.shape
    filled = np.zeros((rows, -(-columns // width) * width), np.float32)
    filled[:, :columns] = matrix
    return np.concatenate([part.ravel() for part in np.split(filled, filled.shape[1] // width, 1)])


@pytest.mark.parametrize("width", [16, 48, 64])
@pytest.mark.parametrize("shape", SHAPES)
def test_rows_lie_in_panels(shape, width):
    rows, columns = shape
    size = rows * -(-columns // width) * width
    matrix, found = copy_of(shape, lambda plan, w: (packed(plan, w, columns, width), size))
    assert (found == in_panels(matrix, width)).all()


def test_a_matrix_that_is_one_panel_is_used_in_place():
    kernel = Variable(np.ones((3, 32)), "kernel")
    plan = Plan(1, training=False)
    assert packed(plan, kernel, 32, 32) == kernel.address
    assert not plan.pack_calls


@pytest.mark.parametrize("interleaved", [False, True])
@pytest.mark.parametrize("blocks", [1, 3])
@pytest.mark.parametrize("shape", SHAPES)
def test_each_matrix_is_transposed(shape, blocks, interleaved):
    columns, rows = shape
    width = 32
    size = blocks * rows * -(-columns // width) * width

    def make(plan, variable):
        return packed_transposed(plan, variable, rows, columns, width, interleaved), size

    matrices, found = copy_of((blocks, columns, rows), make)
    transposes = matrices.transpose(2, 0, 1) if interleaved else matrices.transpose(0, 2, 1)
    assert (found == in_panels(transposes.reshape(-1, columns), width)).all()


def test_large_matrices_are_copied_by_several_tasks(monkeypatch):
    monkeypatch.setattr(packing, "TASK_FLOATS", 64)
    plan = Plan(1, training=False)
    packed_transposed(plan, Variable(np.ones((50, 70)), "kernel"), 70, 50, 32)
    assert len(plan.pack_calls) > 4
    test_each_matrix_is_transposed((50, 70), 1, False)
    test_rows_lie_in_panels((40, 70), 16)


def test_no_bias_is_zeros():
    plan = Plan(1, training=False)
    address = bias_row(plan, None, 5, 16)
    assert not np.ctypeslib.as_array((ctypes.c_float * 16).from_address(address)).any()
