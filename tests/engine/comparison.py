"""The engine's numbers beside the reference's."""

import numpy as np

from convlet import engine, optimizers
from convlet.engine import program as programs
from convlet.engine import reference
from convlet.layers.graph import chain
from tests.engine.cases import make_case

TOLERANCE = 1e-5
"""The worst error of a tensor, relative to its largest element."""


def worst_error(actual, expected):
    """The largest difference, relative to the largest expected element."""
    if actual.shape != expected.shape:
        return f"shape {actual.shape} instead of {expected.shape}"
    difference = np.abs(actual - expected).max(initial=0.0)
    return float(difference / max(np.abs(expected).max(initial=0.0), 1e-30))


def engine_gradients(case, batch_size=None):
    """One training step's loss, predictions and gradients.

    The gradients are what gradient descent takes off the weights. The learning rate is so large
    that the weights from before do not matter, and a power of two, so that it rounds nothing.
    """
    variables = [variable for layer in case.layers for variable in layer.trainable_weights]
    rate = 2.0**30
    optimizer = optimizers.SGD(rate)
    optimizer.build(variables)
    program = engine.TrainingProgram(
        chain(case.layers), batch_size or len(case.index), [case.loss], optimizer
    )
    before = [variable.numpy() for variable in variables]
    (loss_value, _), (predictions,) = program.step(
        [case.x], [case.y], case.index, [case.sample_weight]
    )
    gradients = [
        (old.astype(np.float64) - variable.value) / rate
        for old, variable in zip(before, variables, strict=True)
    ]
    for old, variable in zip(before, variables, strict=True):
        variable.assign(old)
    return loss_value, predictions.copy(), gradients


def check_inference(case):
    """Assert that the engine predicts what the reference does."""
    program = engine.InferenceProgram(chain(case.layers))
    actual = program.run(case.x)
    assert actual.dtype == np.float32
    assert worst_error(actual, reference.forward(case.layers, case.x)) < TOLERANCE


def check_gradients(case, batch_size=None):
    """Assert that loss, predictions and every gradient are the reference's."""
    x, y, sample_weight = case.batch
    expected_loss, expected, expected_gradients = reference.gradients(
        case.layers, x, y, case.loss, sample_weight, images=case.index
    )
    loss_value, predictions, gradients = engine_gradients(case, batch_size)
    assert abs(loss_value - expected_loss) <= TOLERANCE * max(abs(expected_loss), 1.0)
    assert worst_error(predictions, expected) < TOLERANCE
    errors = {
        variable.path: worst_error(gradient, expected_gradient)
        for variable, gradient, expected_gradient in zip(
            [variable for layer in case.layers for variable in layer.trainable_weights],
            gradients,
            expected_gradients,
            strict=True,
        )
    }
    assert max(errors.values()) < TOLERANCE, errors


def check_bits(network, monkeypatch):
    """Assert that 1, 2 and 3 threads, and 3 once more, compute the same bits, cores or not."""
    monkeypatch.setattr(programs, "WORK_PER_THREAD", 1)
    case = make_case(network._replace(batch=11))
    variables = [variable for layer in case.layers for variable in layer.weights]
    start = [variable.numpy() for variable in variables]
    results = []
    for threads in (1, 2, 3, 3):
        engine.set_threads(threads)
        for variable, value in zip(variables, start, strict=True):
            variable.assign(value)
        results.append(bits_of_two_steps(case, variables, threads))
    assert results[1:] == results[:1] * 3


def bits_of_two_steps(case, variables, threads):
    """Losses, predictions, weights and what is then inferred, as bytes."""
    optimizer = optimizers.SGD(0.125, momentum=0.5)
    found = []
    program = engine.TrainingProgram(chain(case.layers), 11, [case.loss], optimizer)
    for _ in range(2):
        (loss_value, _), (predictions,) = program.step(
            [case.x], [case.y], case.index, [case.sample_weight]
        )
        found += [np.float64(loss_value).tobytes(), predictions.tobytes()]
    chunks = -(-11 // program._chunk)
    assert len(program._context._frames) == min(threads, chunks) >= min(threads, 2)
    found += [variable.numpy().tobytes() for variable in variables]
    return [*found, engine.InferenceProgram(chain(case.layers)).run(case.x).tobytes()]
