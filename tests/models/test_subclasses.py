"""Models whose class is one's own, made between tensors; and what such a class cannot have."""

import pickle

import numpy as np
import pytest

from convlet import layers, models
from convlet.errors import UnsupportedError

X = np.random.default_rng(5).normal(size=(6, 4)).astype(np.float32)


class Named(models.Model):
    """A class of one's own that is made between tensors."""

    def doubled(self, x):
        return 2 * self.predict(x, verbose=0)


class Further(Named):
    def __init__(self, units):
        inputs = layers.Input((4,))
        super().__init__(inputs=inputs, outputs=layers.Dense(units)(inputs), name="further")
        self.units = units


@pytest.mark.parametrize("by_name", [False, True])
def test_a_class_of_ones_own_between_tensors(by_name):
    inputs = layers.Input((4,))
    outputs = layers.Dense(2)(inputs)
    model = Named(inputs=inputs, outputs=outputs) if by_name else Named(inputs, outputs)
    assert type(model) is Named
    assert isinstance(model, models.Functional)
    assert model.name.startswith("named")
    assert [layer.name for layer in model.layers] == [inputs.name, outputs.name]
    np.testing.assert_array_equal(model.doubled(X), 2 * model.predict(X, verbose=0))


def test_a_class_that_makes_its_own_tensors():
    model = Further(3)
    assert (model.units, model.name, model.output_shape) == (3, "further", (None, 3))
    assert Further(5).output_shape == (None, 5)


def test_such_a_model_is_copied():
    model = Further(3)
    copied = pickle.loads(pickle.dumps(model))
    assert type(copied) is Further
    np.testing.assert_array_equal(copied.predict(X, verbose=0), model.predict(X, verbose=0))


@pytest.mark.parametrize("step", ["train_step", "test_step", "compute_loss"])
def test_a_step_in_python_is_refused_where_the_class_begins(step):
    with pytest.raises(UnsupportedError) as info:
        type("Own", (models.Model,), {step: lambda self, data: {}, "make": None})
    assert str(info.value) == (
        f"Own cannot have a {step} of its own: convlet differentiates its own layers, not Python "
        "code. Give compile a loss for each output, with loss_weights; a loss of your own is "
        "losses.custom(function, gradient). What is to happen around a step is a Callback."
    )
