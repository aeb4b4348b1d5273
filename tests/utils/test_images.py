"""Single images: read, converted, written."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from PIL import Image

from convlet import utils
from convlet.errors import DatasetError, DataWarning, ShapeError, UnknownNameError
from tests.utils.picture_files import gradient

PIXELS = gradient()


@pytest.fixture
def path(tmp_path):
    utils.save_img(tmp_path / "a.png", PIXELS, scale=False)
    return tmp_path / "a.png"


def test_written_and_read(path):
    for source in (path, str(path), str(path).encode(), io.BytesIO(path.read_bytes())):
        image = utils.load_img(source)
        assert image.size == (8, 6)
        np.testing.assert_array_equal(utils.img_to_array(image), PIXELS)


def test_modes(path):
    assert utils.load_img(path, "grayscale").mode == "L"
    assert utils.load_img(path, "rgba").mode == "RGBA"


def test_gray_of_16_bits_stays(tmp_path):
    Image.fromarray(np.array([[256, 65535]], np.uint16)).save(tmp_path / "a.png")
    assert utils.load_img(tmp_path / "a.png", "grayscale").mode == "I;16"
    array = utils.img_to_array(utils.load_img(tmp_path / "a.png"))
    np.testing.assert_array_equal(array[..., 0], [[1, 255]])


def test_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 3
    Image.fromarray(PIXELS).save(tmp_path / "a.png", exif=exif)
    turned = utils.img_to_array(utils.load_img(tmp_path / "a.png"))
    np.testing.assert_array_equal(turned, PIXELS[::-1, ::-1])


def test_sizes(path):
    assert utils.load_img(path, target_size=(3, 5)).size == (5, 3)
    whole = utils.img_to_array(utils.load_img(path, target_size=(3, 4)))
    np.testing.assert_array_equal(whole, PIXELS[1::2, 1::2])
    middle = utils.load_img(path, target_size=(3, 3), keep_aspect_ratio=True)
    np.testing.assert_array_equal(utils.img_to_array(middle), PIXELS[1::2, 2:7:2])


def test_arrays():
    gray = Image.fromarray(PIXELS[..., 0])
    assert utils.img_to_array(gray).shape == (6, 8, 1)
    assert utils.img_to_array(gray, "channels_first").shape == (1, 6, 8)
    first = utils.img_to_array(Image.fromarray(PIXELS), "channels_first", "uint8")
    np.testing.assert_array_equal(first, PIXELS.transpose(2, 0, 1))
    again = utils.array_to_img(first, "channels_first", scale=False)
    np.testing.assert_array_equal(np.asarray(again), PIXELS)


def test_values_are_stretched():
    image = utils.array_to_img(np.linspace(-1, 1, 12).reshape(2, 2, 3))
    assert (np.asarray(image).min(), np.asarray(image).max()) == (0, 255)
    assert not np.asarray(utils.array_to_img(np.full((2, 2, 4), 9.0))).any()


def test_gray_beyond_bytes():
    image = utils.array_to_img([[[1000.0], [3.0]]], scale=False)
    assert image.mode == "I"
    np.testing.assert_array_equal(np.asarray(image), [[1000, 3]])


def test_jpeg_keeps_no_transparency(tmp_path):
    message = (
        "save_img writes a JPEG file, which keeps no transparency: the fourth channel is left out. "
        "Write a PNG file to keep it."
    )
    with pytest.warns(DataWarning, match=f"^{re.escape(message)}$"):
        utils.save_img(tmp_path / "a.jpg", np.zeros((4, 4, 4)))
    assert utils.load_img(tmp_path / "a.jpg").mode == "RGB"


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (
            lambda path: utils.load_img(path, "bgr"),
            UnknownNameError,
            "load_img needs color_mode to be one of 'grayscale', 'rgb', 'rgba'. "
            "Received color_mode='bgr'.",
        ),
        (
            lambda path: utils.load_img("nowhere.png"),
            DatasetError,
            "load_img needs an image. Received 'nowhere.png': "
            "[Errno 2] No such file or directory: 'nowhere.png'.",
        ),
        (
            lambda path: utils.array_to_img(np.zeros((4, 4, 2))),
            ShapeError,
            "array_to_img needs x to be one image with 1, 3 or 4 channels. "
            "Received shape (4, 4, 2).",
        ),
        (
            lambda path: utils.img_to_array(np.zeros((1, 4, 4, 3))),
            ShapeError,
            "img_to_array needs an image of 2 or 3 axes. Received shape (1, 4, 4, 3).",
        ),
    ],
)
def test_messages(path, act, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        act(path)
