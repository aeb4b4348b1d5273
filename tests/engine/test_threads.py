"""How many threads: what was set, what the environment says, what the machine has."""

import ctypes
import os
import re
import time
import warnings
from queue import SimpleQueue

import pytest

from convlet import engine
from convlet.engine import threads
from convlet.errors import ArgumentError


@pytest.fixture(autouse=True)
def _default_threads(monkeypatch):
    monkeypatch.delenv("CONVLET_THREADS", raising=False)
    yield
    engine.set_threads(None)


def test_the_default_is_no_more_than_this_process_may_use():
    assert 1 <= engine.get_threads() <= (os.cpu_count() or 1)


def test_the_environment_is_asked_each_time(monkeypatch):
    monkeypatch.setenv("CONVLET_THREADS", "3")
    assert engine.get_threads() == 3
    monkeypatch.setenv("CONVLET_THREADS", "5")
    assert engine.get_threads() == 5


def test_what_is_set_wins_over_the_environment(monkeypatch):
    monkeypatch.setenv("CONVLET_THREADS", "3")
    engine.set_threads(2)
    assert engine.get_threads() == 2


@pytest.mark.parametrize("value", ["0", "-1", "two", "1.5"])
def test_a_bad_environment_variable_is_refused(monkeypatch, value):
    monkeypatch.setenv("CONVLET_THREADS", value)
    message = (
        "The environment variable CONVLET_THREADS needs to be a whole number of at least 1. "
        f"Received {value!r}."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        engine.get_threads()


@pytest.mark.parametrize("value", [0, -2, 1.0, True, "2"])
def test_a_bad_number_is_refused(value):
    message = (
        "set_threads needs threads to be None or a whole number of at least 1. "
        f"Received threads={value!r}."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        engine.set_threads(value)


def test_the_user_is_asked_before_the_machine(monkeypatch):
    assert threads.requested_threads() is None
    monkeypatch.setenv("CONVLET_THREADS", "3")
    assert threads.requested_threads() == 3
    engine.set_threads(2)
    assert threads.requested_threads() == 2


def test_a_helper_is_claimed_by_one_caller_at_a_time():
    engine.set_threads(4)
    helpers = threads.Helpers()
    assert helpers.claim(2) == 2
    assert helpers.claim(2) == 1
    assert helpers.claim(2) == 0
    helpers.release(3)
    assert helpers.claim(5) == 3


def test_one_thread_needs_no_helpers():
    engine.set_threads(1)
    assert threads.Helpers().claim(3) == 0


def result_of_a_helper():
    """What a claimed helper hands back."""
    engine.set_threads(2)
    results = SimpleQueue()
    claimed = threads.helpers().claim(1)
    threads.helpers().start(lambda: results.put(7))
    value = results.get(timeout=20)
    threads.helpers().release(claimed)
    return value


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_starts_helpers_of_its_own():
    assert result_of_a_helper() == 7
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # forking with threads is the point
        child = os.fork()
    if child == 0:
        try:
            os.write(writer, str(result_of_a_helper()).encode())
        finally:
            os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    assert os.read(reader, 10) == b"7"
    os.close(reader)


def reading(address):
    function = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int64), ctypes.c_int)(address)
    time = (ctypes.c_int64 * 2)()
    assert function(time, 1) == 1
    return tuple(time)


def test_the_clock_is_found_and_runs_forward():
    first, second = reading(threads.clock_address()), reading(threads.clock_address())
    assert first <= second
    assert 0 <= first[1] < 10**9


def test_without_a_clock_in_the_c_library_pythons_is_read(monkeypatch):
    def no_library(name):
        raise OSError

    monkeypatch.setattr(threads.ctypes, "CDLL", no_library)
    address = threads.clock_address.__wrapped__()
    assert address == ctypes.cast(threads._python_clock, ctypes.c_void_p).value
    before = divmod(time.perf_counter_ns(), 10**9)
    assert before <= reading(address) <= divmod(time.perf_counter_ns(), 10**9)
