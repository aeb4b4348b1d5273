import re

import pytest

from convlet import layers
from convlet.errors import ArgumentError, ShapeError


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: layers.RandomErasing(scale=2),
            "RandomErasing needs scale to be a number from 0 to 1, or two of them. "
            "Received scale=2.",
        ),
        (
            lambda: layers.RandomErasing(fill_value=(1, 2)),
            "RandomErasing needs fill_value to be a number, three numbers or None. "
            "Received fill_value=(1, 2).",
        ),
        (
            lambda: layers.RandomElasticTransform(-0.5),
            "RandomElasticTransform needs factor to be a number from 0 to 1, or two of them. "
            "Received factor=-0.5.",
        ),
        (
            lambda: layers.RandomElasticTransform(fill_mode="mirror"),
            "RandomElasticTransform needs fill_mode to be one of 'reflect', 'wrap', 'constant', "
            "'nearest'. Received fill_mode='mirror'.",
        ),
        (
            lambda: layers.RandomGaussianBlur(kernel_size=(3, 4)),
            "RandomGaussianBlur needs kernel_size to be odd. Received kernel_size=(3, 4).",
        ),
        (
            lambda: layers.RandomSharpness(1.5),
            "RandomSharpness needs factor to be a number from 0 to 1, or two of them. "
            "Received factor=1.5.",
        ),
        (
            lambda: layers.RandomGaussianBlur(sigma=3),
            "RandomGaussianBlur needs sigma to be a number from 0 to 1, or two of them. "
            "Received sigma=3.",
        ),
    ],
)
def test_settings_that_are_refused(make, message):
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        make()


def test_three_fill_values_need_three_channels():
    message = (
        "RandomErasing 'erase' needs images of 3 channels for three fill values. "
        "Received shape (None, 4, 4, 1)."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        layers.RandomErasing(fill_value=(1, 2, 3), name="erase").build((None, 4, 4, 1))
