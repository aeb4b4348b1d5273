import re

import numpy as np
import pytest

from convlet import engine, layers, losses, models, optimizers
from convlet.errors import ArgumentError, UnsupportedError


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: layers.MixUp(0), "MixUp needs alpha to be a number above 0. Received alpha=0."),
        (
            lambda: layers.CutMix(1.5),
            "CutMix needs factor to be a number from 0 to 1, or two of them. Received factor=1.5.",
        ),
    ],
)
def test_settings_that_are_refused(make, message):
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        make()


def trained(*front):
    model = models.Sequential([layers.Input((4, 4, 1)), *front, layers.Flatten(), layers.Dense(2)])
    model.compile("sgd", "mse")
    model.fit(np.ones((8, 4, 4, 1)), np.ones((8, 2)), verbose=0)
    return model


def test_mixing_behind_other_layers_is_refused_in_training():
    message = (
        "MixUp 'm' needs to stand first in a model, since it mixes images as they lie in the data "
        "set. Received it behind other layers. Only Rescaling by one number may stand before it."
    )
    with pytest.raises(UnsupportedError, match=f"^{re.escape(message)}$"):
        trained(layers.RandomFlip(), layers.MixUp(name="m"))


def test_a_model_that_mixes_predicts_images_as_they_are():
    x = np.random.default_rng(0).uniform(0, 1, (8, 4, 4, 1)).astype(np.float32)
    model = trained(layers.Rescaling(2.0), layers.CutMix())
    kernel, bias = model.layers[-1].get_weights()
    expected = 2 * x.reshape(8, -1) @ kernel + bias
    np.testing.assert_allclose(model.predict(x, verbose=0), expected, rtol=1e-5, atol=1e-5)


def test_losses_that_python_computes_are_refused():
    model = models.Sequential([layers.Input((4, 4, 1)), layers.MixUp(), layers.Flatten()])
    model.compile("sgd", "mae")
    message = (
        "A model that mixes images (MixUp, CutMix) needs losses that the engine computes: "
        "cross-entropy or mean squared error. Received MeanAbsoluteError. Take one of these."
    )
    with pytest.raises(UnsupportedError, match=f"^{re.escape(message)}$"):
        model.fit(np.ones((8, 4, 4, 1)), np.ones((8, 16)), verbose=0)


def test_two_inputs_that_are_mixed_are_refused():
    first, second = layers.Input((4, 4, 1)), layers.Input((4, 4, 1))
    mixed = layers.Add()([layers.MixUp()(first), layers.CutMix(name="c")(second)])
    model = models.Model([first, second], layers.Dense(2)(layers.Flatten()(mixed)))
    program = engine.TrainingProgram(model.graph, 4, [losses.MeanSquaredError()], optimizers.SGD())
    message = (
        "CutMix 'c' needs to be the only layer of a model that mixes images. "
        "Received another one at another input. Remove one of them."
    )
    with pytest.raises(UnsupportedError, match=f"^{re.escape(message)}$"):
        program.planned("float32")
