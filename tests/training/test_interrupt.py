"""Ctrl-C during `fit`."""

from __future__ import annotations

import signal

import numpy as np
import pytest

from convlet import callbacks
from convlet.training.interrupt import HeldInterrupt
from tests.training.small import images, network


class Raiser(callbacks.Callback):
    """Presses Ctrl-C at a given epoch and notes what it is told."""

    def __init__(self, epoch):
        super().__init__()
        self.epoch = epoch
        self.ended = 0

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == self.epoch:
            raise KeyboardInterrupt

    def on_train_end(self, logs=None):
        self.ended += 1


def test_callbacks_are_told_and_the_interrupt_goes_on():
    raiser = Raiser(epoch=2)
    model = network()
    with pytest.raises(KeyboardInterrupt):
        model.fit(*images(), epochs=5, verbose=0, callbacks=[raiser])
    assert raiser.ended == 1
    assert model.history.epoch == [0, 1]
    assert model.optimizer.iterations == 4


def test_early_stopping_restores_the_best_weights():
    model = network()
    stopping = callbacks.EarlyStopping(monitor="loss", mode="max", restore_best_weights=True)
    first = {}
    keep = callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: first.setdefault("weights", model.get_weights())
    )
    stopping.patience = 5
    with pytest.raises(KeyboardInterrupt):
        model.fit(*images(), epochs=5, verbose=0, callbacks=[stopping, keep, Raiser(epoch=3)])
    for best, now in zip(first["weights"], model.get_weights(), strict=True):
        np.testing.assert_array_equal(best, now)


def test_a_failing_callback_does_not_keep_the_others_from_ending():
    raiser = Raiser(epoch=None)

    def fail(logs):
        raise ValueError("no more paper")

    failing = callbacks.LambdaCallback(on_train_end=fail)
    with pytest.raises(ValueError, match="no more paper"):
        network().fit(*images(), verbose=0, callbacks=[failing, raiser])
    assert raiser.ended == 1


def test_ctrl_c_waits_for_the_end_of_the_step():
    model = network()
    after = {}

    class Program:
        """The real steps, with a Ctrl-C in the middle of the second."""

        def __init__(self, program):
            self.program = program
            self.steps = 0

        def step(self, *arguments):
            self.steps += 1
            if self.steps == 2:
                signal.raise_signal(signal.SIGINT)
            result = self.program.step(*arguments)
            after["weights"] = model.get_weights()
            return result

    make = model._programs.training
    model._programs.training = lambda *arguments: Program(make(*arguments))
    with pytest.raises(KeyboardInterrupt):
        model.fit(*images(), batch_size=10, verbose=0)
    assert model.optimizer.iterations == 2
    for full_step, now in zip(after["weights"], model.get_weights(), strict=True):
        np.testing.assert_array_equal(full_step, now)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_the_second_ctrl_c_does_not_wait():
    with HeldInterrupt() as interrupt:
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            interrupt.check()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_handler_of_the_programs_own_stays():
    def own(signum, frame):
        raise AssertionError("not called")

    signal.signal(signal.SIGINT, own)
    try:
        with HeldInterrupt():
            assert signal.getsignal(signal.SIGINT) is own
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
