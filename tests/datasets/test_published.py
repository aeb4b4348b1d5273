"""The real data sets, where they are: Keras's tuples, and labels in a known order."""

import numpy as np
import pytest

from convlet.datasets import cifar10, fashion_mnist, mnist


@pytest.mark.parametrize(
    ("module", "first_labels", "last_labels"),
    [
        (mnist, [5, 0, 4, 1, 9, 2, 1, 3, 1, 4], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]),
        (fashion_mnist, [9, 0, 0, 3, 0, 2, 7, 2, 5, 5], [9, 2, 1, 1, 6, 1, 4, 6, 5, 7]),
    ],
)
def test_the_tuples_of_keras(datasets_folder, module, first_labels, last_labels):
    if not (datasets_folder / module.DATASET.layouts[0].files[0]).is_file():
        pytest.skip(f"no {module.DATASET.title} in {datasets_folder}")
    (x_train, y_train), (x_test, y_test) = module.load_data()
    assert (x_train.shape, x_train.dtype) == ((60000, 28, 28), np.uint8)
    assert (x_test.shape, x_test.dtype) == ((10000, 28, 28), np.uint8)
    assert (y_train.dtype, y_test.dtype) == (np.uint8, np.uint8)
    assert y_train[:10].tolist() == first_labels
    assert y_test[:10].tolist() == last_labels


def test_cifar10_has_labels_in_a_column(datasets_folder):
    if not (datasets_folder / "cifar10.npz").is_file():
        pytest.skip(f"no cifar10.npz in {datasets_folder}")
    (x_train, y_train), (x_test, y_test) = cifar10.load_data()
    assert (x_train.shape, y_train.shape) == ((50000, 32, 32, 3), (50000, 1))
    assert (x_test.shape, y_test.shape) == ((10000, 32, 32, 3), (10000, 1))
