"""What becomes of an image file, whatever is in it."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from convlet.utils.decoding import decoded, in_mode, middle, opened
from tests.utils.picture_files import gradient

PIXELS = gradient()


def read(path, color_mode="rgb", size=(6, 8), interpolation="nearest", crop=False, pad=False):
    return decoded(str(path), color_mode, size, interpolation, crop, pad)


def written(image, path, **options):
    image.save(path, **options)
    return path


def test_colours_stay(tmp_path):
    path = written(Image.fromarray(PIXELS), tmp_path / "a.png")
    np.testing.assert_array_equal(read(path), PIXELS)
    gray = read(path, "grayscale")
    assert gray.shape == (6, 8, 1)
    luma = PIXELS @ np.array([0.299, 0.587, 0.114])
    np.testing.assert_allclose(gray[..., 0], luma, atol=0.6)
    transparent = read(path, "rgba")
    np.testing.assert_array_equal(transparent[..., :3], PIXELS)
    np.testing.assert_array_equal(transparent[..., 3], 255)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photographs_are_turned_upright(tmp_path, orientation):
    turned = {
        1: lambda x: x,
        2: lambda x: x[:, ::-1],
        3: lambda x: x[::-1, ::-1],
        4: lambda x: x[::-1],
        5: lambda x: x.swapaxes(0, 1),
        6: lambda x: np.rot90(x, 1),
        7: lambda x: x[::-1, ::-1].swapaxes(0, 1),
        8: lambda x: np.rot90(x, -1),
    }[orientation](PIXELS)
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = Image.fromarray(np.ascontiguousarray(turned))
    path = written(image, tmp_path / "a.png", exif=exif)
    np.testing.assert_array_equal(read(path), PIXELS)


def test_sixteen_bits_keep_their_upper_eight(tmp_path):
    values = np.array([[0, 255, 256, 65535]], np.uint16)
    path = written(Image.fromarray(values), tmp_path / "a.png")
    expected = [0, 0, 1, 255]
    np.testing.assert_array_equal(read(path, "grayscale", (1, 4))[..., 0], [expected])
    np.testing.assert_array_equal(read(path, "rgb", (1, 4))[..., 2], [expected])


def test_samples_of_32_bits_that_came_from_16():
    image = Image.fromarray(np.array([[256, 65535]], np.int32))
    assert image.mode == "I"
    np.testing.assert_array_equal(np.asarray(in_mode(image, "grayscale")), [[1, 255]])


def test_a_palette_is_looked_up(tmp_path):
    image = Image.fromarray(np.array([[0, 1, 2]], np.uint8), mode=None).convert("P")
    image.putpalette([10, 20, 30, 40, 50, 60, 70, 80, 90])
    expected = [[[10, 20, 30], [40, 50, 60], [70, 80, 90]]]
    plain = written(image, tmp_path / "a.png")
    np.testing.assert_array_equal(read(plain, size=(1, 3)), expected)
    transparent = written(image, tmp_path / "b.png", transparency=b"\x00\x80\xff")
    np.testing.assert_array_equal(read(transparent, size=(1, 3)), expected)
    np.testing.assert_array_equal(read(transparent, "rgba", (1, 3))[..., 3], [[0, 128, 255]])


def test_transparency_is_left_out(tmp_path):
    alpha = np.full((6, 8, 1), 7, np.uint8)
    path = written(Image.fromarray(np.concatenate([PIXELS, alpha], axis=2)), tmp_path / "a.png")
    np.testing.assert_array_equal(read(path), PIXELS)
    assert (read(path, "rgba")[..., 3] == 7).all()


def test_cmyk_becomes_rgb(tmp_path):
    image = Image.new("CMYK", (8, 6), (0, 255, 255, 0))
    path = written(image, tmp_path / "a.jpg", quality=95)
    np.testing.assert_allclose(read(path), np.broadcast_to([255, 0, 0], (6, 8, 3)), atol=3)


def test_black_and_white(tmp_path):
    path = written(Image.fromarray(np.array([[True, False]])), tmp_path / "a.png")
    np.testing.assert_array_equal(read(path, size=(1, 2)), [[[255] * 3, [0] * 3]])


def test_the_first_frame_of_several(tmp_path):
    frames = [Image.new("P", (8, 6), color) for color in (0, 1)]
    for frame in frames:
        frame.putpalette([10, 20, 30, 200, 100, 50])
    path = tmp_path / "a.gif"
    frames[0].save(path, save_all=True, append_images=frames[1:])
    np.testing.assert_array_equal(read(path)[0, 0], [10, 20, 30])


def test_cut_out_of_the_middle(tmp_path):
    path = written(Image.fromarray(PIXELS), tmp_path / "a.png")
    np.testing.assert_array_equal(read(path, size=(6, 6), crop=True), PIXELS[:, 1:7])
    np.testing.assert_array_equal(read(path, size=(3, 8), crop=True), PIXELS[1:4])


def test_black_edges(tmp_path):
    path = written(Image.fromarray(PIXELS), tmp_path / "a.png")
    wide = read(path, size=(6, 12), pad=True)
    np.testing.assert_array_equal(wide[:, 2:10], PIXELS)
    assert not wide[:, [0, 1, 10, 11]].any()
    high = read(path, size=(11, 8), pad=True)
    np.testing.assert_array_equal(high[2:8], PIXELS)
    assert not high[[0, 1, 8, 9, 10]].any()


def test_the_largest_box_has_at_least_a_pixel():
    assert middle((100, 1), (1000, 1)) == (49, 0, 50, 1)
    assert middle((8, 6), (6, 8)) == (0, 0, 8, 6)


def test_a_file_is_closed(tmp_path):
    path = written(Image.fromarray(PIXELS), tmp_path / "a.png")
    opened(path)  # a file left open is a ResourceWarning, which is an error here
    path.unlink()
