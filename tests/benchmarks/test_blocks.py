import numpy as np
import pytest

import convlet
from blocks import BLOCK_NETWORKS, BlockNetwork, Inverted, Residual
from sides import keras_blocks

RESIDUAL = [name for name in BLOCK_NETWORKS if name.startswith("residual")]


@pytest.mark.parametrize("name", RESIDUAL)
def test_a_residual_network_has_as_many_weights_as_by_hand(name):
    model = keras_blocks.build(convlet, BLOCK_NETWORKS[name])
    stages = {16: 4 * (9 * 16 * 16 + 64), 32: 9 * 16 * 32 + 3 * 9 * 32 * 32 + 4 * 128}
    stages[64] = 9 * 32 * 64 + 3 * 9 * 64 * 64 + 4 * 256
    stem = 27 * 16 + 64
    shortcuts = 16 * 32 + 128 + 32 * 64 + 256
    assert model.count_params() == stem + sum(stages.values()) + shortcuts + 64 * 10 + 10


def test_a_block_halves_and_adds():
    network = BlockNetwork((8, 8, 3), 4, (Residual(4), Residual(6, 2)), classes=2)
    model = keras_blocks.build(convlet, network)
    kinds = [type(layer).__name__ for layer in model.layers]
    assert kinds.count("Add") == 2
    assert kinds.count("Conv2D") == 1 + 2 + 3
    assert model.layers[-3].output.shape == (None, 4, 4, 6)
    model.train_on_batch(np.ones((4, 8, 8, 3)), np.eye(2)[[0, 1, 0, 1]])


def test_a_depthwise_network_ends_in_its_head():
    model = keras_blocks.build(convlet, BLOCK_NETWORKS["depthwise, 32x32"])
    kinds = [type(layer).__name__ for layer in model.layers]
    assert kinds.count("DepthwiseConv2D") == 8
    assert kinds.count("Add") == 3
    assert model.layers[-2].output.shape == (None, 256)


def test_an_inverted_block_adds_where_the_shape_stays():
    blocks = keras_blocks.Blocks(convlet)
    x = convlet.Input((8, 8, 4))
    assert blocks.inverted(x, Inverted(4)).node.layer.name.startswith("add")
    assert blocks.inverted(x, Inverted(6, 2)).shape == (None, 4, 4, 6)
