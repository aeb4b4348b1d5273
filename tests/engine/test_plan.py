"""Plans: whose calls they hold, and what these are for."""

import re

import numpy as np
import pytest

from convlet.engine.calls import Label, by
from convlet.engine.cpu.gather import EMIT, emit
from convlet.engine.plan import Halo, Plan
from convlet.errors import ShapeError

ONE, OTHER = Label("one", "first"), Label("other", "second", (3,), 6)


def described(plan):
    return [(part.label.name, part.direction, part.task, len(part.calls)) for part in plan.parts]


def test_calls_belong_to_what_was_named_last():
    plan = Plan(2, training=True)
    plan.of(ONE, "forward")
    plan.run(emit(), EMIT)
    plan.of(OTHER, "backward")
    plan.run(emit(), EMIT)
    plan.run(emit(), EMIT)
    assert described(plan)[1:] == [
        ("one", "forward", "output", 1),
        ("other", "backward", "input gradient", 2),
    ]
    assert [call for part in plan.parts for call in part.calls] == plan.stages[0].calls


def test_a_note_before_any_call_says_what_all_are_for():
    plan = Plan(2, training=True)
    plan.of(ONE, "forward")
    plan.note("output", "so", 7)
    plan.run(emit(), EMIT)
    assert described(plan)[1:] == [("one", "forward", "output", 1)]
    assert (plan.parts[1].way, plan.parts[1].multiply_adds) == ("so", 7)


def test_a_note_after_calls_begins_another_part_of_the_same_work():
    plan = Plan(2, training=True)
    plan.of(ONE, "backward")
    plan.run(emit(), EMIT)
    plan.note("weight gradient")
    plan.run(emit(), EMIT)
    assert described(plan)[1:] == [
        ("one", "backward", "input gradient", 1),
        ("one", "backward", "weight gradient", 1),
    ]


def test_what_a_part_takes_of_the_slot_is_counted():
    plan = Plan(2, training=True)
    before = plan.slot_size
    plan.of(ONE, "forward")
    plan.tensor((4, 4, 3))
    plan.of(OTHER, "forward")
    plan.reserve(10)
    one, other = (part.floats for part in plan.parts[1:])
    assert one >= 2 * 4 * 4 * 3
    assert other >= 10
    assert one + other == plan.slot_size - before


def test_a_sequence_has_a_halo_to_its_left_and_right():
    x = Plan(2, training=True).tensor((5, 3), Halo(left=2, right=1))
    assert (x.rows, x.row_length, x.row_stride, x.image_stride) == (1, 15, 24, 24)
    assert not x.contiguous
    image = x.as_image()
    assert (image.shape, image.offset, image.halo) == ((1, 5, 3), x.offset, x.halo)
    assert (image.rows, image.row_length, image.pixel(0, 2)) == (1, 15, 6)


@pytest.mark.parametrize("shape", [(7,), (5, 3), (2, 5, 3), (2, 2, 5, 3)])
def test_tensors_without_a_halo_have_no_gaps(shape):
    assert Plan(2, training=True).tensor(shape).contiguous


def test_features_are_an_image_of_one_pixel():
    x = Plan(2, training=True).tensor((7,)).as_image()
    assert (x.shape, x.contiguous) == ((1, 1, 7), True)


def test_a_kernel_knows_what_it_was_made_of():
    kernel = emit()
    assert (kernel.source, kernel.settings) == ("gather.emit", {})
    assert Plan(1, training=False).call(kernel, EMIT, length=3).args["length"] == np.array([3])


def test_sizes_as_a_text():
    assert by((3, 3)) == "3x3"
    assert by((10,)) == "10"


def test_tensors_longer_than_offsets_reach_are_refused():
    message = (
        "A program needs tensors of at most 2,147,483,647 floats. Received 2,147,483,648 "
        "(images at a time: 8). Use smaller images, fewer channels or a smaller batch."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        Plan(8, training=True).tensor((2**13 - 2, 2**13, 4), Halo(top=1, bottom=1))
    Plan(7, training=True).tensor((2**13, 2**13, 4))
