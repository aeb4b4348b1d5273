"""When callbacks are called, and the callbacks that write and stop."""

from __future__ import annotations

import pickle
import re

import numpy as np
import pytest

from convlet import callbacks, models
from convlet.errors import ArgumentError, StateError, UnknownNameError, UnsupportedError
from tests.training.small import images, network

X, Y = images(20)


class Recorder(callbacks.Callback):
    """Notes every call."""

    def __init__(self):
        super().__init__()
        self.calls = []


def _recording(hook):
    def record(self, *arguments):
        self.calls.append(hook)

    return record


for _hook in [name for name in vars(callbacks.Callback) if name.startswith("on_")]:
    setattr(Recorder, _hook, _recording(_hook))


def test_the_order_of_calls():
    recorder = Recorder()
    network().fit(X, Y, batch_size=10, verbose=0, callbacks=[recorder], validation_split=0.5)
    assert recorder.calls == [
        "on_train_begin",
        "on_epoch_begin",
        "on_train_batch_begin",
        "on_train_batch_end",
        "on_test_begin",
        "on_test_batch_begin",
        "on_test_batch_end",
        "on_test_end",
        "on_epoch_end",
        "on_train_end",
    ]


def test_the_order_of_calls_in_predict():
    recorder = Recorder()
    network().predict(X, verbose=0, callbacks=[recorder])
    assert recorder.calls == [
        "on_predict_begin",
        "on_predict_batch_begin",
        "on_predict_batch_end",
        "on_predict_end",
    ]


def test_every_call_has_logs():
    class Strict(callbacks.Callback):
        """Its methods need all arguments, as many written for Keras do."""

    received = []
    for hook in [name for name in vars(callbacks.Callback) if name.startswith("on_")]:
        if hook.startswith(("on_train_begin", "on_train_end", "on_test_", "on_predict_")) and (
            "batch" not in hook
        ):
            setattr(Strict, hook, lambda self, logs: received.append(logs))
        else:
            setattr(Strict, hook, lambda self, count, logs: received.append(logs))
    model = network()
    model.fit(X, Y, validation_data=(X, Y), verbose=0, callbacks=[Strict()])
    model.predict(X, verbose=0, callbacks=[Strict()])
    assert len(received) == 14
    assert all(isinstance(logs, dict) for logs in received)


def test_the_bar_s_own_callback_changes_nothing(capsys):
    network().fit(X, Y, verbose=0, callbacks=[callbacks.ProgbarLogger()])
    assert capsys.readouterr().out == ""


def test_callbacks_know_model_and_params():
    callback = callbacks.Callback()
    model = network()
    model.fit(X, Y, batch_size=5, verbose=0, callbacks=callback)
    assert callback.model is model
    assert callback.params == {"verbose": 0, "epochs": 1, "steps": 4}


def test_on_batch_end_is_on_train_batch_end():
    batches = []

    class Old(callbacks.Callback):
        def on_batch_end(self, batch, logs=None):
            batches.append((batch, sorted(logs)))

    network().fit(X, Y, batch_size=10, verbose=0, callbacks=[Old()])
    assert batches == [(0, ["loss"]), (1, ["loss"])]


def test_batch_hooks_that_nobody_defines_are_not_called():
    plain = callbacks.CallbackList([callbacks.EarlyStopping()], None, {}, "fit")
    assert plain.batch_hooks("on_train_batch_end") == []
    asking = callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: None)
    listed = callbacks.CallbackList([asking], None, {}, "fit")
    assert listed.batch_hooks("on_train_batch_end") == [asking.on_train_batch_end]
    assert listed.batch_hooks("on_train_batch_begin") == []


def test_lambda_callback():
    calls = []
    callback = callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs=None: calls.append(("begin", epoch)),
        on_epoch_end=lambda epoch, logs: calls.append(("end", sorted(logs))),
        on_test_end=lambda logs: calls.append(("test", sorted(logs))),
    )
    network().fit(X, Y, validation_data=(X, Y), verbose=0, callbacks=[callback])
    assert calls == [("begin", 0), ("test", ["loss"]), ("end", ["loss", "val_loss"])]


def test_csv_logger(tmp_path):
    path = tmp_path / "runs" / "log.csv"
    model = network(metrics=["accuracy"])
    model.fit(X, Y, epochs=2, verbose=0, callbacks=[callbacks.CSVLogger(path)])
    more = callbacks.CSVLogger(path, append=True)
    history = model.fit(X, Y, epochs=3, initial_epoch=2, verbose=0, callbacks=[more])
    header, *rows = path.read_text().splitlines()
    assert header == "epoch,loss,accuracy"
    assert [row.split(",")[0] for row in rows] == ["0", "1", "2"]
    assert float(rows[2].split(",")[1]) == history.history["loss"][0]


