import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from convlet import layers, models
from convlet.layers import naming


@pytest.fixture(autouse=True)
def fresh_counts():
    naming.reset()


@pytest.mark.parametrize(
    ("class_name", "name"),
    [
        ("Conv2D", "conv2d"),
        ("MaxPooling2D", "max_pooling2d"),
        ("GlobalAveragePooling2D", "global_average_pooling2d"),
        ("ZeroPadding2D", "zero_padding2d"),
        ("ReLU", "re_lu"),
        ("InputLayer", "input_layer"),
        ("Sequential", "sequential"),
    ],
)
def test_snake_case(class_name, name):
    assert naming.snake_case(class_name) == name


def test_names_count_across_models():
    first = models.Sequential([layers.Dense(2), layers.Dense(2)])
    second = models.Sequential([layers.Dense(2)])
    assert [model.name for model in (first, second)] == ["sequential", "sequential_1"]
    names = [layer.name for layer in first.layers + second.layers]
    assert names == ["dense", "dense_1", "dense_2"]


def test_a_given_name_is_not_counted():
    layers.Dense(2, name="first")
    assert layers.Dense(2).name == "dense"


def test_a_failed_layer_is_not_counted():
    with pytest.raises(ValueError, match="units"):
        layers.Dense(0)
    assert layers.Dense(2).name == "dense"


def test_reset():
    assert layers.Flatten().name == "flatten"
    naming.reset()
    assert layers.Flatten().name == "flatten"


def test_threads_get_different_names(monkeypatch):
    class SlowCounter(Counter):
        def __getitem__(self, name):
            count = super().__getitem__(name)
            time.sleep(0.001)  # lets another thread in between reading and counting
            return count

    monkeypatch.setattr(naming, "_given", SlowCounter())
    with ThreadPoolExecutor(4) as threads:
        names = list(threads.map(naming.next_name, ["Conv2D"] * 20))
    assert len(set(names)) == 20
