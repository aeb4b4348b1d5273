"""Workspaces: what tensors take over from each other, and what they never may."""

import numpy as np
import pytest

from convlet import layers, losses, models, optimizers
from convlet.engine.plan import Halo, Plan
from convlet.engine.training import TrainingProgram
from convlet.engine.workspaces import Workspaces

NEW = 1000


def take(workspaces, floats):
    return workspaces.take(floats, None, lambda floats: NEW)


def given(workspaces, number, *stretches):
    """Stretches in use, (offset, floats), that a beginning names."""
    workspaces.begin(number)
    for offset, floats in stretches:
        assert workspaces.take(floats, None, lambda floats, offset=offset: offset) == offset


def test_what_is_released_is_taken_again():
    workspaces = Workspaces()
    given(workspaces, 7, (100, 50))
    assert take(workspaces, 50) == NEW
    workspaces.release(7, [])
    assert sorted(take(workspaces, 50) for _ in range(2)) == [100, NEW]


def test_what_is_still_needed_stays_until_an_earlier_beginning_is_released():
    workspaces = Workspaces()
    given(workspaces, 1, (0, 50))
    given(workspaces, 2, (100, 50))
    workspaces.release(2, [149])
    workspaces.release(1, [0])
    assert take(workspaces, 50) == 100
    assert take(workspaces, 50) == NEW


def test_the_smallest_that_does_is_taken_and_none_much_too_long():
    workspaces = Workspaces()
    given(workspaces, 0, (0, 100), (200, 60), (300, 49))
    workspaces.release(0, [])
    assert [take(workspaces, 50) for _ in range(3)] == [200, 0, NEW]
    assert take(workspaces, 24) == NEW


def test_tensors_with_a_halo_meet_only_their_like():
    plan = Plan(2, training=True)
    halo = Halo(1, 1, 1, 1)
    plan.workspaces.begin(0)
    plain, clean = plan.workspace((4, 4, 8)), plan.workspace((4, 4, 8), halo)
    dirty = plan.workspace((4, 4, 8), halo, clean=False)
    plan.workspaces.release(0, [])
    size = plan.slot_size
    assert plan.workspace((4, 4, 8), halo) == clean
    assert plan.workspace((4, 4, 8), halo, clean=False) == dirty
    assert plan.workspace((8, 4, 4)).offset == plain.offset
    assert plan.slot_size == size
    assert plan.workspace((4, 4, 8), Halo(1, 1, 2, 0)).offset > size - 1


def block(x, filters, strides, ceiling):
    y = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)(x)
    y = layers.ReLU(max_value=ceiling)(layers.BatchNormalization()(y))
    y = layers.DepthwiseConv2D(3, padding="same", activation="relu")(y)
    y = layers.BatchNormalization()(layers.Conv2D(filters, 3, padding="same")(y))
    if strides > 1:
        x = layers.Conv2D(filters, 1, strides=strides)(x)
    return layers.ReLU()(layers.Add()([x, y]))


@pytest.fixture(scope="module")
def trained():
    """A program with branches, and a function that makes a step which leaves the weights alone."""
    image = layers.Input((12, 12, 3))
    x = layers.Conv2D(8, 3, padding="same", activation="relu")(image)
    for filters, strides, ceiling in ((8, 1, None), (20, 2, 6.0), (20, 1, None)):
        x = block(x, filters, strides, ceiling)
    x = layers.Activation("tanh")(layers.GlobalAveragePooling2D()(x))
    model = models.Model(image, layers.Dense(3, activation="softmax")(x))
    loss = losses.SparseCategoricalCrossentropy()
    program = TrainingProgram(model.graph, 6, [loss], optimizers.SGD(learning_rate=0.0))
    rng = np.random.default_rng(0)
    images, labels = rng.normal(size=(6, 12, 12, 3)).astype(np.float32), rng.integers(0, 3, 6)
    targets = loss.prepare(labels, (3,))
    return program, lambda: program.step([images], [targets], np.arange(6))


def stretches(program):
    plan, _ = program.planned("float32")
    return plan.workspaces._used + plan.workspaces._free


def test_each_step_writes_all_that_it_reads(trained):
    program, step = trained
    step()
    wanted = program._gradients.copy()
    slots = program._context._slots
    filled = 0
    for stretch in stretches(program):
        if stretch.layout is None:
            slots[:, stretch.offset : stretch.offset + stretch.floats] = np.nan
            filled += 1
    assert filled > 5
    step()
    np.testing.assert_array_equal(program._gradients, wanted)
    assert np.isfinite(wanted).all()


def test_halos_that_must_be_zero_stay_zero(trained):
    program, step = trained
    step()
    looked = 0
    for offset, floats, layout in stretches(program):
        if layout is None or not layout[2]:
            continue
        (height, width, channels), halo, _ = layout
        whole = (-1, halo.top + height + halo.bottom, halo.left + width + halo.right, channels)
        images = program._context._slots[:, offset : offset + floats].reshape(whole).copy()
        images[:, halo.top : halo.top + height, halo.left : halo.left + width] = 0.0
        assert not images.any()
        looked += 1
    assert looked > 3


def test_gradients_take_over_what_the_way_there_left(trained):
    program, step = trained
    step()
    plan, _ = program.planned("float32")
    new = [part.floats for part in plan.parts if part.direction == "backward"]
    assert sum(new) < plan.slot_size / 2
