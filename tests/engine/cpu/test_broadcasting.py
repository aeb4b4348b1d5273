import numpy as np
import pytest

from convlet.engine.cpu.broadcasting import spread
from convlet.engine.plan import Plan


@pytest.mark.parametrize(
    ("shape", "small", "length", "step"),
    [
        ((6, 5, 4), (6, 5, 4), 20, 1),
        ((6, 5, 4), (1, 1, 4), 4, 1),
        ((6, 5, 4), (6, 5, 1), 4, 0),
        ((6, 5, 4), (6, 1, 1), 20, 0),
        ((6, 5, 4), (1, 1, 1), 20, 0),
        ((6, 5, 4), (6, 1, 4), 4, 1),
        ((6, 5, 1), (1, 5, 1), 5, 1),
        ((6, 1, 1), (6, 1, 1), 1, 1),
        ((7, 3), (7, 3), 21, 1),
        ((7, 3), (1, 3), 3, 1),
        ((7, 3), (7, 1), 3, 0),
        ((2, 3, 4, 5), (2, 1, 4, 5), 20, 1),
        ((7,), (7,), 7, 1),
        ((7,), (1,), 7, 0),
        ((), (), 1, 1),
    ],
)
def test_pieces_hold_what_numpy_would_broadcast(shape, small, length, step):
    starts, found_length, found_step = spread(Plan(1, False).tensor(shape), small)
    assert (found_length, found_step) == (length, step)
    positions = starts[:, np.newaxis] + np.arange(length) * step
    expected = np.broadcast_to(np.arange(np.prod(small, dtype=int)).reshape(small), shape)
    assert (positions.ravel() == expected.ravel()).all()
