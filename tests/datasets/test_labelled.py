"""Any data set in one form, and what is said about files that hold none."""

import numpy as np
import pytest

from convlet.datasets import load, mnist
from convlet.errors import DatasetError, UnknownNameError
from tests.datasets import tiny


def arrays(**changes):
    random = np.random.default_rng(3)
    return {
        "x_train": random.integers(0, 256, (6, 5, 4), dtype=np.uint8),
        "y_train": np.array([0, 1, 2, 0, 1, 2]),
        "x_test": random.integers(0, 256, (2, 5, 4), dtype=np.uint8),
        "y_test": np.array([2, 1]),
        **changes,
    }


def test_a_known_name_gets_a_channel_axis_and_class_names(empty_machine, monkeypatch):
    monkeypatch.setattr(mnist, "DATASET", tiny.TINY_MNIST)
    tiny.write_npz(empty_machine / "cache" / "datasets" / "mnist.npz", tiny.mnist_splits())
    data = load("mnist")
    assert (data.name, data.image_shape, data.classes) == ("mnist", (28, 28, 1), 10)
    assert data.x_test.shape == (3, 28, 28, 1)
    assert data.y_train.tolist() == [3, 1, 4, 1, 5, 9]
    assert data.class_names == tuple("0123456789")


def test_the_digits():
    data = load("digits")
    assert data.name == "digits"
    assert (data.x_train.shape, data.y_test.shape) == ((1437, 28, 28, 1), (360,))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"y_train": np.array([[0], [1], [2], [0], [1], [2]], dtype=np.uint8)},
        {
            "x_train": np.zeros((6, 5, 4, 3), np.uint8),
            "x_test": np.zeros((2, 5, 4, 3), np.uint8),
        },
    ],
)
def test_a_file(tmp_path, changes):
    np.savez(tmp_path / "shapes.npz", **arrays(**changes))
    data = load(tmp_path / "shapes.npz")
    assert data.name == "shapes"
    assert data.x_train.ndim == 4
    assert data.y_train.tolist() == [0, 1, 2, 0, 1, 2]
    assert (data.y_train.dtype, data.y_test.dtype) == (np.int64, np.int64)
    assert data.class_names == ("0", "1", "2")


def test_a_file_with_class_names(tmp_path):
    np.savez(tmp_path / "shapes.npz", **arrays(class_names=np.array(["cat", "dog", "owl", "elk"])))
    assert load(str(tmp_path / "shapes.npz")).class_names == ("cat", "dog", "owl", "elk")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"x_train": np.zeros((6, 5, 4))},
            "A data set needs x_train to be uint8 images of shape (images, height, width) or "
            "(images, height, width, channels). Received '{path}' with x_train of float64 and "
            "shape (6, 5, 4). For pixels from 0 to 1, save (255 * x).round().astype('uint8').",
        ),
        (
            {"x_test": np.zeros((2, 20), np.uint8)},
            "A data set needs x_test to be uint8 images of shape (images, height, width) or "
            "(images, height, width, channels). Received '{path}' with x_test of uint8 and "
            "shape (2, 20).",
        ),
        (
            {"y_train": np.array([0, 1])},
            "A data set needs y_train to be integers from 0, one for each of the 6 images. "
            "Received '{path}' with y_train of int64 and shape (2,).",
        ),
        (
            {"y_test": np.array([-1, 1])},
            "A data set needs y_test to be integers from 0, one for each of the 2 images. Received "
            "'{path}' with y_test down to -1.",
        ),
        (
            {"y_test": np.array(["a", "b"])},
            "A data set needs y_test to be integers from 0, one for each of the 2 images. Received "
            "'{path}' with y_test of <U1 and shape (2,).",
        ),
        (
            {"x_test": np.zeros((2, 5, 5), np.uint8)},
            "A data set needs training and test images of one shape. Received '{path}' with "
            "x_train of shape (6, 5, 4) and x_test of shape (2, 5, 5).",
        ),
        (
            {"class_names": np.array(["cat", "dog"])},
            "A data set needs at least two classes, and a name for each where there are names. "
            "Received '{path}' with labels up to 2 and 2 class names.",
        ),
        (
            {"y_train": np.zeros(6, int), "y_test": np.zeros(2, int)},
            "A data set needs at least two classes, and a name for each where there are names. "
            "Received '{path}' with labels up to 0 and 1 class names.",
        ),
    ],
)
def test_a_file_whose_arrays_do_not_fit(tmp_path, changes, message):
    path = tmp_path / "shapes.npz"
    np.savez(path, **arrays(**changes))
    with pytest.raises(DatasetError) as caught:
        load(path)
    assert str(caught.value) == message.format(path=path)


def test_a_file_without_test_images(tmp_path):
    path = tmp_path / "shapes.npz"
    given = arrays()
    np.savez(path, x_train=given["x_train"], y_train=given["y_train"])
    with pytest.raises(DatasetError) as caught:
        load(path)
    assert str(caught.value) == (
        f"A data set needs the arrays x_train, y_train, x_test, y_test. Received '{path}' without "
        "x_test, y_test. Write it with numpy.savez(path, x_train=..., y_train=..., x_test=..., "
        "y_test=...)."
    )


def test_a_damaged_file(tmp_path):
    path = tmp_path / "shapes.npz"
    path.write_text("not an archive")
    with pytest.raises(DatasetError) as caught:
        load(path)
    assert str(caught.value) == (
        f"A data set needs to be an undamaged .npz file. Received '{path}', which cannot be read: "
        "it is not an .npz file, or its end is missing."
    )


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("mnits", " Did you mean 'mnist'?"),
        ("cifar-10", " Did you mean 'cifar10'?"),
        ("zebra", ""),
        ("mnist1.npz", " There is no such file."),
    ],
)
def test_an_unknown_name(name, fix):
    with pytest.raises(UnknownNameError) as caught:
        load(name)
    assert str(caught.value) == (
        "load needs data to be one of 'mnist', 'fashion_mnist', 'cifar10', 'digits', or the path "
        f"of an .npz file. Received data='{name}'.{fix}"
    )
