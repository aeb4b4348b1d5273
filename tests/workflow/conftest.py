"""A data set on which every network trains in a moment."""

import numpy as np
import pytest

from convlet.datasets import LabelledImages


@pytest.fixture
def stripes():
    """Images of horizontal or vertical stripes: two classes that every network can tell apart."""
    random = np.random.default_rng(6)
    labels = random.integers(0, 2, 80)
    pattern = np.where(np.arange(20) % 4 < 2, 220, 30).astype(np.uint8)
    across = np.broadcast_to(pattern, (20, 20))
    images = np.stack([across if label else across.T for label in labels])[..., np.newaxis]
    images = images + random.integers(0, 30, images.shape, dtype=np.uint8)
    return LabelledImages(
        "stripes", images[:60], labels[:60], images[60:], labels[60:], ("down", "across")
    )
