import re

import numpy as np
import pytest

from convlet import layers, losses
from convlet.engine import reference
from tests.engine.cases import built, has_kinks, images, make_case, targets
from tests.engine.network import Network
from tests.engine.networks_table import NETWORKS, SMALL


def rounded(generator, shape, scale=1.0):
    """Random values that still are float32 after a difference's step of 2**-21."""
    return np.round(generator.standard_normal(shape) * scale * 2**8) / 2**8


@pytest.mark.parametrize("name", SMALL)
def test_gradients_are_the_slopes_of_the_loss(name):
    """The loss is followed a little way along a random direction in each variable's weights."""
    network = SMALL[name]._replace(batch=2, exact=False)
    generator = np.random.default_rng(0)
    stack = built(network)
    for variable in [variable for layer in stack for variable in layer.weights]:
        scale = 1 / np.sqrt(np.prod(variable.shape[:-1]))
        variable.assign(rounded(generator, variable.shape, scale))
    x = images(generator, network, 2)
    y = targets(generator, network.loss, stack[-1].output_shape[1:], 2)
    weights = np.array([0.5, 2.0]) if network.weighted else None

    def loss_value():
        return reference.gradients(stack, x, y, network.loss, weights)[0]

    gradients = reference.gradients(stack, x, y, network.loss, weights)[2]
    variables = [variable for layer in stack for variable in layer.trainable_weights]
    for variable, gradient in zip(variables, gradients, strict=True):
        start = variable.numpy()
        step = generator.integers(-1, 2, variable.shape) * 2.0**-21
        variable.assign(start + step)
        ahead = loss_value()
        variable.assign(start - step)
        behind = loss_value()
        variable.assign(start)
        slope = (ahead - behind) / 2
        assert slope == pytest.approx((gradient * step).sum(), rel=1e-4, abs=1e-10), variable.path


@pytest.mark.parametrize("name", [name for name, row in NETWORKS.items() if row.exact])
def test_exact_rows_do_not_round_where_a_relu_or_a_maximum_decides(name):
    case = make_case(NETWORKS[name])
    for count, layer in enumerate(case.layers, 1):
        if has_kinks(layer):
            single = reference.forward(case.layers[:count], case.x, dtype=np.float32)
            assert single.dtype == np.float32
            assert (single == reference.forward(case.layers[:count], case.x)).all()


def test_a_dense_network_by_hand():
    stack = built(Network((2,), lambda: [layers.Dense(1, activation="relu"), layers.Dense(1)]))
    for layer, kernel, bias in zip(stack, ([[1.0], [2.0]], [[3.0]]), ([1.0], [-1.0]), strict=True):
        layer.set_weights([np.array(kernel), np.array(bias)])
    x, y = np.array([[1.0, 1.0], [-1.0, -1.0]]), np.array([[10.0], [1.0]])
    assert reference.forward(stack, x).tolist() == [[11.0], [-1.0]]
    loss_value, predictions, gradients = reference.gradients(
        stack, x, y, losses.MeanSquaredError(), sample_weight=[1.0, 2.0]
    )
    assert predictions.tolist() == [[11.0], [-1.0]]
    assert loss_value == (1.0 * 1.0**2 + 2.0 * 2.0**2) / 2
    expected = [[[3.0], [3.0]], [3.0], [[4.0]], [-3.0]]
    assert [gradient.tolist() for gradient in gradients] == expected


def test_a_frozen_layer_has_no_gradient():
    case = make_case(SMALL["two pooled convolutions"])
    x, y, _ = case.batch
    everything = reference.gradients(case.layers, x, y, case.loss)[2]
    case.layers[2].trainable = False
    rest = reference.gradients(case.layers, x, y, case.loss)[2]
    assert [(a == b).all() for a, b in zip(rest, everything[:2] + everything[4:], strict=True)]


def test_dropout_needs_a_mask_in_training_only():
    stack = built(Network((4,), lambda: [layers.Dropout(0.5, name="drop"), layers.Dense(4)]))
    stack[1].set_weights([np.eye(4), np.zeros(4)])
    x = np.ones((1, 4))
    assert reference.forward(stack, x).tolist() == [[1.0] * 4]
    masks = {"drop": np.array([[1.0, 0.0, 0.0, 1.0]])}
    assert reference.forward(stack, x, training=True, masks=masks).tolist() == [[2.0, 0, 0, 2.0]]
    message = "The reference needs a mask for Dropout 'drop'. Received masks for ['other']."
    with pytest.raises(ValueError, match=re.escape(message)):
        reference.forward(stack, x, training=True, masks={"other": x})


def test_a_cross_entropy_is_joined_with_its_activation():
    """A prediction that is wrong for certain still learns: nothing is clipped."""
    stack = built(Network((1,), lambda: [layers.Dense(2, activation="softmax")]))
    stack[0].set_weights([np.array([[1000.0, 0.0]]), np.zeros(2)])
    loss_value, predictions, gradients = reference.gradients(
        stack, [[1.0]], [[0.0, 1.0]], losses.CategoricalCrossentropy()
    )
    assert predictions.tolist() == [[1.0, 0.0]]
    assert loss_value == 1000.0
    assert gradients[0].tolist() == [[1.0, -1.0]]
