"""The package as a user first meets it."""

import re

import pytest

import convlet as keras
from convlet import layers, models


def test_names_are_those_of_their_modules():
    assert keras.Sequential is models.Sequential
    assert keras.Model is models.Model
    assert keras.Input is layers.Input
    assert keras.layers is layers


def test_it_stands_in_for_keras():
    model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten()])
    assert model.output_shape == (None, 784)


def test_threads_can_be_set_from_the_top():
    threads = keras.get_threads()
    keras.set_threads(1)
    assert keras.get_threads() == 1
    keras.set_threads(threads)


def test_an_unknown_name():
    with pytest.raises(AttributeError) as info:
        keras.modls  # noqa: B018
    assert str(info.value) == "module 'convlet' has no attribute 'modls'"
    assert info.value.name == "modls"  # from which Python says what was probably meant
    assert info.value.obj is keras


def test_version():
    assert re.fullmatch(r"\d+\.\d+\.\d+", keras.__version__)
