"""Where data sets are looked for, in which order, and what is said about a broken one."""

import dataclasses
import re
from pathlib import Path

import numpy as np
import pytest

from convlet.datasets import catalogue, cifar10, fashion_mnist, mnist
from convlet.datasets.download import Download, DownloadError
from convlet.errors import DatasetError
from tests.datasets import tiny


@pytest.fixture
def no_network(monkeypatch):
    """Every download fails, as it does without a network."""

    def refuse(source, folder):
        raise DownloadError("Connection refused")

    monkeypatch.setattr(catalogue, "download", refuse)


@pytest.mark.parametrize("place", ["named", "cache/datasets", "keras/datasets"])
def test_each_folder_is_searched(empty_machine, monkeypatch, no_network, place):
    tiny.write_npz(empty_machine / place / "mnist.npz", tiny.mnist_splits())
    if place == "named":
        monkeypatch.setenv("CONVLET_DATASETS", str(empty_machine / "named"))
    tiny.check_splits(tiny.TINY_MNIST.load(), tiny.mnist_splits())


def test_the_named_folder_comes_first_then_the_cache(empty_machine, monkeypatch):
    named = empty_machine / "named"
    named.mkdir()
    monkeypatch.setenv("CONVLET_DATASETS", str(named))
    folders = [named, empty_machine / "cache" / "datasets", empty_machine / "keras" / "datasets"]
    assert list(catalogue.search_folders()) == folders


