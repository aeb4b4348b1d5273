"""What is printed: in a terminal, in a notebook, into a file."""

from __future__ import annotations

import io
import re
import types

import pytest

from convlet.training.progress import Progress
from tests.training.small import images, network

LOGS = {"loss": 0.25, "accuracy": 0.0001}


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self):
        return True


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def plain(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")


def run(stream, steps=4, seconds=0.05, verbose=1, title="Epoch 1/5"):
    """Some steps of equal length, as the loop tells of them."""
    clock = Clock()
    progress = Progress(verbose, stream, clock)
    progress.begin(steps, lambda: LOGS, title)
    for step in range(1, steps + 1):
        clock.now += seconds
        progress.update(step)
    progress.end(steps, {**LOGS, "val_loss": 1.5})
    return stream.getvalue()


def test_a_number_of_steps_that_is_not_known(plain):
    clock, stream = Clock(), Terminal()
    progress = Progress(1, stream, clock)
    progress.begin(None, lambda: LOGS)
    for step in (1, 2):
        clock.now += 3
        progress.update(step)
    progress.end(2, LOGS)
    drawn, last = stream.getvalue().split("\r")[1:]
    assert drawn == (
        "      2/Unknown ──────────────────── 6s 3.0s/step - loss: 0.2500 - accuracy: 1.0000e-04"
    )
    assert last.startswith("2/2 ━━━━━━━━━━━━━━━━━━━━ 6s 3.0s/step - loss: 0.2500")


def test_terminal(plain):
    text = run(Terminal())
    assert text.startswith("Epoch 1/5\n\r2/4 ━━━━━━━━━━────────── 0s 50ms/step - loss: 0.2500 - ")
    last = text.rsplit("\r", 1)[1]
    assert last.rstrip(" \n") == (
        "4/4 ━━━━━━━━━━━━━━━━━━━━ 0s 50ms/step - loss: 0.2500 - accuracy: 1.0000e-04 - val_loss: "
        "1.5000"
    )
    assert text.endswith("\n")


def test_the_bar_is_drawn_ten_times_a_second_at_most(plain):
    text = run(Terminal(), steps=1000, seconds=0.001)
    assert 9 <= text.count("\r") <= 13


def test_a_shorter_line_covers_a_longer_one(plain):
    clock, stream = Clock(), Terminal()
    progress = Progress(1, stream, clock)
    progress.begin(3, lambda: {"loss": 1e9})
    clock.now = 1.0
    progress.update(1)
    progress.update(2)
    progress.end(2, {"loss": 1.0})
    first, second = stream.getvalue().split("\r")[-2:]
    assert len(second.rstrip("\n")) == len(first)


def test_lines_do_not_wrap_while_they_are_drawn(plain, monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")
    *drawn, last = run(Terminal()).split("\r")
    assert max(len(line) for line in drawn[1:]) == 29
    assert last.rstrip().endswith("val_loss: 1.5000")


def test_colours(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    text = run(Terminal())
    assert "2/4 \x1b[32m━━━━━━━━━━\x1b[37m━━━━━━━━━━\x1b[0m 0s" in text


def test_file():
    assert run(io.StringIO()) == (
        "Epoch 1/5 - 4/4 - 0s 50ms/step - loss: 0.2500 - accuracy: 1.0000e-04 - val_loss: 1.5000\n"
    )


def test_line_an_epoch_in_a_terminal():
    assert run(Terminal(), verbose=2).count("\n") == 1


def test_silence():
    assert run(Terminal(), verbose=0) == ""


def test_notebook(plain, monkeypatch):
    stream_type = types.new_class("OutStream", (io.StringIO,))
    stream_type.__module__ = "ipykernel.iostream"
    stream_type.encoding = "utf-8"
    assert run(stream_type()).count("\r") == 3


def test_a_terminal_without_line_drawing_characters(plain, monkeypatch):
    stream = Terminal()
    monkeypatch.setattr(Terminal, "encoding", "ascii")
    assert "2/4 ==========.........." in run(stream)


@pytest.mark.parametrize(
    ("seconds", "timing"),
    [
        (0.0005, "0s 500us/step"),
        (0.0021, "0s 2.1ms/step"),
        (2.5, "10s 2.5s/step"),
        (30, "2:00 30.0s/step"),
        (1000, "1:06:40 1000.0s/step"),
    ],
)
def test_durations(plain, seconds, timing):
    last = run(Terminal(), seconds=seconds).rsplit("\r", 1)[1]
    assert f"━ {timing} - loss" in last


def test_an_interrupted_line_is_ended(plain):
    stream = Terminal()
    progress = Progress(1, stream, Clock())
    progress.begin(4, dict)
    progress.update(1)
    progress.update(2)
    progress.close()
    progress.close()
    assert stream.getvalue().count("\n") == 1


def test_fit_evaluate_and_predict_print(capsys):
    x, y = images(40)
    model = network(metrics=["accuracy"])
    model.fit(x, y, epochs=2, validation_split=0.25)
    model.evaluate(x, y)
    model.predict(x)
    number = r"\d+\.\d{4}(e-\d\d)?"
    figures = rf"loss: {number} - accuracy: {number}"
    pace = r"\d+s [\d.]+[mu]?s/step"
    validation = rf"val_loss: {number} - val_accuracy: {number}"
    expected = [
        rf"Epoch 1/2 - 1/1 - {pace} - {figures} - {validation}",
        rf"Epoch 2/2 - 1/1 - {pace} - {figures} - {validation}",
        rf"2/2 - {pace} - {figures}",
        rf"2/2 - {pace}",
    ]
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(expected)
    for line, pattern in zip(lines, expected, strict=True):
        assert re.fullmatch(pattern, line), line
