"""Programs: how a batch is cut, what a step leaves behind, and that threads change no bit."""

import re
import threading
import tracemalloc

import numpy as np
import pytest

from convlet import engine, layers, losses, models, optimizers
from convlet.engine.training import chunk_size
from convlet.errors import ShapeError
from convlet.layers.graph import chain


@pytest.fixture(autouse=True)
def _default_threads():
    yield
    engine.set_threads(None)


def small_network():
    return models.Sequential(
        [
            layers.Input((16, 16, 1)),
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(5, activation="softmax"),
        ]
    )


def training(model, batch=16, optimizer=None):
    return engine.TrainingProgram(
        model.graph,
        batch,
        [losses.SparseCategoricalCrossentropy()],
        optimizer or optimizers.SGD(0.1),
    )


def images(count, seed=0):
    generator = np.random.default_rng(seed)
    x = generator.random((count, 16, 16, 1), dtype=np.float32)
    return x, generator.integers(0, 5, count).astype(np.int32)


@pytest.mark.parametrize(
    ("batch", "parameters", "multiply_adds", "floats", "expected"),
    [
        (64, 93_322, 8_000_000, 30_000, 8),  # the chapter's network: what the cache holds
        (32, 3_000_000, 700_000_000, 3_000_000, 4),  # large images: what pays for the gradients
        (128, 407_050, 1_200_000, 3_000, 32),  # a dense network: a quarter of the batch
        (1, 1_000, 1_000, 1_000, 1),
        (3, 1_000, 1_000, 1_000, 2),
        (42, 1_000, 3_000, 1_000, 21),  # dense: two chunks, since sums cost more than products
        (43, 1_000, 3_000, 1_000, 11),
    ],
)
def test_chunks_are_cut_by_shapes_alone(batch, parameters, multiply_adds, floats, expected):
    assert chunk_size(batch, parameters, multiply_adds, floats) == expected


def test_a_ragged_batch_is_a_mean_over_the_images_that_are_there():
    x, y = images(16)
    model = small_network()
    weights = model.get_weights()
    program = training(model)
    (whole, _), (predictions,) = program.step([x], [y], np.arange(16))
    whole_predictions = predictions.copy()
    model.set_weights(weights)
    (part, _), (predictions,) = program.step([x], [y], np.arange(5))
    assert np.array_equal(predictions, whole_predictions[:5])
    expected = -np.log(whole_predictions[np.arange(5), y[:5]].astype(np.float64)).mean()
    assert part == pytest.approx(expected, rel=1e-6)
    assert whole != part


def test_a_prediction_is_the_same_bits_in_any_company():
    x, _ = images(70)
    program = engine.InferenceProgram(chain(small_network().layers))
    together = program.run(x)
    alone = np.concatenate([program.run(x[i : i + 1]) for i in range(len(x))])
    assert np.array_equal(together, alone)


def test_no_images_give_no_predictions():
    program = engine.InferenceProgram(chain(small_network().layers))
    assert program.run(np.empty((0, 16, 16, 1), np.float32)).shape == (0, 5)


def test_threads_change_no_bit():
    x, y = images(64)
    results = []
    for count in (1, 2, 3):
        engine.set_threads(count)
        model = small_network()
        model.set_weights(
            [
                np.full_like(w, 0.05)
                + 0.01 * np.arange(w.size, dtype=np.float32).reshape(w.shape) / w.size
                for w in model.get_weights()
            ]
        )
        program = training(model, 64, optimizers.RMSprop())
        program._multiply_adds = 10**9  # so that each thread is thought worth waking
        losses_seen = [program.step([x], [y], np.arange(64))[0].total for _ in range(5)]
        results.append((losses_seen, model.get_weights()))
    for losses_seen, weights in results[1:]:
        assert losses_seen == results[0][0]
        assert all(np.array_equal(a, b) for a, b in zip(weights, results[0][1], strict=True))


def test_predictions_from_several_threads_of_the_caller_at_once():
    x, _ = images(40)
    program = engine.InferenceProgram(chain(small_network().layers))
    expected = program.run(x)
    results = [None] * 8

    def predict(number):
        results[number] = program.run(x)

    callers = [threading.Thread(target=predict, args=(number,)) for number in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert all(np.array_equal(result, expected) for result in results)


def test_a_step_keeps_no_memory():
    x, y = images(16)
    program = training(small_network())
    index = np.arange(16)
    for _ in range(3):
        program.step([x], [y], index)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(50):
            program.step([x], [y], index)
        kept = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert kept < 4096


def test_frozen_layers_keep_their_weights_and_pass_gradients_on():
    x, y = images(16)
    model = small_network()
    model.layers[2].trainable = False
    before = model.get_weights()
    program = training(model)
    program.step([x], [y], np.arange(16))
    changed = [not np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True)]
    assert changed == [True, True, False, False, True, True]


@pytest.mark.parametrize(
    ("x", "received"),
    [
        (np.zeros((2, 16, 16), np.float32), "(2, 16, 16), float32"),
        (np.zeros((2, 16, 16, 2), np.float32)[..., :1], "(2, 16, 16, 1), float32"),
        (np.zeros((2, 16, 16, 1), np.int64), "(2, 16, 16, 1), int64"),
    ],
)
@pytest.mark.parametrize("kind", ["InferenceProgram", "TrainingProgram"])
def test_images_that_the_kernels_can_not_read_are_refused(kind, x, received):
    model = small_network()
    message = (
        f"{kind} needs images of shape (None, 16, 16, 1), C-contiguous, of type uint8, float32, "
        f"float64. Received shape {received}. Use np.ascontiguousarray."
    )
    program = (
        engine.InferenceProgram(model.graph) if kind == "InferenceProgram" else training(model)
    )
    arguments = (x,) if kind == "InferenceProgram" else ([x], [np.zeros(2, np.int32)], np.arange(2))
    run = getattr(program, "run", None) or program.step
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        run(*arguments)


@pytest.mark.parametrize(
    ("index", "received"),
    [
        (np.arange(17), "17 of type int64"),
        (np.arange(0), "0 of type int64"),
        (np.arange(3, dtype=np.int32), "3 of type int32"),
    ],
)
def test_a_step_takes_a_batch_at_most(index, received):
    x, y = images(20)
    message = f"TrainingProgram needs 1 to 16 int64 positions in a step. Received {received}."
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        training(small_network()).step([x], [y], index)


def test_a_weight_frozen_by_itself_stays_as_it_is():
    x, y = images(16)
    model = small_network()
    model.layers[0].bias.trainable = False
    before = model.get_weights()
    training(model, optimizer=optimizers.RMSprop(global_clipnorm=1.0)).step([x], [y], np.arange(16))
    changed = [not np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True)]
    assert changed == [True, False, True, True, True, True]


def test_relu_of_minus_infinity_is_zero_wherever_it_is_computed():
    x = np.array([[-np.inf, 1.0, np.inf, np.nan]], np.float32)
    program = engine.InferenceProgram(
        chain(models.Sequential([layers.Input((4,)), layers.ReLU()]).layers)
    )
    np.testing.assert_array_equal(program.run(x), [[0.0, 1.0, np.inf, np.nan]])


def test_programs_of_several_callers_share_the_threads():
    engine.set_threads(4)
    x, _ = images(64)
    programs = [engine.InferenceProgram(chain(small_network().layers)) for _ in range(3)]
    for program in programs:
        program.run(x)
        program._multiply_adds = 10**9
    callers = [
        threading.Thread(target=lambda p=program: [p.run(x) for _ in range(30)], daemon=True)
        for program in programs
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(timeout=60)
    assert not any(caller.is_alive() for caller in callers)
