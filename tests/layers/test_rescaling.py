import re

import numpy as np
import pytest

from convlet import layers
from convlet.errors import ArgumentError, ShapeError


@pytest.mark.parametrize("settings", [{"scale": "1/255"}, {"scale": 1.0, "offset": float("nan")}])
def test_refuses(settings):
    argument, value = list(settings.items())[-1]
    message = f"Rescaling needs {argument} to be a number. Received {argument}={value!r}."
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        layers.Rescaling(**settings)


@pytest.mark.parametrize("value", [[], [1.0, float("inf")], ["one"], [[1.0], [1.0, 2.0]]])
def test_refuses_arrays(value):
    message = (
        "Rescaling needs scale to be a finite number or an array of them. "
        f"Received scale={value!r}."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        layers.Rescaling(value)


def test_arrays_become_lists():
    layer = layers.Rescaling(np.array([1, 2, 4]), (0, 1, 2))
    assert (layer.scale, layer.offset) == ([1.0, 2.0, 4.0], [0.0, 1.0, 2.0])
    assert not layer.uniform
    assert not layers.Rescaling(2, [1]).uniform
    assert layers.Rescaling(np.float32(2)).uniform


@pytest.mark.parametrize("sizes", [(4, 4, 2), ()])
def test_samples_that_do_not_fit(sizes):
    message = (
        "Rescaling 'scaled' needs samples that scale of shape (3,) fits. "
        f"Received samples of shape {sizes}. Use one number for each channel."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        layers.Rescaling([1, 2, 3], name="scaled").build((None, *sizes))
