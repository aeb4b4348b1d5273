"""The conclusion claims what the intervals allow, and no more."""

import json

import pytest

from convlet.workflow.intervals import student_t
from convlet.workflow.results import Comparison, NetworkResult, conclusion, size


def result(network, correct, coefficients=576, field=(18, 18)):
    return NetworkResult(
        network=network,
        description="",
        batch_size=64,
        parameters=1,
        coefficients=coefficients,
        dense_parameters=None,
        field=field,
        seconds=1.0,
        correct=tuple(correct),
        accuracy=student_t([number / 10_000 for number in correct]),
        error_reduction=None,
    )


CONVNET = result("convnet", [9900, 9902, 9898])
DENSE = result("dense", [9799, 9801, 9800])
NO_POOLING = result("no_pooling", [9850, 9851, 9849], 30_976, (7, 7))
STRIDED = result("strided", [9899, 9901, 9897])
AVERAGE = result("average_pooling", [9890, 9905, 9896])


def test_the_whole_argument():
    assert conclusion("mnist", [CONVNET, DENSE, NO_POOLING, STRIDED, AVERAGE], 5) == (
        "On mnist, the convnet puts 99.00 % of the test images into their class and the dense "
        "network 98.00 %: the convnet makes 50 % fewer errors (the chapter reports 68 % fewer). "
        "Against the convnet with max pooling, no_pooling makes 50 % more errors; strided and "
        "average_pooling cannot be told apart from it. Without pooling, 30,976 coefficients "
        "instead of 576 go into the classifier, and each sees 7x7 instead of 18x18 pixels of the "
        "image."
    )


def test_a_difference_that_may_be_chance():
    assert conclusion("digits", [CONVNET, result("dense", [9700, 9999, 9990])], 5) == (
        "On digits, the convnet puts 99.00 % of the test images into their class and the dense "
        "network 98.96 %: the convnet cannot be told apart from it."
    )


def test_a_result_against_expectation():
    better = result("strided", [9950, 9951, 9949])
    assert conclusion("digits", [CONVNET, better], 5) == (
        "Against the convnet with max pooling, strided makes 50 % fewer errors."
    )


def test_no_errors_to_compare_with():
    perfect = result("convnet", [10_000, 10_000, 10_000])
    assert conclusion("digits", [perfect, NO_POOLING], 1) == (
        "Against the convnet with max pooling, no_pooling makes errors where that makes none. "
        "Without pooling, 30,976 coefficients instead of 576 go into the classifier, and each "
        "sees 7x7 instead of 18x18 pixels of the image."
    )


@pytest.mark.parametrize(("epochs", "when"), [(1, "an epoch"), (5, "5 epochs")])
def test_without_a_convnet_to_compare_with(epochs, when):
    assert conclusion("digits", [DENSE, STRIDED], epochs) == (
        f"strided puts 98.99 % of the test images of digits into their class after {when}."
    )


def test_json():
    comparison = Comparison("mnist", 60_000, 10_000, 5, (1, 2, 3), (CONVNET, DENSE), "So it is.")
    read = json.loads(json.dumps(comparison.as_dict()))
    assert read["seeds"] == [1, 2, 3]
    assert read["results"][0]["correct"] == [9900, 9902, 9898]
    assert read["results"][0]["accuracy"]["method"] == "Student t over seeds"


def test_size():
    assert (size((7, 9)), size(None)) == ("7x9", "all")
