import re

import pytest

from convlet import layers
from convlet.errors import ArgumentError, UnknownNameError
from convlet.layers.resampled import check_resampling


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"fill_mode": "mirror"},
            "RandomZoom needs fill_mode to be one of 'reflect', 'wrap', 'constant', 'nearest'. "
            "Received fill_mode='mirror'.",
        ),
        (
            {"interpolation": "bilinaer"},
            "RandomZoom needs interpolation to be one of 'nearest', 'bilinear'. "
            "Received interpolation='bilinaer'. Did you mean 'bilinear'?",
        ),
        (
            {"fill_value": "black"},
            "RandomZoom needs fill_value to be a number. Received fill_value='black'.",
        ),
    ],
)
def test_resampling_that_is_refused(settings, message):
    settings = {"fill_mode": "wrap", "interpolation": "nearest", "fill_value": 0, **settings}
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        check_resampling("RandomZoom", **settings)


def test_flips_that_are_refused():
    message = (
        "RandomFlip needs mode to be one of 'horizontal', 'vertical', 'horizontal_and_vertical'. "
        "Received mode='horizontl'. Did you mean 'horizontal'?"
    )
    with pytest.raises(UnknownNameError, match=f"^{re.escape(message)}$"):
        layers.RandomFlip("horizontl")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: layers.RandomRotation(2),
            "RandomRotation needs factor to be a number from -1 to 1, or two of them. "
            "Received factor=2.",
        ),
        (
            lambda: layers.RandomTranslation(0.1, (0, 1.5)),
            "RandomTranslation needs width_factor to be a number from -1 to 1, or two of them. "
            "Received width_factor=(0, 1.5).",
        ),
        (
            lambda: layers.RandomZoom(0.1, (-1, 0)),
            "RandomZoom needs width_factor to be above -1. Received width_factor=(-1, 0). "
            "At -1 the whole image would be one point of the input.",
        ),
        (
            lambda: layers.RandomZoom(-1),
            "RandomZoom needs height_factor to be above -1. Received height_factor=-1. "
            "At -1 the whole image would be one point of the input.",
        ),
        (
            lambda: layers.RandomShear([None, None]),
            "RandomShear needs x_factor to be a number from 0 to 1, or two of them. "
            "Received x_factor=[None, None].",
        ),
        (
            lambda: layers.RandomShear(y_factor=(-0.2, 0.1)),
            "RandomShear needs y_factor to be a number from 0 to 1, or two of them. "
            "Received y_factor=(-0.2, 0.1).",
        ),
    ],
)
def test_factors_that_are_refused(make, message):
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        make()


def test_factors_are_written_down_so_that_keras_reads_them():
    config = layers.RandomRotation(0.1).get_config()
    assert config["factor"] == (-0.1, 0.1)
    config = layers.RandomZoom([0.1, 0.2]).get_config()
    assert (config["height_factor"], config["width_factor"]) == ((0.1, 0.2), None)
    config = layers.RandomTranslation(-0.1, 0.2).get_config()
    assert (config["height_factor"], config["width_factor"]) == (-0.1, 0.2)
    config = layers.RandomShear(0.1, (0, 0.3)).get_config()
    assert (config["x_factor"], config["y_factor"]) == (0.1, (0, 0.3))
    assert layers.RandomShear((-0.1, 0.1)).x_factor == (-0.1, 0.1)  # from a file of Keras's
