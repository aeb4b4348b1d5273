import numpy as np
import pytest

import convlet
from networks import NETWORKS
from sides import keras_names


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_is_built_as_it_is_described(name):
    network = NETWORKS[name]
    model = keras_names.build(convlet, network)
    assert model.count_params() == network.parameters
    kernels = [kernel.shape for kernel in network.kernels()]
    assert [weights.shape for weights in model.get_weights() if weights.ndim > 1] == kernels


def test_every_epoch_is_reported():
    network = NETWORKS["strides"]
    x = np.zeros((10, *network.input_shape), np.float32)
    training = keras_names.training("convlet", "float32", network, x, np.arange(10), 4, 0)
    seconds = []
    training.fit(6, 3, seconds.append)
    assert len(seconds) == 3
    assert min(seconds) > 0
    assert training.model.optimizer.iterations == 3 * 2


@pytest.mark.parametrize(("name", "columns"), [("chapter", 10), ("cats and dogs", 1)])
def test_targets_suit_the_loss(name, columns):
    network = NETWORKS[name]
    x = np.zeros((2, *network.input_shape), np.float32)
    training = keras_names.training("convlet", "float32", network, x, np.array([0, 1]), 2, 0)
    assert training.y.shape == (2, columns)
    assert training.y[:, -1].tolist() == ([0, 1] if network.binary else [0, 0])