def test_the_usual_folders(monkeypatch, tmp_path):
    for name in ("CONVLET_DATASETS", "CONVLET_CACHE", "KERAS_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert catalogue.cache_folder() == tmp_path / "xdg" / "convlet" / "datasets"
    assert catalogue.keras_folder() == tmp_path / ".keras" / "datasets"


@pytest.mark.parametrize("folder", ["cache/datasets", "keras/datasets"])
def test_the_original_files_are_found(empty_machine, no_network, folder):
    tiny.write_idx(empty_machine / folder, tiny.mnist_splits())
    tiny.check_splits(tiny.TINY_MNIST.load(), tiny.mnist_splits())


def test_fashion_mnist_is_found_where_keras_puts_it(empty_machine, no_network):
    tiny_fashion = dataclasses.replace(fashion_mnist.DATASET, training_images=6, test_images=3)
    tiny.write_idx(empty_machine, tiny.mnist_splits())
    (empty_machine / "keras" / "datasets").mkdir(parents=True)
    (empty_machine / "mnist").rename(empty_machine / "keras" / "datasets" / "fashion-mnist")
    tiny.check_splits(tiny_fashion.load(), tiny.mnist_splits())


@pytest.mark.parametrize(
    "place",
    [
        "cifar-10-batches-py-target/cifar-10-batches-py",
        "cifar-10-batches-py",
        "cifar-10-python.tar.gz",
        "cifar-10-batches-py.tar.gz",
        "cifar-10-batches-py-target_archive",
    ],
)
def test_cifar10_is_found_where_keras_puts_it(empty_machine, no_network, place):
    batches = tiny.cifar_batches()
    path = empty_machine / "keras" / "datasets" / place
    if place.endswith(("archive", ".tar.gz")):
        tiny.write_cifar_archive(path, batches)
    else:
        tiny.write_cifar_folder(path, batches)
    tiny.check_cifar(tiny.TINY_CIFAR.load(), batches)


@pytest.mark.parametrize("place", ["mnist.npz", ".", "mnist/..", "mnist"])
def test_an_explicit_path(empty_machine, no_network, place):
    folder = empty_machine / "mine"
    if place == "mnist.npz":
        tiny.write_npz(folder / place, tiny.mnist_splits())
    else:
        tiny.write_idx(folder, tiny.mnist_splits())
    tiny.check_splits(tiny.TINY_MNIST.load(folder / place), tiny.mnist_splits())


def test_keras_default_path_stands_for_the_search(empty_machine, monkeypatch, no_network):
    monkeypatch.setattr(mnist, "DATASET", tiny.TINY_MNIST)
    tiny.write_npz(empty_machine / "keras" / "datasets" / "mnist.npz", tiny.mnist_splits())
    tiny.check_splits(mnist.load_data("mnist.npz"), tiny.mnist_splits())


def raised(function, *arguments):
    with pytest.raises(DatasetError) as caught:
        function(*arguments)
    return str(caught.value)


def test_a_path_that_does_not_exist(empty_machine):
    path = empty_machine / "nowhere.npz"
    assert raised(tiny.TINY_MNIST.load, path) == (
        f"MNIST needs path to be a file or folder that exists. Received path='{path}'. Without a "
        "path, it is looked for in the usual folders and downloaded where it is in none."
    )


def test_a_folder_that_holds_something_else(empty_machine):
    assert raised(tiny.TINY_MNIST.load, empty_machine) == (
        "MNIST needs 'mnist.npz' or the 4 files 'mnist/train-images-idx3-ubyte.gz' … in the folder "
        f"that it is read from. Received path='{empty_machine}', where there is none of these."
    )


def test_a_file_of_another_kind(empty_machine):
    path = empty_machine / "mnist.csv"
    path.write_text("1,2,3")
    assert raised(tiny.TINY_MNIST.load, path) == (
        "MNIST needs path to be 'mnist.npz' or the 4 files 'mnist/train-images-idx3-ubyte.gz' …, "
        f"or a folder that holds it. Received path='{path}'."
    )


def test_the_named_folder_must_exist(empty_machine, monkeypatch):
    named = str(empty_machine / "nowhere")
    monkeypatch.setenv("CONVLET_DATASETS", named)
    assert raised(tiny.TINY_MNIST.load) == (
        "CONVLET_DATASETS needs to name a folder that exists. Received "
        f"CONVLET_DATASETS='{named}'. Create it, or unset the environment variable."
    )


def test_without_a_network(empty_machine, no_network):
    cache, keras = empty_machine / "cache" / "datasets", empty_machine / "keras" / "datasets"
    assert raised(tiny.TINY_MNIST.load) == (
        f"MNIST needs 'mnist.npz' in one of its folders, or the network. It is not in '{cache}', "
        f"'{keras}', and https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz "
        "could not be downloaded: Connection refused. Download it on another machine and put it "
        f"into '{cache}', or name its folder in the environment variable CONVLET_DATASETS. For "
        "digits that need no network, use convlet.datasets.digits."
    )


def test_a_broken_file_in_the_cache_is_never_used_nor_passed_over(empty_machine, no_network):
    broken = empty_machine / "cache" / "datasets" / "mnist.npz"
    tiny.write_npz(broken, tiny.mnist_splits())
    broken.write_bytes(broken.read_bytes()[:-100])
    tiny.write_npz(empty_machine / "keras" / "datasets" / "mnist.npz", tiny.mnist_splits())
    assert raised(tiny.TINY_MNIST.load) == (
        f"MNIST needs an undamaged 'mnist.npz'. Received '{broken}', which cannot be read: it is "
        "not an .npz file, or its end is missing. Delete that file, and it is downloaded again."
    )
    assert broken.exists()


def test_a_broken_file_that_was_named(empty_machine):
    path = empty_machine / "mine.npz"
    path.write_bytes(b"")
    assert raised(tiny.TINY_MNIST.load, path) == (
        f"MNIST needs an undamaged 'mine.npz'. Received '{path}', which cannot be read: it is not "
        "an .npz file, or its end is missing. Put a whole copy in its place, or leave path out."
    )


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            lambda x, y: (x[:5], y[:5]),
            "the training images are uint8 of shape (5, 28, 28) instead of uint8 of shape "
            "(6, 28, 28)",
        ),
        (
            lambda x, y: (x / 255.0, y),
            "the training images are float64 of shape (6, 28, 28) instead of uint8 of shape "
            "(6, 28, 28)",
        ),
        (
            lambda x, y: (x, y[:, None]),
            "the training labels are uint8 of shape (6, 1) instead of uint8 of shape (6,)",
        ),
        (lambda x, y: (x, y + np.uint8(3)), "the training labels go up to 12 instead of 9"),
    ],
)
def test_a_file_that_holds_something_else(empty_machine, change, problem):
    training, test = tiny.mnist_splits()
    path = empty_machine / "keras" / "datasets" / "mnist.npz"
    tiny.write_npz(path, (change(*training), test))
    assert raised(tiny.TINY_MNIST.load) == (
        f"MNIST needs the published images. Received '{path}', where {problem}. Delete that file, "
        "and it is downloaded again."
    )


def test_what_is_nowhere_is_downloaded_into_the_cache_once(empty_machine, monkeypatch):
    asked = []

    def deliver(source: Download, folder: Path):
        asked.append(source.url)
        tiny.write_npz(folder / source.path, tiny.mnist_splits())

    monkeypatch.setattr(catalogue, "download", deliver)
    for _ in range(2):
        tiny.check_splits(tiny.TINY_MNIST.load(), tiny.mnist_splits())
    assert asked == ["https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"]
    assert (empty_machine / "cache" / "datasets" / "mnist.npz").is_file()


@pytest.mark.parametrize("dataset", [mnist.DATASET, fashion_mnist.DATASET, cifar10.DATASET])
def test_downloads_make_up_a_layout_and_have_checksums(dataset):
    published = {source.path for source in dataset.downloads}
    assert published in [set(layout.files) for layout in dataset.layouts]
    for source in dataset.downloads:
        assert source.url.startswith("https://")
        length = {"sha256": 64, "md5": 32}[source.algorithm]
        assert re.fullmatch(f"[0-9a-f]{{{length}}}", source.checksum)