def test_csv_logger_overwrites(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("something else\n")
    network().fit(X, Y, verbose=0, callbacks=[callbacks.CSVLogger(path, separator=";")])
    assert path.read_text().splitlines()[0] == "epoch;loss"


def test_terminate_on_nan(capsys):
    model = network()
    spoilt = X.copy()
    spoilt[12] = np.nan
    history = model.fit(
        spoilt,
        Y,
        batch_size=10,
        epochs=3,
        shuffle=False,
        verbose=0,
        callbacks=[callbacks.TerminateOnNaN()],
    )
    assert history.epoch == [0]
    assert capsys.readouterr().out == "The loss is nan after batch 1: training stopped.\n"


def checkpoint(path, **settings):
    callback = callbacks.ModelCheckpoint(path, **settings)
    model = network(metrics=["accuracy"])
    model.fit(X, Y, batch_size=5, epochs=3, verbose=0, callbacks=[callback])
    return model


def test_checkpoint_saves_every_epoch(tmp_path):
    model = checkpoint(tmp_path / "models" / "{epoch:02d}-{accuracy:.1f}.keras")
    saved = sorted((tmp_path / "models").iterdir())
    assert [path.name[:3] for path in saved] == ["01-", "02-", "03-"]
    loaded = models.load_model(saved[-1])
    for first, second in zip(model.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_array_equal(first, second)
    assert loaded.optimizer.iterations == model.optimizer.iterations


def test_checkpoint_saves_the_best_only(tmp_path, capsys):
    checkpoint(tmp_path / "best.keras", monitor="loss", mode="max", save_best_only=True, verbose=1)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("Epoch 1: loss improved to ")
    assert lines[1].startswith("Epoch 2: loss did not improve from ")
    assert models.load_model(tmp_path / "best.keras").optimizer.iterations == 4


def test_checkpoint_saves_weights_only(tmp_path):
    path = tmp_path / "best.weights.h5"
    model = checkpoint(path, save_weights_only=True)
    other = network()
    other.load_weights(path)
    for first, second in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(first, second)


def test_checkpoint_beats_a_threshold(tmp_path):
    checkpoint(
        tmp_path / "best.keras", monitor="loss", save_best_only=True, initial_value_threshold=0.0
    )
    assert list(tmp_path.iterdir()) == []


def test_checkpoint_saves_every_so_many_steps(tmp_path):
    checkpoint(tmp_path / "{epoch}-{batch}.keras", save_freq=5)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2-1.keras", "3-2.keras"]


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (
            lambda: callbacks.ModelCheckpoint("model.h5"),
            ArgumentError,
            "ModelCheckpoint needs filepath to be a path that ends in '.keras'. "
            "Received filepath='model.h5'.",
        ),
        (
            lambda: callbacks.ModelCheckpoint("model.keras", save_weights_only=True),
            ArgumentError,
            "ModelCheckpoint needs filepath to be a path that ends in '.weights.h5'. "
            "Received filepath='model.keras'.",
        ),
        (
            lambda: callbacks.ModelCheckpoint("model.keras", save_freq="batch"),
            ArgumentError,
            "ModelCheckpoint needs save_freq to be an integer of at least 1. "
            "Received save_freq='batch'.",
        ),
        (
            lambda: checkpoint("{epoch}-{val_acc}.keras"),
            UnknownNameError,
            "ModelCheckpoint needs the names in its filepath to be among 'epoch', 'loss', "
            "'accuracy'. Received 'val_acc' in '{epoch}-{val_acc}.keras'.",
        ),
        (
            lambda: callbacks.LambdaCallback(on_epoch_ends=print),
            UnknownNameError,
            "Did you mean 'on_epoch_end'?",
        ),
        (
            lambda: callbacks.LambdaCallback(on_epoch_end=3),
            ArgumentError,
            "LambdaCallback needs on_epoch_end to be a function. Received on_epoch_end=3.",
        ),
        (
            lambda: callbacks.LearningRateScheduler(0.1),
            ArgumentError,
            "LearningRateScheduler needs schedule to be a function of epoch and rate. "
            "Received schedule=0.1.",
        ),
        (
            lambda: callbacks.TensorBoard(log_dir="logs"),
            UnsupportedError,
            "convlet does not have the callback TensorBoard. Use CSVLogger('log.csv'), or "
            "LambdaCallback(on_epoch_end=...) with a writer of your own.",
        ),
        (
            lambda: callbacks.RemoteMonitor("http://localhost:9000"),
            UnsupportedError,
            "convlet does not have the callback RemoteMonitor. Send the logs in "
            "LambdaCallback(on_epoch_end=lambda epoch, logs: ...).",
        ),
        (
            lambda: callbacks.OrbaxCheckpoint("folder"),
            UnsupportedError,
            "convlet does not have the callback OrbaxCheckpoint. Use "
            "ModelCheckpoint('model.keras'), or BackupAndRestore('backup') to go on later.",
        ),
        (
            lambda: callbacks.CSVLogger("log.csv", separator=", "),
            ArgumentError,
            "CSVLogger needs separator to be one character. Received separator=', '.",
        ),
        (
            lambda: callbacks.Callback().model,
            StateError,
            "Callback has no model yet. Pass it to fit(callbacks=[...]) first.",
        ),
    ],
)
def test_messages(act, error, message):
    with pytest.raises(error, match=f"{re.escape(message)}$"):
        act()


def test_csv_logger_goes_on_in_its_own_columns_only(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("epoch,loss\n0,1.5\n")
    message = (
        f"CSVLogger needs {str(path)!r} to have the columns epoch, loss, accuracy. "
        "Received epoch, loss. Pass another filename, or append=False."
    )
    model = network(metrics=["accuracy"])
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        model.fit(X, Y, verbose=0, callbacks=[callbacks.CSVLogger(path, append=True)])
    assert path.read_text() == "epoch,loss\n0,1.5\n"


def test_terminate_on_nan_can_raise():
    message = (
        "TerminateOnNaN needs a finite loss. Received nan after batch 0. "
        "A smaller learning rate often helps."
    )
    callback = callbacks.TerminateOnNaN(raise_error=True)
    with pytest.raises(StateError, match=f"^{re.escape(message)}$"):
        network().fit(X * np.nan, Y, verbose=0, callbacks=[callback])


def test_a_callback_does_not_keep_its_model_alive_nor_its_copy_know_it():
    class Model:
        pass

    callback, model = callbacks.Callback(), Model()
    callback.set_model(model)
    assert callback.model is model
    for copy in (pickle.loads(pickle.dumps(callback)), callback):
        if copy is callback:
            del model
        with pytest.raises(StateError, match=r"^Callback has no model yet\."):
            _ = copy.model
