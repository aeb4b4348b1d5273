"""`image_dataset_from_directory`: files, labels, parts, orders, and what is wrong with them."""

from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np
import pytest

from convlet import utils
from convlet.errors import ArgumentError, DatasetError, DataWarning, UnknownNameError
from convlet.errors import UnsupportedError as Unsupported
from tests.utils.picture_files import folders

FILES = Path(os.environ.get("CONVLET_DATASETS", "")) / "brain_mri_yesno" / "train"


@pytest.fixture
def folder(tmp_path):
    return folders(tmp_path / "colours", {"blue": 4, "green": 5, "red": 3})


def load(folder, **settings):
    settings = {"image_size": (6, 8), "verbose": False, **settings}
    return utils.image_dataset_from_directory(folder, **settings)


def names(data_set):
    return [str(Path(path).relative_to(Path(path).parents[1])) for path in data_set.file_paths]


def test_labels_are_the_folders(folder):
    data = load(folder, shuffle=False, batch_size=5)
    assert data.class_names == ["blue", "green", "red"]
    assert names(data)[:5] == [
        "blue/00.png",
        "blue/01.png",
        "blue/02.png",
        "blue/03.png",
        "green/00.png",
    ]
    batches = list(data)
    assert [(x.shape, x.dtype, y.dtype) for x, y in batches] == [
        ((5, 6, 8, 3), np.uint8, np.int32),
        ((5, 6, 8, 3), np.uint8, np.int32),
        ((2, 6, 8, 3), np.uint8, np.int32),
    ]
    assert np.concatenate([y for _, y in batches]).tolist() == [0] * 4 + [1] * 5 + [2] * 3
    assert batches[0][0][2, 0, 0].tolist() == [0, 0, 198]
    assert len(data) == 3
    np.testing.assert_array_equal(data[2][0], batches[2][0])
    with pytest.raises(IndexError, match=r"^The data set has 3 batches\. Received position 3\.$"):
        data[3]


def test_forms_of_targets(folder):
    categorical = load(folder, shuffle=False, label_mode="categorical")
    assert categorical.targets.dtype == np.float32
    np.testing.assert_array_equal(categorical.targets, np.eye(3)[[0] * 4 + [1] * 5 + [2] * 3])
    binary = load(folder, shuffle=False, label_mode="binary", class_names=["red", "blue"])
    assert binary.class_names == ["red", "blue"]
    np.testing.assert_array_equal(binary.targets, np.float32([[0]] * 3 + [[1]] * 4))
    for settings in ({"labels": None}, {"label_mode": None}):
        images = load(folder, **settings)
        assert (images.targets, images.class_names) == (None, None)
        assert next(iter(images)).shape == (12, 6, 8, 3)


def test_given_labels(folder):
    labels = [7, 3] * 6
    data = load(folder, labels=labels, shuffle=False)
    assert data.class_names == ["3", "7"]
    assert data.targets.tolist() == labels
    categorical = load(folder, labels=labels, shuffle=False, label_mode="categorical")
    np.testing.assert_array_equal(categorical.targets[:2], [[0, 1], [1, 0]])


def test_images_one_by_one(folder):
    data = load(folder, batch_size=None, shuffle=False)
    image, label = next(iter(data))
    assert (image.shape, label, len(data)) == ((6, 8, 3), 0, 12)


def test_orders_depend_on_seed_and_epoch_alone(folder):
    data = load(folder, seed=3)
    first, second = (np.concatenate([y for _, y in data]) for _ in range(2))
    assert first.tolist() != second.tolist()
    np.testing.assert_array_equal(data.order(1), load(folder, seed=3).order(1))
    assert data.order(1).tolist() != data.order(0).tolist()
    assert load(folder, seed=4).order(0).tolist() != data.order(0).tolist()
    np.testing.assert_array_equal(data.targets[data.order(0)], first)
    assert sorted(data.order(5)) == list(range(12))


def test_without_a_seed_the_random_seed_counts(folder):
    def order():
        utils.set_random_seed(5)
        data = load(folder)
        return data.file_paths, data.order(0).tolist()

    assert order() == order()


