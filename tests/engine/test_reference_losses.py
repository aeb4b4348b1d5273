import numpy as np
import pytest

from convlet.engine.reference import losses
from tests.engine.differences import central_differences

GENERATOR = np.random.default_rng(0)
LOGITS = GENERATOR.standard_normal((4, 3, 5)) * 2
PROBABILITIES = GENERATOR.uniform(0.05, 0.95, (4, 3, 5))  # not normalised: the losses see to that
TARGETS = GENERATOR.dirichlet(np.ones(5), (4, 3))

FORMULAS = [
    (losses.categorical_crossentropy, losses.categorical_crossentropy_backward, PROBABILITIES),
    (
        losses.categorical_crossentropy_from_logits,
        losses.categorical_crossentropy_from_logits_backward,
        LOGITS,
    ),
    (losses.binary_crossentropy, losses.binary_crossentropy_backward, PROBABILITIES),
    (
        losses.binary_crossentropy_from_logits,
        losses.binary_crossentropy_from_logits_backward,
        LOGITS,
    ),
    (losses.mean_squared_error, losses.mean_squared_error_backward, LOGITS),
]


@pytest.mark.parametrize(("rows", "backward", "outputs"), FORMULAS)
def test_gradients_are_those_of_central_differences(rows, backward, outputs):
    assert rows(TARGETS, outputs).shape == (4, 3)
    dy = GENERATOR.standard_normal((4, 3))
    expected = central_differences(lambda p: rows(TARGETS, p), outputs, dy, 1e-5)
    np.testing.assert_allclose(
        backward(TARGETS, outputs) * dy[..., np.newaxis], expected, atol=1e-7
    )


def test_logits_and_their_probabilities_give_the_same_loss():
    softmax = np.exp(LOGITS) / np.exp(LOGITS).sum(axis=-1, keepdims=True)
    np.testing.assert_allclose(
        losses.categorical_crossentropy_from_logits(TARGETS, LOGITS),
        losses.categorical_crossentropy(TARGETS, softmax),
    )
    np.testing.assert_allclose(
        losses.binary_crossentropy_from_logits(TARGETS, LOGITS),
        losses.binary_crossentropy(TARGETS, 1 / (1 + np.exp(-LOGITS))),
    )


def test_values_by_hand():
    y, p = np.array([[0.0, 1.0]]), np.array([[0.75, 0.25]])
    np.testing.assert_allclose(losses.categorical_crossentropy(y, p), [np.log(4)])
    np.testing.assert_allclose(losses.categorical_crossentropy(y, 3 * p), [np.log(4)])
    np.testing.assert_allclose(losses.binary_crossentropy(y, p), [np.log(4)])
    np.testing.assert_allclose(losses.mean_squared_error(y, p), [0.75**2])


def test_probabilities_are_clipped_and_give_no_gradient_there():
    y, p = np.array([[0.0, 1.0]]), np.array([[1.0, 0.0]])
    np.testing.assert_allclose(losses.categorical_crossentropy(y, p), [-np.log(1e-7)])
    np.testing.assert_allclose(losses.binary_crossentropy(y, p), [-np.log(1e-7)], rtol=1e-8)
    assert losses.categorical_crossentropy_backward(y, p).tolist() == [[0.0, 0.0]]
    assert losses.binary_crossentropy_backward(y, p).tolist() == [[0.0, 0.0]]


def test_logits_are_not_clipped():
    y, logits = np.array([[0.0, 1.0]]), np.array([[1000.0, 0.0]])
    assert losses.categorical_crossentropy_from_logits(y, logits).tolist() == [1000.0]
    gradient = losses.categorical_crossentropy_from_logits_backward(y, logits)
    assert gradient.tolist() == [[1.0, -1.0]]
    assert losses.binary_crossentropy_from_logits(y, logits)[0] == 500 + np.log(2) / 2


def test_label_smoothing():
    y = np.array([[0.0, 1.0, 0.0, 0.0]])
    np.testing.assert_allclose(losses.smooth_labels(y, 0.2), [[0.05, 0.85, 0.05, 0.05]])
    np.testing.assert_allclose(losses.smooth_binary_labels(y, 0.2), [[0.1, 0.9, 0.1, 0.1]])


def test_one_hot_labels():
    assert losses.one_hot(np.array([[2], [0]]), 3).tolist() == [[[0, 0, 1]], [[1, 0, 0]]]


def test_the_mean_divides_by_the_number_of_rows_and_not_by_the_weights():
    rows = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert losses.mean_over_batch(rows) == 2.5
    assert losses.mean_over_batch(rows, np.array([1.0, 0.0])) == 0.75
    scales = losses.mean_over_batch_backward(rows, np.array([2.0, 1.0]))
    assert scales.tolist() == [[0.5, 0.5], [0.25, 0.25]]
