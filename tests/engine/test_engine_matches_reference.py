import numpy as np
import pytest

from convlet import engine, optimizers
from convlet.engine import reference
from convlet.layers.graph import chain
from tests.engine.cases import make_case
from tests.engine.comparison import (
    TOLERANCE,
    check_bits,
    check_gradients,
    check_inference,
    worst_error,
)
from tests.engine.networks_table import NETWORKS


@pytest.fixture(autouse=True)
def default_threads():
    yield
    engine.set_threads(None)


def trainable(layers):
    return [variable for layer in layers for variable in layer.trainable_weights]


@pytest.mark.parametrize("name", NETWORKS)
def test_predictions(name):
    check_inference(make_case(NETWORKS[name]))


@pytest.mark.parametrize("name", NETWORKS)
def test_loss_predictions_and_gradients(name):
    check_gradients(make_case(NETWORKS[name]))


@pytest.mark.parametrize("name", NETWORKS)
def test_the_same_bits_for_any_number_of_threads(name, monkeypatch):
    check_bits(NETWORKS[name], monkeypatch)


@pytest.mark.parametrize("images", [1, 2, 5, 8])
@pytest.mark.parametrize("name", ["two pooled convolutions", "average pooling 2"])
def test_a_batch_shorter_than_the_program_is_made_for(name, images):
    case = make_case(NETWORKS[name])
    check_gradients(case._replace(index=case.index[:images]), batch_size=9)


@pytest.mark.parametrize("name", ["two pooled convolutions", "sigmoid and binary"])
def test_a_long_batch_and_then_a_short_one(name):
    """What a longer batch leaves in the buffers does not count."""
    case = make_case(NETWORKS[name]._replace(batch=40))
    variables = trainable(case.layers)
    start = [variable.numpy() for variable in variables]
    optimizer = optimizers.SGD(2.0**30)
    program = engine.TrainingProgram(chain(case.layers), 40, [case.loss], optimizer)
    for images in (40, 7, 40, 1):
        for variable, value in zip(variables, start, strict=True):
            variable.assign(value)
        part = case._replace(index=case.index[:images])
        x, y, weights = part.batch
        expected_loss, _, expected = reference.gradients(case.layers, x, y, case.loss, weights)
        (loss_value, _), _ = program.step([case.x], [case.y], part.index, [case.sample_weight])
        assert loss_value == pytest.approx(expected_loss, rel=TOLERANCE)
        for variable, value, gradient in zip(variables, start, expected, strict=True):
            actual = (value.astype(np.float64) - variable.value) / 2.0**30
            assert worst_error(actual, gradient) < TOLERANCE


@pytest.mark.parametrize("name", ["two pooled convolutions", "pool 2, conv and pool same, odd"])
def test_one_program_takes_images_of_all_types_in_turn(name):
    case = make_case(NETWORKS[name]._replace(images=np.uint8, batch=20))
    variables = trainable(case.layers)
    start = [variable.numpy() for variable in variables]
    optimizer = optimizers.SGD(2.0**30)
    training = engine.TrainingProgram(chain(case.layers), 20, [case.loss], optimizer)
    inference = engine.InferenceProgram(chain(case.layers))
    expected = reference.gradients(case.layers, *case.batch[:2], case.loss)[2]
    expected_outputs = reference.forward(case.layers, case.x)
    for dtype in (np.uint8, np.float32, np.float64, np.uint8):
        for variable, value in zip(variables, start, strict=True):
            variable.assign(value)
        images = case.x.astype(dtype)
        assert worst_error(inference.run(images), expected_outputs) < TOLERANCE
        training.step([images], [case.y], case.index)
        for variable, value, gradient in zip(variables, start, expected, strict=True):
            actual = (value.astype(np.float64) - variable.value) / 2.0**30
            assert worst_error(actual, gradient) < TOLERANCE


def test_the_same_image_more_than_once_in_a_batch():
    case = make_case(NETWORKS["two pooled convolutions"])
    check_gradients(case._replace(index=np.array([3, 3, 0, 3, 1], np.int64)))


@pytest.mark.parametrize("frozen", [[0], [2], [0, 2], [5]])
def test_frozen_layers_stay_and_the_others_learn(frozen):
    case = make_case(NETWORKS["two pooled convolutions"])
    for position in frozen:
        case.layers[position].trainable = False
    fixed = [v for layer in case.layers for v in layer.non_trainable_weights]
    before = [variable.numpy() for variable in fixed]
    check_gradients(case)
    assert all((v.value == old).all() for v, old in zip(fixed, before, strict=True))


def test_weights_of_zero_weigh_nothing():
    case = make_case(NETWORKS["pool 2, batch of 70, weighted"])
    case.sample_weight[case.index[::2]] = 0.0
    check_gradients(case)


@pytest.mark.parametrize("images", [0, 1, 2, 31, 33, 67])
def test_predictions_of_any_number_of_images(images):
    case = make_case(NETWORKS["two pooled convolutions"]._replace(batch=64))
    program = engine.InferenceProgram(chain(case.layers))
    outputs = program.run(case.x[:images])
    assert outputs.shape == (images, 10)
    if images:
        assert worst_error(outputs, reference.forward(case.layers, case.x[:images])) < TOLERANCE


def test_predictions_are_new_arrays_and_do_not_depend_on_their_company():
    case = make_case(NETWORKS["two pooled convolutions"]._replace(batch=64))
    program = engine.InferenceProgram(chain(case.layers))
    together = program.run(case.x)
    kept = together.copy()
    for position in (0, 7, 66):
        assert (program.run(case.x[position : position + 1]) == together[position]).all()
    assert (together == kept).all()


def test_programs_see_new_weights_at_once():
    case = make_case(NETWORKS["two pooled convolutions"])
    program = engine.InferenceProgram(chain(case.layers))
    program.run(case.x)
    for layer in case.layers:
        layer.set_weights([-weight for weight in layer.get_weights()])
    assert worst_error(program.run(case.x), reference.forward(case.layers, case.x)) < TOLERANCE


@pytest.mark.parametrize("name", ["two pooled convolutions", "convolutions without pooling"])
def test_gradients_of_normally_distributed_weights(name):
    """Values with all their digits, from a seed whose values keep away from the kinks."""
    check_gradients(make_case(NETWORKS[name]._replace(exact=False, batch=2)))
