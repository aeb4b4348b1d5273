"""The explanation of a program: which facts it reads off it."""

import ctypes
import re
from pathlib import Path

import pytest

from convlet import engine, layers, losses, models, networks, optimizers
from convlet.engine.cpu.products import tile_shape
from convlet.engine.cpu.simd import LANES
from convlet.engine.stopwatch import Stopwatch
from convlet.layers import naming


def chapter():
    return [
        layers.Input((28, 28, 1)),
        layers.Rescaling(0.5, offset=1.0),
        layers.Conv2D(32, 3, activation="relu", name="a"),
        layers.MaxPooling2D(2, name="pool"),
        layers.Conv2D(64, 3, activation="relu", name="b"),
        layers.MaxPooling2D(2, name="pool_1"),
        layers.Conv2D(64, 3, strides=2, dilation_rate=1, activation="tanh", name="c"),
        layers.Flatten(name="flat"),
        layers.Dropout(0.25, name="drop"),
        layers.Dense(10, activation="softmax", name="d"),
    ]


def explained(*stack, training=True, images=16, loss=None):
    model = models.Sequential(stack)
    if not training:
        return engine.explain(engine.InferenceProgram(model.graph), images)
    loss = loss or losses.CategoricalCrossentropy()
    program = engine.TrainingProgram(model.graph, images, [loss], optimizers.SGD())
    return engine.explain(program, images)


def operation(explanation, name):
    (found,) = (op for op in explanation.operations if op.name == name)
    return found


def test_every_op_is_listed_with_its_layers_in_forward_order():
    found = [(op.name, op.work, op.output) for op in explained(*chapter()).operations]
    assert found == [
        ("images", "float32 read where they lie, times 0.5, plus 1", (28, 28, 1)),
        ("a + pool", "3x3 convolution + bias + relu + 2x2 max pool", (13, 13, 32)),
        ("b + pool_1", "3x3 convolution + bias + relu + 2x2 max pool", (5, 5, 64)),
        ("c", "3x3 convolution, strides 2x2 + bias", (2, 2, 64)),
        ("c", "tanh", (2, 2, 64)),
        ("flat", "another view of the same floats", (256,)),
        ("drop", "dropout of 25%", (256,)),
        ("d", "dense + bias", (10,)),
        ("loss", "softmax + cross-entropy", ()),
    ]


def test_an_inference_program_ends_with_its_predictions():
    explanation = explained(*chapter(), training=False)
    assert [op.name for op in explanation.operations][-3:] == ["d", "d", "predictions"]
    assert operation(explanation, "drop").tasks == ()
    assert {task.direction for op in explanation.operations for task in op.tasks} == {"forward"}
    assert [phase.name for phase in explanation.phases] == ["pack", "transform", "chunks"]
    assert explanation.gradient_bytes == 0


def test_other_layers_say_what_they_do():
    stack = [
        layers.Input((12, 12, 2)),
        layers.ZeroPadding2D(((1, 2), (3, 4))),
        layers.Conv2D(4, (3, 2), dilation_rate=2, use_bias=False),
        layers.AveragePooling2D(2),
        layers.GlobalMaxPooling2D(),
        layers.Softmax(),
        layers.Dense(3, activation="relu", use_bias=False),
    ]
    assert [op.work for op in explained(*stack, training=False).operations][1:-1] == [
        "zeros around the image: 1 above, 2 below, 3 left, 4 right",
        "3x2 convolution, dilation 2x2",
        "2x2 average pool, strides 2x2",
        "5x8 max pool, strides 5x8",
        "softmax",
        "dense + relu",
    ]


def test_a_task_has_its_multiply_adds_kernel_and_tile():
    explanation = explained(*chapter())
    shape = tile_shape(32, 4)
    forward = operation(explanation, "a + pool").tasks[0]
    assert (forward.direction, forward.name) == ("forward", "output")
    assert forward.multiply_adds == 26 * 26 * 32 * 9
    assert forward.kernels == (f"products.product relu {shape.rows}x{shape.vectors}",)
    assert forward.way == "pooled in registers: nothing is stored before the pool"
    assert forward.slot_bytes >= 4 * 2 * 13 * 13 * 32 * explanation.chunk  # values and codes
    assert operation(explanation, "b + pool_1").weight_bytes == 4 * (9 * 32 * 64 + 64)
    assert explanation.lanes == LANES


def test_the_way_back_is_given_with_the_costs_that_decided():
    pooled = operation(explained(*chapter()), "b + pool_1")
    backward = [task for task in pooled.tasks if task.direction == "backward"]
    assert [task.name for task in backward] == ["weight gradient", "input gradient"]
    assert all(task.multiply_adds == 11 * 11 * 64 * 9 * 32 for task in backward)
    assert [task.kernels[0].split()[0] for task in backward] == [
        "sparse.weight_gradient",
        "sparse.input_gradient",
    ]
    way = r"by lists: about [\d,]+ vector operations a pooled pixel; densely [\d,]+"
    assert all(re.fullmatch(way, task.way) for task in backward)