def test_parts_have_no_file_in_common(folder):
    training, held_out = load(folder, validation_split=0.5, subset="both", seed=1)
    assert len(training.file_paths) == len(held_out.file_paths) == 6
    assert set(names(training)).isdisjoint(names(held_out))
    alone = load(folder, validation_split=0.5, subset="validation", seed=1)
    assert alone.file_paths == held_out.file_paths
    assert held_out.order(0).tolist() == list(range(6))


def test_the_split_is_keras_one(folder):
    """What Keras 3.15 printed for this folder, this seed and a third for validation."""
    _, held_out = load(folder, validation_split=1 / 3, subset="both", seed=7)
    assert names(held_out) == ["blue/03.png", "green/02.png", "red/00.png", "green/00.png"]


def test_it_says_what_it_found(folder, capsys):
    load(folder, verbose=True, validation_split=0.5, subset="both", seed=1)
    assert capsys.readouterr().out == (
        "Found 12 files belonging to 3 classes.\n"
        "Using 6 files for training.\n"
        "Using 6 files for validation.\n"
    )
    load(folder, verbose=True, labels=None)
    assert capsys.readouterr().out == "Found 12 files.\n"


def test_folders_within_folders_and_other_files(folder):
    (folder / "red" / "more").mkdir()
    (folder / "red" / "00.png").rename(folder / "red" / "more" / "z.PNG")
    (folder / "red" / "notes.txt").write_text("no image")
    (folder / ".hidden").mkdir()
    data = load(folder, shuffle=False)
    assert names(data)[-3:] == ["red/01.png", "red/02.png", "more/z.PNG"]
    assert data.class_names == ["blue", "green", "red"]


def test_links_are_followed_where_wanted(folder, tmp_path):
    elsewhere = folders(tmp_path / "elsewhere", {"red": 2}) / "red"
    (folder / "red" / "linked").symlink_to(elsewhere, target_is_directory=True)
    assert len(load(folder).file_paths) == 12
    assert len(load(folder, follow_links=True).file_paths) == 14


def test_images_are_decoded_once(folder):
    data = load(folder)
    assert data.images is data.images
    images, targets = data.arrays()
    assert images is data.images
    assert targets is data.targets


def test_images_that_do_not_fit_into_memory(folder, monkeypatch):
    monkeypatch.setattr("convlet.utils.image_dataset._memory", lambda: 10**9)
    message = (
        "The data set needs 5.6 GB of memory, for 12 images of shape (12000, 13000, 3). Received a "
        "machine with 1.0 GB. Use a smaller image_size."
    )
    with pytest.raises(DatasetError, match=f"^{re.escape(message)}$"):
        load(folder, image_size=(12000, 13000)).arrays()


def test_take_begins_a_pass(folder):
    data = load(folder, batch_size=5, seed=1)
    assert [len(x) for x, _ in data.take(2)] == [5, 5]
    np.testing.assert_array_equal(next(data.take(1))[1], data.targets[data.order(1)[:5]])


def test_damaged_files_are_all_named_before_the_first_batch(folder):
    (folder / "blue" / "01.png").write_bytes(b"")
    whole = (folder / "red" / "00.png").read_bytes()
    (folder / "red" / "00.png").write_bytes(whole[:45])
    data = load(folder)
    with pytest.raises(DatasetError) as caught:
        next(iter(data))
    message = str(caught.value)
    assert message.startswith(
        "The data set needs image files that can be decoded. Received 2 of 12 that cannot: "
        f"'{folder / 'blue' / '01.png'}': cannot identify image file"
    )
    assert f"; '{folder / 'red' / '00.png'}': " in message
    assert message.endswith(". Repair them, or take them away.")


def test_of_many_damaged_files_ten_are_named(tmp_path):
    folder = folders(tmp_path / "colours", {"blue": 6, "red": 6})
    for path in folder.rglob("*.png"):
        path.write_bytes(b"nothing")
    with pytest.raises(DatasetError, match=r"; and 2 more\. Repair them, or take them away\.$"):
        load(folder).arrays()


