"""Memory: training takes what it needs at its first step, and gives it back with the model."""

import gc
import subprocess
import sys
import tracemalloc
import weakref

import numpy as np
import pytest

from convlet import engine, layers, losses, models, optimizers

linux_only = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="resident memory is read from /proc"
)
MEGABYTE = 2**20
SMALL = """
import os
import numpy as np
from convlet import layers, models

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

def make():
    model = models.Sequential([layers.Input((8, 8, 1)), layers.Conv2D(4, 3, activation="relu"),
        layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(3, activation="softmax")])
    model.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

def use(model):
    model.fit(x, y, batch_size=64, verbose=0)
    model.predict(x, verbose=0)

x, y = np.ones((64, 8, 8, 1), np.float32), np.arange(64) % 3
"""


def run(program):
    """What a program of its own prints: its memory is nobody else's."""
    done = subprocess.run(
        [sys.executable, "-c", SMALL + program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return [int(number) for number in done.stdout.split()]


def model_and_data(batch=64):
    model = models.Sequential(
        [
            layers.Input((12, 12, 1)),
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(100, activation="softmax"),
        ]
    )
    return model, np.ones((batch, 12, 12, 1), np.float32), np.arange(batch) % 100


@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop", "adam"])
def test_a_step_allocates_nothing_after_the_first(optimizer):
    """The smallest array takes 25,600 bytes, and an object a step 28,000: neither is made."""
    model, x, y = model_and_data()
    program = engine.TrainingProgram(
        model.graph, 64, [losses.SparseCategoricalCrossentropy()],
        optimizers.get(optimizer),
    )  # fmt: skip
    y, index = y.astype(np.int32), np.arange(64)
    program.step([x], [y], index)
    tracemalloc.start()
    try:
        program.step([x], [y], index)  # Python's own caches
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        for _ in range(1000):
            program.step([x], [y], index)
        after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak - before < 16_384
    assert after - before < 16_384


def test_a_model_is_freed_at_once_with_its_programs():
    gc.collect()
    gc.disable()  # counting references must be enough
    try:
        model, x, y = model_and_data()
        model.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])
        history = model.fit(x, y, batch_size=64, verbose=0, validation_data=(x, y))
        model.predict(x, verbose=0)
        model.evaluate(x, y, verbose=0)
        program = next(iter(model._programs._training.values()))
        parts = [model, program, model.layers[0], model.optimizer]
        alive = [weakref.ref(part) for part in parts]
        del model, program, parts
        assert [part() for part in alive] == [None] * 4
        assert len(history.history["loss"]) == 1
    finally:
        gc.enable()


@linux_only
def test_memory_is_flat_over_500_fits():
    """One program more for each would take 100 MB."""
    grown, programs = run(
        "model = make()\n"
        "for _ in range(50): use(model)\n"
        "before, made = resident(), set()\n"
        "for _ in range(500):\n"
        "    use(model)\n"
        "    made |= {id(program) for program in model._programs._training.values()}\n"
        "print(resident() - before, len(made))\n"
    )
    assert grown < 8 * MEGABYTE
    assert programs == 1


@linux_only
def test_memory_is_flat_over_500_models():
    grown, objects = run(
        "import gc\n"
        "for _ in range(50): use(make())\n"
        "gc.collect()\n"
        "gc.disable()\n"
        "before, count = resident(), len(gc.get_objects())\n"
        "for _ in range(500): use(make())\n"
        "print(resident() - before, len(gc.get_objects()) - count)\n"
    )
    assert grown < 8 * MEGABYTE
    assert objects < 500  # less than one for each model


@linux_only
@pytest.mark.parametrize("pixels", ["uint8", "float32", "float64"])
def test_images_are_not_copied(pixels):
    """They take 64 MB or more; the positions of a million images take 8."""
    (grown,) = run(
        "import resource\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024\n"
        "model = make()\n"
        "count = 2**20\n"
        f"images = np.ones((count, 8, 8, 1), '{pixels}')\n"
        "targets = np.zeros((count, 3), np.float32)\n"
        "model.compile('sgd', 'categorical_crossentropy')\n"
        "model.fit(images[:64], targets[:64], verbose=0)\n"
        "before = peak()\n"
        "model.fit(images, targets, batch_size=4096, verbose=0, shuffle=False)\n"
        "print(peak() - before)\n"
    )
    assert grown < 40 * MEGABYTE
