import numpy as np

from convlet import layers, models


def test_it_changes_nothing():
    x = np.random.default_rng(0).standard_normal((3, 4, 5, 2)).astype(np.float32)
    model = models.Sequential([layers.Input((4, 5, 2)), layers.Identity()])
    assert (model.predict(x, verbose=0) == x).all()