def test_a_split_that_loses_a_class(folder):
    message = (
        "image_dataset_from_directory needs images of every class in both parts. Received "
        "shuffle=False, for which validation_split=0.25 leaves no image of red for training. Pass "
        "shuffle=True and a seed."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        load(folder, shuffle=False, validation_split=0.25, subset="both")


def test_a_shuffled_split_that_loses_a_class(tmp_path):
    folder = folders(tmp_path / "colours", {"blue": 8, "red": 1})
    message = (
        "validation_split=0.2 leaves no image of red for validation. Add images of this class, or "
        "try another seed."
    )
    with pytest.warns(DataWarning, match=f"^{re.escape(message)}$") as caught:
        load(folder, seed=0, validation_split=0.2, subset="training")
    assert [warning.filename for warning in caught] == [__file__]


OWNER = "image_dataset_from_directory"


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        (
            {"label_mode": "one_hot"},
            UnknownNameError,
            f"{OWNER} needs label_mode to be one of 'int', 'categorical', 'binary'. "
            "Received label_mode='one_hot'.",
        ),
        (
            {"class_names": ["bleu"]},
            UnknownNameError,
            f"{OWNER} needs each of class_names to be one of 'blue', 'green', 'red'. "
            "Received each of class_names='bleu'. Did you mean 'blue'?",
        ),
        (
            {"label_mode": "binary"},
            ArgumentError,
            f"{OWNER} needs 2 classes for label_mode='binary'. Received 3: blue, green, red. "
            "Use label_mode='int'.",
        ),
        (
            {"labels": [1, 2]},
            ArgumentError,
            f"{OWNER} needs labels to be 'inferred', None or a list of 12 integers, one for each "
            "file. Received 2 of type int64.",
        ),
        (
            {"labels": "given"},
            ArgumentError,
            f"{OWNER} needs labels to be 'inferred', None or a list of 12 integers, one for each "
            "file. Received labels='given'.",
        ),
        (
            {"labels": None, "class_names": ["red"]},
            ArgumentError,
            f"{OWNER} takes class_names with labels='inferred'. Received labels=None.",
        ),
        (
            {"crop_to_aspect_ratio": True, "pad_to_aspect_ratio": True},
            ArgumentError,
            f"{OWNER} takes either crop_to_aspect_ratio or pad_to_aspect_ratio. Received both.",
        ),
        (
            {"validation_split": 0.2},
            ArgumentError,
            f"{OWNER} needs both validation_split and subset, or neither. Received "
            "validation_split=0.2 and subset=None.",
        ),
        (
            {"validation_split": 0.2, "subset": "training"},
            ArgumentError,
            f"{OWNER} needs a seed to split shuffled files, so that the parts of two calls have no "
            "image in common. Received seed=None. Pass seed=0, to both calls.",
        ),
        (
            {"validation_split": 0.01, "subset": "both", "seed": 0},
            DatasetError,
            f"{OWNER} needs enough images for training and for validation. Received 12 with "
            "validation_split=0.01.",
        ),
        (
            {"seed": 1 << 32},
            ArgumentError,
            f"{OWNER} needs seed to be below 2**32. Received seed=4294967296.",
        ),
        (
            {"data_format": "channels_first"},
            Unsupported,
            f"{OWNER} does not support data_format='channels_first' yet. "
            "The only value is 'channels_last'.",
        ),
    ],
)
def test_messages(folder, settings, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        load(folder, **settings)


def test_no_folder_and_no_files(tmp_path):
    with pytest.raises(
        DatasetError, match=rf"^{OWNER} needs a folder of images\. Received 'nowhere'\.$"
    ):
        load("nowhere")
    (tmp_path / "empty").mkdir()
    message = (
        f"{OWNER} needs image files, .bmp, .gif, .jpeg, .jpg, .png. Received '{tmp_path}' without "
        "any in a folder for each class."
    )
    with pytest.raises(DatasetError, match=f"^{re.escape(message)}$"):
        load(tmp_path)


@pytest.mark.skipif(not FILES.is_dir(), reason="the folder of brain scans is not there")
def test_a_real_folder():
    training, held_out = load(
        FILES, image_size=(32, 32), validation_split=0.2, subset="both", seed=7
    )
    assert (len(training.file_paths), len(held_out.file_paths)) == (152, 38)
    assert training.class_names == ["no", "yes"]
    assert training.images.shape == (152, 32, 32, 3)
    assert 20 < training.images.mean() < 100
