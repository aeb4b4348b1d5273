"""Training that is interrupted, and goes on."""

from __future__ import annotations

import re

import numpy as np
import pytest

from convlet import callbacks, layers, models, utils
from convlet.errors import ArgumentError
from tests.training.small import images

X, Y = images(20)


class Interruption(Exception):
    pass


class Interrupt(callbacks.Callback):
    """Fails at the end of a step, which is not the last of its epoch."""

    def __init__(self, epoch):
        super().__init__()
        self.epoch = epoch
        self.seen = []

    def on_epoch_begin(self, epoch, logs=None):
        self.seen.append(epoch)

    def on_train_batch_end(self, batch, logs=None):
        if self.seen[-1] == self.epoch and batch == 1:
            raise Interruption


def program(folder, interrupted_in=None, epochs=4, units=3, **settings):
    """A whole program: what a process does from its start to its end."""
    utils.set_random_seed(3)
    model = models.Sequential(
        [
            layers.Input((4, 4, 1)),
            layers.Flatten(),
            layers.Dropout(0.25),
            layers.Dense(units, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    backup = callbacks.BackupAndRestore(folder, **settings)
    interrupt = Interrupt(interrupted_in)
    history = None
    try:
        given = [backup, interrupt]
        history = model.fit(X, Y, batch_size=5, epochs=epochs, verbose=0, callbacks=given)
    except Interruption:
        pass
    return model, history, interrupt.seen


def assert_equal_weights(first, second):
    for one, other in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_an_interrupted_training_ends_in_the_same_bits(tmp_path):
    uninterrupted, whole, _ = program(tmp_path / "a")
    assert program(tmp_path / "b", interrupted_in=2)[2] == [0, 1, 2]
    assert (tmp_path / "b" / "latest.npz").exists()
    model, history, seen = program(tmp_path / "b")
    assert seen == history.epoch == [2, 3]
    assert history.history["loss"] == whole.history["loss"][2:]
    assert model.optimizer.iterations == uninterrupted.optimizer.iterations
    assert_equal_weights(model, uninterrupted)
    assert list(tmp_path.iterdir()) == []


def test_an_epoch_has_its_own_order_wherever_training_begins(tmp_path):
    uninterrupted, _, _ = program(tmp_path, epochs=2)
    utils.set_random_seed(3)
    model, _, _ = program(tmp_path, epochs=1, delete_checkpoint=False)
    assert (tmp_path / "latest.npz").exists()
    model, history, _ = program(tmp_path, epochs=2)
    assert history.epoch == [1]
    assert_equal_weights(model, uninterrupted)


def test_a_finished_training_that_keeps_its_backup_is_not_trained_again(tmp_path):
    first, _, _ = program(tmp_path, delete_checkpoint=False)
    again, history, _ = program(tmp_path, delete_checkpoint=False)
    assert history.epoch == []
    assert_equal_weights(first, again)


def test_a_backup_every_so_many_steps_is_of_the_epoch_that_is_begun_anew(tmp_path):
    program(tmp_path, interrupted_in=1, save_freq=3)
    model, _, seen = program(tmp_path, interrupted_in=1, save_freq=3)
    assert seen == [1]
    assert model.optimizer.iterations == 6 + 2  # two backups of 3 steps, then two steps more


def test_of_two_backups_the_one_that_can_be_read_is_taken(tmp_path):
    program(tmp_path, interrupted_in=2, double_checkpoint=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["latest.npz", "previous.npz"]
    (tmp_path / "latest.npz").write_bytes(b"half a file")
    _, history, _ = program(tmp_path, double_checkpoint=True)
    assert history.epoch == [1, 2, 3]


def test_other_files_in_the_folder_stay(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    program(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_stopped_training_has_come_to_its_end(tmp_path):
    model, _, _ = program(tmp_path / "a", epochs=1)
    stop = callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: setattr(model, "stop_training", epoch == 1)
    )
    backup = callbacks.BackupAndRestore(tmp_path / "b")
    model.fit(X, Y, epochs=4, verbose=0, callbacks=[backup, stop])
    assert list(tmp_path.iterdir()) == []


def other_model(folder):
    program(folder, interrupted_in=1)
    program(folder, units=4)


def damaged(folder):
    program(folder, interrupted_in=1)
    (folder / "latest.npz").write_bytes(b"half a file")
    program(folder)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (
            lambda folder: callbacks.BackupAndRestore(""),
            "BackupAndRestore needs backup_dir to be a folder's path. Received backup_dir=''.",
        ),
        (
            lambda folder: callbacks.BackupAndRestore(folder, save_freq=False),
            "BackupAndRestore needs save_freq to be an integer of at least 1. "
            "Received save_freq=False.",
        ),
        (
            other_model,
            "BackupAndRestore needs a backup of the model that is trained. Received that of "
            "another in '{folder}'. Pass another backup_dir, or remove the folder.",
        ),
        (
            damaged,
            "BackupAndRestore needs a backup that can be read. Received '{folder}/latest.npz', "
            "which is damaged. Remove it to begin anew.",
        ),
    ],
)
def test_messages(tmp_path, act, message):
    expected = re.escape(message.format(folder=tmp_path))
    with pytest.raises(ArgumentError, match=f"^{expected}$"):
        act(tmp_path)
