"""The experiment, small: what it counts, in which order, and that it fails before it trains."""

import dataclasses

import pytest

from convlet.errors import ArgumentError, ShapeError, UnknownNameError
from convlet.workflow import recipe
from convlet.workflow.compare import compare


def test_the_experiment(stripes):
    steps = []
    comparison = compare(
        stripes, ["convnet", "dense", "no_pooling"], seeds=2, epochs=2, report=steps.append
    )
    assert (comparison.data, comparison.epochs, comparison.seeds) == ("stripes", 2, (1, 2))
    assert (comparison.training_images, comparison.test_images) == (60, 20)
    convnet, dense, no_pooling = comparison.results
    assert (convnet.network, convnet.batch_size, dense.batch_size) == ("convnet", 64, 128)
    assert (convnet.coefficients, convnet.dense_parameters) == (64, 65 * 512)
    assert (no_pooling.coefficients, no_pooling.field) == (14 * 14 * 64, (7, 7))
    assert (dense.coefficients, dense.dense_parameters, dense.field) == (None, None, None)
    assert all(len(result.correct) == 2 for result in comparison.results)
    assert convnet.accuracy.value == pytest.approx(sum(convnet.correct) / 40)
    assert "into their class" in comparison.conclusion
    fractions = [step.fraction for step in steps]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1)
    assert {(step.network, step.seed) for step in steps} == {
        (name, seed) for name in ("convnet", "dense", "no_pooling") for seed in (1, 2)
    }


def test_the_chapters_numbers(stripes):
    """What the chapter says of 28x28 images: 30,976 coefficients, 15.8 million parameters."""
    import numpy as np

    padded = dataclasses.replace(
        stripes,
        x_train=np.pad(stripes.x_train, ((0, 0), (4, 4), (4, 4), (0, 0))),
        x_test=np.pad(stripes.x_test, ((0, 0), (4, 4), (4, 4), (0, 0))),
    )
    (result,) = compare(padded, ["no_pooling"], seeds=1, epochs=1).results
    assert (result.coefficients, result.dense_parameters) == (30_976, 15_860_224)


@pytest.fixture
def known_counts(monkeypatch):
    """Each network puts this many images into their class, whatever it learned."""
    counts = {"dense": 10, "convnet": 16}

    def count(model, x, y):
        return counts["convnet" if len(model.layers) > 4 else "dense"]

    monkeypatch.setattr(recipe, "count_correct", count)
    return counts


def test_one_seed_has_an_interval_over_test_images(stripes, known_counts):
    comparison = compare(stripes, ["dense", "convnet"], seeds=1, epochs=1)
    dense, convnet = comparison.results
    assert (dense.error_reduction, convnet.error_reduction) == (None, pytest.approx(0.6))
    assert {result.accuracy.method for result in comparison.results} == {"Wilson over test images"}
    assert comparison.conclusion.endswith(
        "One seed leaves open how much of this is chance: three or more show it."
    )


def test_no_error_reduction_where_there_are_no_errors(stripes, known_counts):
    known_counts["dense"] = 20
    dense, convnet = compare(stripes, ["dense", "convnet"], seeds=1, epochs=1).results
    assert (dense.error_reduction, convnet.error_reduction) == (None, None)


def test_what_cannot_be_built_fails_before_anything_is_trained(stripes, monkeypatch):
    def refuse(*arguments):
        raise RuntimeError("something was trained")

    monkeypatch.setattr(recipe, "fit", refuse)
    small = dataclasses.replace(stripes, x_train=stripes.x_train[:, :17])
    with pytest.raises(ShapeError, match="The network 'convnet' needs images of at least 18x18"):
        compare(small, ["dense", "convnet"])
    with pytest.raises(UnknownNameError, match=r"Did you mean 'dense'\?"):
        compare(stripes, ["dence"])
    with pytest.raises(ArgumentError, match=r"compare needs seeds .* Received seeds=0\."):
        compare(stripes, seeds=0)
    with pytest.raises(ArgumentError, match=r"compare needs epochs .* Received epochs=0\."):
        compare(stripes, epochs=0)
