"""Pictures of any kind become arrays of the network's shape, by rules that can be said."""

import numpy as np
import pytest
from PIL import Image

from convlet.cli.pictures import PictureError, looks_dark_on_light, read_picture


def saved(folder, values, name="picture.png", **settings):
    path = folder / name
    Image.fromarray(np.asarray(values)).save(path, **settings)
    return path


def test_a_picture_of_the_right_size_is_unchanged(tmp_path):
    values = np.random.default_rng(7).integers(0, 256, (28, 28), dtype=np.uint8)
    pixels = read_picture(saved(tmp_path, values), (28, 28, 1))
    np.testing.assert_array_equal(pixels[..., 0], values)
    assert pixels.dtype == np.uint8


def test_colours_in_order(tmp_path):
    values = np.zeros((5, 5, 3), np.uint8)
    values[..., 0], values[..., 2] = 200, 100
    np.testing.assert_array_equal(read_picture(saved(tmp_path, values), (5, 5, 3)), values)


def test_colour_becomes_grey_and_grey_becomes_colour(tmp_path):
    colour = saved(tmp_path, np.full((4, 4, 3), 90, np.uint8), "colour.png")
    np.testing.assert_array_equal(read_picture(colour, (4, 4, 1)), np.full((4, 4, 1), 90))
    grey = saved(tmp_path, np.full((4, 4), 90, np.uint8), "grey.png")
    np.testing.assert_array_equal(read_picture(grey, (4, 4, 3)), np.full((4, 4, 3), 90))


def test_proportions_are_kept_and_the_frame_has_the_colour_of_the_border(tmp_path):
    values = np.full((10, 40), 200, np.uint8)
    values[3:7, 15:25] = 20
    pixels = read_picture(saved(tmp_path, values), (40, 40, 1))[..., 0]
    np.testing.assert_array_equal(pixels[15:25], values)
    assert (pixels[:15] == 200).all()
    assert (pixels[25:] == 200).all()


def test_invert(tmp_path):
    pixels = read_picture(saved(tmp_path, np.full((6, 3), 250, np.uint8)), (6, 6, 1), invert=True)
    np.testing.assert_array_equal(pixels, np.full((6, 6, 1), 5))


def test_a_photograph_is_turned_upright(tmp_path):
    values = np.zeros((8, 8), np.uint8)
    values[0] = 255  # stored with its top at the left: orientation 6 turns it clockwise
    exif = Image.Exif()
    exif[0x0112] = 6
    pixels = read_picture(saved(tmp_path, values, exif=exif), (8, 8, 1))[..., 0]
    assert pixels[:, -1].min() == 255
    assert pixels[:, :-1].max() == 0


def test_transparency_shows_white(tmp_path):
    values = np.zeros((4, 4, 4), np.uint8)
    values[1:3, 1:3, 3] = 255
    pixels = read_picture(saved(tmp_path, values), (4, 4, 1))[..., 0]
    assert pixels[0, 0] == 255
    assert pixels[1, 1] == 0


def test_sixteen_bits_keep_their_range(tmp_path):
    values = np.array([[0, 65535], [32768, 257]], np.uint16)
    pixels = read_picture(saved(tmp_path, values), (2, 2, 1))[..., 0]
    np.testing.assert_array_equal(pixels, [[0, 255], [127, 1]])


def test_dark_on_light():
    assert looks_dark_on_light(np.full((5, 5, 1), 200, np.uint8))
    assert not looks_dark_on_light(np.full((5, 5, 3), 100, np.uint8))


def test_files_that_are_no_pictures(tmp_path):
    (tmp_path / "text.png").write_text("no picture")
    (tmp_path / "empty.png").write_bytes(b"")
    whole = saved(tmp_path, np.random.default_rng(8).integers(0, 256, (64, 64), dtype=np.uint8))
    (tmp_path / "short.png").write_bytes(whole.read_bytes()[:2000])
    for name, reason in (
        ("text.png", "it is not a picture that Pillow can read"),
        ("empty.png", "it is not a picture that Pillow can read"),
        ("nowhere.png", "there is no such file"),
        (".", "it is a folder"),
        ("short.png", "it is damaged: "),
    ):
        with pytest.raises(PictureError) as caught:
            read_picture(tmp_path / name, (28, 28, 1))
        assert str(caught.value).startswith(reason), name


def test_too_many_pixels(tmp_path, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    for side in (4, 20):  # the second is beyond twice the limit, which Pillow refuses itself
        path = saved(tmp_path, np.zeros((side, side), np.uint8))
        with pytest.raises(PictureError, match=r"^it has too many pixels$"):
            read_picture(path, (28, 28, 1))


def test_other_numbers_of_channels(tmp_path):
    path = saved(tmp_path, np.zeros((4, 4), np.uint8))
    with pytest.raises(PictureError, match=r"^the model takes 2 channels; pictures have 1 or 3$"):
        read_picture(path, (4, 4, 2))
