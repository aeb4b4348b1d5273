"""The digits that come with scikit-learn: 1,797 of them, which need no network."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from convlet import validation
from convlet.datasets.formats import Splits

CLASS_NAMES = tuple("0123456789")

_TEST_IMAGES = 360


def load_data(image_size: int = 28) -> Splits:
    """Loads scikit-learn's handwritten digits: `(x_train, y_train), (x_test, y_test)`.

    The images are 8x8 pixels of 17 grey levels, scaled here to 0 … 255 and enlarged by bicubic
    interpolation. The last 360 in file order are the test images: the file goes writer by writer,
    so a split into two blocks lets fewest writers be in both parts.

    Args:
        image_size: Height and width in pixels, at least 8; 8 gives the images as they are.

    Returns:
        Images, uint8 from 0 to 255 of shape (1437, image_size, image_size) and
        (360, image_size, image_size), each with its labels, uint8 from 0 to 9.

    Raises:
        ArgumentError: If `image_size` is not an integer of at least 8.

    Example:
        >>> (x_train, y_train), (x_test, y_test) = load_data(image_size=8)
        >>> x_train.shape, x_test.shape
        ((1437, 8, 8), (360, 8, 8))

    References:
        C. Kaynak: Methods of combining multiple classifiers and their applications to handwritten
        digit recognition. Master's thesis, Bogazici University (1995).
    """
    from sklearn.datasets import load_digits

    image_size = validation.integer("digits.load_data", "image_size", image_size, minimum=8)
    original = load_digits()
    levels = np.round(original.images * (255 / 16)).astype(np.uint8)
    images = np.stack([_enlarged(image, image_size) for image in levels])
    labels = original.target.astype(np.uint8)
    return (
        (images[:-_TEST_IMAGES], labels[:-_TEST_IMAGES]),
        (images[-_TEST_IMAGES:], labels[-_TEST_IMAGES:]),
    )


def _enlarged(image: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    from PIL import Image

    resized = Image.fromarray(image).resize((size, size), Image.Resampling.BICUBIC)
    return np.asarray(resized)
