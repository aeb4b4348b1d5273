import copy
import pickle
import re

import numpy as np
import pytest

from convlet.errors import ShapeError
from convlet.variable import ALIGNMENT, Variable, aligned_empty, assign_all


@pytest.fixture
def kernel():
    variable = Variable(np.arange(6.0).reshape(2, 3), "kernel", trainable=False)
    variable.path = "dense/kernel"
    return variable


@pytest.mark.parametrize("shape", [(), (1,), (3, 5), (3, 3, 1, 32)])
@pytest.mark.parametrize("dtype", [np.float32, np.int64])
def test_aligned_empty(shape, dtype):
    array = aligned_empty(shape, dtype)
    assert array.shape == shape
    assert array.dtype == dtype
    assert array.flags.c_contiguous
    assert array.ctypes.data % ALIGNMENT == 0


def test_is_float32(kernel):
    assert kernel.dtype == np.float32
    assert (kernel.shape, kernel.size, kernel.name) == ((2, 3), 6, "kernel")
    assert repr(kernel) == "<Variable 'dense/kernel', shape (2, 3)>"


def test_its_memory_never_moves(kernel):
    address = kernel.address
    kernel.assign(np.ones((2, 3)))
    assert kernel.address == address == kernel.value.ctypes.data
    assert address % ALIGNMENT == 0
    assert kernel.value.tolist() == [[1.0] * 3] * 2


def test_numpy_is_a_copy(kernel):
    kernel.numpy()[...] = 9
    assert kernel.value.max() == 5
    np.testing.assert_array_equal(np.asarray(kernel), kernel.value)
    np.testing.assert_array_equal(np.array(kernel, dtype=np.float64), kernel.value)


def test_assign_alone_changes_it_and_is_counted(kernel):
    for view in (kernel.value, np.asarray(kernel)):
        with pytest.raises(ValueError, match=r"^assignment destination is read-only$"):
            view[0, 0] = 9
    assert kernel.changes == 0
    kernel.assign(np.ones((2, 3)))
    kernel.assign(np.zeros((2, 3)))
    assert kernel.changes == 2


@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))]
)
def test_copies_are_aligned_too(kernel, again):
    copied = again(kernel)
    assert copied.address != kernel.address
    assert copied.address % ALIGNMENT == 0
    assert (copied.name, copied.path, copied.trainable) == ("kernel", "dense/kernel", False)
    np.testing.assert_array_equal(copied.value, kernel.value)


def test_assign_refuses_another_shape(kernel):
    message = "Variable 'dense/kernel' needs values of shape (2, 3). Received shape (3,)."
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        kernel.assign([1.0, 2.0, 3.0])  # NumPy would broadcast it


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([], "Layer needs 2 arrays of weights (dense/kernel (2, 3), bias (3,)). Received 0."),
        (
            [np.ones((2, 3)), np.ones(2)],
            "Layer needs 'bias' to have shape (3,). Received shape (2,).",
        ),
    ],
)
def test_assign_all_changes_nothing_where_one_does_not_fit(kernel, values, message):
    before = kernel.numpy()
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        assign_all("Layer", [kernel, Variable(np.zeros(3), "bias")], values)
    np.testing.assert_array_equal(kernel.value, before)


def test_assign_all_to_none():
    assign_all("Flatten 'flatten'", [], [])
    message = "Flatten 'flatten' needs 0 arrays of weights (it has none). Received 1."
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        assign_all("Flatten 'flatten'", [], [np.ones(3)])
