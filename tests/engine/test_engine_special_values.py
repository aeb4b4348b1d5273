"""NaN and infinity in the images: they spread as the formulas say, and no further."""

import numpy as np
import pytest

from convlet import engine, optimizers
from convlet.engine import reference
from convlet.layers.graph import chain
from tests.engine.cases import make_case
from tests.engine.networks_table import NETWORKS

NAMES = [
    "pool 2",
    "pool 2, conv and pool same, odd",
    "planes, tiles that reach back",
    "planes, tiles of 5 and a pool",
    "planes, pooled twice",
    "pool 3, stride 2",
    "depthwise 3x3",
    "depthwise 3x3 same, a ragged vector",
    "depthwise, then relu6",
    "pooling without relu",
    "pooling first",
    "a relu convolution last",
    "a convolution last",
    "average pooling 2",
    "global average pooling, axes kept",
    "global max pooling, axes kept, last",
    "dense on images",
    "smooth activations",
    "relu with a ceiling, a slope and a threshold",
    "layers of activations, padded for the next",
    "learned slopes, one a channel",
]


def up_to_the_first_dense_layer(layers):
    """The part whose values still belong to a place in the image; there, little is touched."""
    kinds = [type(layer).__name__ for layer in layers]
    return layers[: kinds.index("Flatten")] if "Flatten" in kinds else layers


def spoilt_images(case, value):
    """The images, in two of which a few pixels hold ``value``; and which images those are."""
    x = case.x.copy()
    x[2, 3, 2, 0] = value
    x[4, -1, -1] = value
    return x, [2, 4]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", NAMES)
def test_spoilt_pixels_reach_exactly_what_depends_on_them(name, value):
    case = make_case(NETWORKS[name])
    layers = up_to_the_first_dense_layer(case.layers)
    x, spoilt = spoilt_images(case, value)
    with np.errstate(invalid="ignore", over="ignore"):
        expected = reference.forward(layers, x)

    program = engine.InferenceProgram(chain(layers))
    outputs = program.run(x)

    np.testing.assert_allclose(outputs, expected, rtol=1e-4, atol=1e-5)
    clean = [position for position in range(len(x)) if position not in spoilt]
    assert (outputs[clean] == program.run(case.x)[clean]).all()


@pytest.mark.parametrize("name", ["pool 2", "average pooling 2", "dense", "sigmoid and binary"])
def test_training_on_not_a_number_says_so(name):
    """The loss is NaN, only that image's prediction is, and the last layer's weights become it."""
    case = make_case(NETWORKS[name])
    spoilt = int(case.index[1])
    x = case.x.copy()
    x[spoilt, 1, 1] = np.nan
    optimizer = optimizers.SGD()
    program = engine.TrainingProgram(chain(case.layers), len(case.index), [case.loss], optimizer)
    (loss_value, _), (predictions,) = program.step([x], [case.y], case.index, [case.sample_weight])
    assert np.isnan(loss_value)
    assert np.isnan(predictions[1]).all()
    assert np.isfinite(np.delete(predictions, 1, axis=0)).all()
    assert np.isnan(case.layers[-1].kernel.value).any()


@pytest.mark.parametrize(
    "name", ["softmax as a layer", "sparse", "sigmoid and binary", "binary from logits"]
)
def test_outputs_that_are_wrong_for_certain_have_a_finite_loss(name):
    """Logits of hundreds: exponentials overflow, the loss and the gradients do not."""
    case = make_case(NETWORKS[name])
    for layer in case.layers:
        layer.set_weights([weight * 300 for weight in layer.get_weights()])
    x, y, weights = case.batch
    with np.errstate(over="ignore"):
        expected, _, gradients = reference.gradients(case.layers, x, y, case.loss, weights)
    program = engine.TrainingProgram(
        chain(case.layers), len(x), [case.loss], optimizers.SGD(2.0**30)
    )
    before = [variable.numpy() for layer in case.layers for variable in layer.weights]
    (loss_value, _), _ = program.step([case.x], [case.y], case.index, [case.sample_weight])
    assert loss_value == pytest.approx(expected, rel=1e-5)
    after = [variable.numpy() for layer in case.layers for variable in layer.weights]
    for old, new, gradient in zip(before, after, gradients, strict=True):
        np.testing.assert_allclose(
            (old.astype(float) - new) / 2.0**30, gradient, atol=1e-5 * np.abs(gradient).max()
        )