def test_where_a_window_holds_one_weight_the_way_back_is_dense():
    stack = [layers.Conv2D(32, 1, name="a"), layers.MaxPooling2D(2, name="b")]
    loss = losses.MeanSquaredError()
    tasks = operation(explained(layers.Input((8, 8, 1)), *stack, loss=loss), "a + b").tasks
    assert [task.name for task in tasks] == ["output", "preactivation gradient", "weight gradient"]
    way = r"densely: [\d,]+ vector operations a pooled pixel; by lists about [\d,]+"
    assert re.fullmatch(way, tasks[-1].way)


def test_winograds_way_is_given_with_the_costs_that_decided():
    convolution = layers.Conv2D(64, 3, padding="same", name="a")
    stack = [layers.Input((16, 16, 64)), layers.Conv2D(64, 1), convolution]
    tasks = operation(explained(*stack, loss=losses.MeanSquaredError()), "a").tasks
    way = r"by Winograd's F\((\d)x\1, 3x3\): [\d,]+ vector operations an image; plainly [\d,]+"
    chosen = {task.name: task for task in tasks if task.way}
    assert list(chosen) == ["output", "weight gradient", "input gradient"]
    for task in chosen.values():
        assert re.fullmatch(way, task.way)
        assert task.multiply_adds == 16 * 16 * 64 * 9 * 64
        assert task.kernels[0].startswith("winograd_kernels.")


def test_a_copy_that_a_convolution_needs_is_a_task_of_its_own():
    stack = [layers.Input((8, 8, 1)), layers.Dropout(0.5)]
    stack += [layers.Conv2D(2, 5, padding="same", name="a"), layers.Flatten()]
    explanation = explained(*stack, loss=losses.MeanSquaredError(), training=False)
    assert [task.name for task in operation(explanation, "a").tasks] == ["padded copy", "output"]


@pytest.mark.parametrize(
    ("stack", "way"),
    [
        (
            [layers.Conv2D(8, 3, name="a", activation="relu"), layers.Flatten()],
            "densely: without a max pool there are no zeros to leave out",
        ),
        (
            [layers.Conv2D(8, 3, name="a", dilation_rate=2), layers.MaxPooling2D(2, name="b")],
            "densely: lists need kernel rows without gaps",
        ),
    ],
)
def test_other_reasons_for_the_dense_way(stack, way):
    explanation = explained(layers.Input((9, 9, 2)), *stack, loss=losses.MeanSquaredError())
    assert explanation.operations[1].tasks[-1].way == way


def test_phases_say_into_how_many_tasks_they_are_cut():
    explanation = explained(*chapter(), images=32)
    phases = {phase.name: phase for phase in explanation.phases}
    assert list(phases) == ["pack", "transform", "chunks", "sums", "updates"]
    assert phases["chunks"].tasks == -(-32 // explanation.chunk)
    assert phases["updates"].tasks >= 8  # one at least for each weight
    assert all((phase.milliseconds, phase.waiting) == (None, None) for phase in phases.values())
    assert explanation.gradient_bytes >= phases["chunks"].tasks * 4 * (9 * 32 * 64 + 9 * 64 * 64)


def test_measured_times_go_to_the_calls_that_took_them():
    model = models.Sequential([layers.Input((6,)), layers.Dense(5, name="a"), layers.Softmax()])
    program = engine.InferenceProgram(model.graph)
    _, (_, forward) = program.planned("float32")
    stopwatch = Stopwatch()
    address, places, _ = stopwatch.begin(forward, threads=1)
    times = [1_000_000, 2_000_000, 3_000_000, 4_000_000, 5]
    (ctypes.c_int64 * places).from_address(address)[:] = times
    explanation = engine.explain(program, 10, stopwatch=stopwatch, milliseconds=11.0)
    tasks = [op.tasks[0] for op in explanation.operations]
    assert [task.milliseconds for task in tasks] == [1.0, 2.0, 3.0, 4.0]
    assert [task.gflops for task in tasks] == [None, pytest.approx(2 * 30 * 10 / 2e6), None, None]
    pack, chunks = explanation.phases
    assert (pack.name, pack.milliseconds, pack.waiting) == ("pack", None, None)
    assert (chunks.name, chunks.milliseconds, chunks.waiting) == ("chunks", 10.0, 5e-6)
    assert (explanation.threads, explanation.milliseconds) == (1, 11.0)


def test_the_page_shows_what_becomes_of_the_chapters_network():
    page = (Path(__file__).parents[2] / "docs" / "explain.md").read_text(encoding="utf-8")
    shown = re.findall(
        r"^[a-z].*: .*", page.split("```text\n")[1].split("\n\n", 2)[2], re.MULTILINE
    )
    naming.reset()
    model = networks.build("convnet", (28, 28, 1), 10, rescaling=True)
    model.compile("rmsprop", "sparse_categorical_crossentropy")
    explanation = str(model.explain(dtype="uint8")).split("\n\n", 2)[2]
    assert shown == re.findall(r"^[a-z].*: .*", explanation, re.MULTILINE)
    assert len(shown) == 8
