"""What is taken as an array, and what as several."""

from __future__ import annotations

import re

import numpy as np
import pytest

from convlet.errors import ArgumentError, UnknownNameError
from convlet.training.inputs import as_array, one_for_each
from tests.training.small import images, network

X, Y = images(30)


class Column:
    """A column of a table, as pandas has them: with an index, and perhaps of objects."""

    def __init__(self, values, dtype=None):
        self._values = np.array(values, dtype)

    @property
    def shape(self):
        return self._values.shape

    @property
    def dtype(self):
        return self._values.dtype

    def __len__(self):
        return len(self._values)

    def __array__(self, dtype=None, copy=None):
        return self._values if dtype is None else self._values.astype(dtype)


@pytest.mark.parametrize(
    "y",
    [Column(Y), Column(Y, object), Column(Y.astype(float)), [Y], [Column(Y)], tuple(Y)],
    ids=["column", "objects", "floats", "list of one", "list of a column", "tuple"],
)
def test_labels_in_every_form(y):
    expected = network().evaluate(X, Y, verbose=0)
    assert expected > 0
    model, other = network(), network()
    other.set_weights(model.get_weights())
    assert model.evaluate(X, y, verbose=0) == other.evaluate(X, Y, verbose=0)


def test_a_column_of_weights():
    model = network()
    weight = np.linspace(0, 1, 30)
    expected = model.evaluate(X, Y, sample_weight=weight, verbose=0)
    assert model.evaluate(X, Y, sample_weight=Column(weight), verbose=0) == expected
    assert model.evaluate(X, Y, sample_weight=[weight], verbose=0) == expected


def test_a_column_of_texts_is_told_what_to_do():
    message = (
        "SparseCategoricalCrossentropy needs targets that are numbers. Received strings such as "
        "'cat'. Number them with np.unique(y, return_inverse=True)[1]."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        network().fit(X, Column(["cat", "dog", "cat"] * 10, object), verbose=0)


def test_one_input_in_a_list_or_by_name():
    model = network()
    expected = model.predict(X, verbose=0)
    for x in ([X], (X,), {model.input_names[0]: X}, X.tolist()):
        np.testing.assert_array_equal(model.predict(x, verbose=0), expected)
    np.testing.assert_array_equal(model.predict([X[0]], verbose=0), expected[:1])


def test_what_is_no_column_stays():
    assert as_array([1, "a"]) == [1, "a"]
    mixed = np.array([1, None, "a"], object)
    assert as_array(mixed) is mixed
    empty = np.array([], object)
    assert len(as_array(empty)) == 0


def test_names_in_the_models_order():
    def never(value):
        return False

    assert one_for_each("fit", "x", {"b": 1, "a": 2}, ["a", "b"], never) == [2, 1]
    assert one_for_each("fit", "x", [1, 2], ["a", "b"], never) == [1, 2]
    assert one_for_each("fit", "x", [1], ["a"], never) == [[1]]
    with pytest.raises(UnknownNameError):
        one_for_each("fit", "x", {"c": 1}, ["a", "b"], never)


def test_a_weight_for_a_loss_alone():
    plain, weighted = network(), network(loss_weights=[0.5])
    weighted.set_weights(plain.get_weights())
    assert weighted.evaluate(X, Y, verbose=0) == 0.5 * plain.evaluate(X, Y, verbose=0)
    history = weighted.fit(X, Y, batch_size=30, shuffle=False, verbose=0).history
    assert history["loss"] == [pytest.approx(0.5 * plain.evaluate(X, Y, verbose=0), rel=1e-6)]
    number = network(loss_weights=0.5)
    number.set_weights(plain.get_weights())
    number.fit(X, Y, batch_size=30, shuffle=False, verbose=0)
    for first, second in zip(number.get_weights(), weighted.get_weights(), strict=True):
        np.testing.assert_array_equal(first, second)
