"""Every order of axes, of sizes that fill vectors and that don't."""

from itertools import permutations

import numpy as np
import pytest

from convlet import engine
from convlet.engine.cpu.permutation import Permutation
from convlet.layers import Permute, ZeroPadding2D
from convlet.layers.graph import chain
from tests.engine.cases import built
from tests.engine.network import Network


def outputs(shape, *layers):
    x = np.random.default_rng(0).standard_normal((3, *shape)).astype(np.float32)
    network = built(Network(shape, lambda: layers))
    return x, engine.InferenceProgram(chain(network)).run(x)


@pytest.mark.parametrize(
    ("shape", "dims"),
    [
        ((21,), (1,)),
        *(((21, 35), dims) for dims in permutations((1, 2))),
        *(((5, 18, 33), dims) for dims in permutations((1, 2, 3))),
        *(((2, 3, 17, 4), dims) for dims in permutations((1, 2, 3, 4))),
    ],
)
def test_every_order(shape, dims):
    x, y = outputs(shape, Permute(dims))
    assert (y == x.transpose(0, *dims)).all()


@pytest.mark.parametrize("dims", list(permutations((1, 2, 3))))
def test_from_a_border_into_a_border(dims):
    x, y = outputs((3, 4, 5), ZeroPadding2D(1), Permute(dims), ZeroPadding2D(2))
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0))).transpose(0, *dims)
    assert (y == np.pad(padded, ((0, 0), (2, 2), (2, 2), (0, 0)))).all()


def test_description():
    assert Permutation((1, 0, 2)).describe() == "axes in the order (2, 1, 3)"
