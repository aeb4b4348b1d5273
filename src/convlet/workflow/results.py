"""What the comparison of networks finds out, and what that says in plain English."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from convlet.workflow.intervals import Interval, difference

BASELINE = "dense"
CONVNET = "convnet"
DENSE_UNITS = 512


@dataclass(frozen=True)
class NetworkResult:
    """What the experiment found out about one network.

    Args:
        network: Its name.
        description: One line about it.
        batch_size: Images per step in training.
        parameters: All of its parameters.
        coefficients: Values of its last feature map, per image; None where it has none.
        dense_parameters: Parameters that a dense layer of 512 units on that map would have.
        field: The part of the image, (height, width), that one of these values sees.
        seconds: Mean time of one training.
        correct: Test images put into their class, one number for each seed.
        accuracy: Their share, with its 95 % interval.
        error_reduction: `1 - errors / errors of the dense network`; None without that network.
    """

    network: str
    description: str
    batch_size: int
    parameters: int
    coefficients: int | None
    dense_parameters: int | None
    field: tuple[int, int] | None
    seconds: float
    correct: tuple[int, ...]
    accuracy: Interval
    error_reduction: float | None


@dataclass(frozen=True)
class Comparison:
    """The result of the experiment.

    Args:
        data: The data set's name.
        training_images: How many images each network was trained on.
        test_images: How many each was tested on.
        epochs: How often every training image was shown.
        seeds: The seeds, the same for each network.
        results: One for each network, in the order asked for.
        conclusion: What this says, in plain English.
    """

    data: str
    training_images: int
    test_images: int
    epochs: int
    seeds: tuple[int, ...]
    results: tuple[NetworkResult, ...]
    conclusion: str

    def as_dict(self) -> dict[str, Any]:
        """The result as plain values, ready for JSON."""
        return dataclasses.asdict(self)


def conclusion(data: str, results: Sequence[NetworkResult], epochs: int) -> str:
    """What the results say, in sentences that claim no more than the intervals allow."""
    by_name = {result.network: result for result in results}
    convnet = by_name.get(CONVNET)
    if convnet is None or len(results) == 1:
        best = max(results, key=lambda result: result.accuracy.value)
        return (
            f"{best.network} puts {_percent(best.accuracy.value)} of the test images of {data} "
            f"into their class{' after an epoch' if epochs == 1 else f' after {epochs} epochs'}."
        )
    return " ".join(_sentences(data, convnet, by_name))


def _sentences(
    data: str, convnet: NetworkResult, by_name: dict[str, NetworkResult]
) -> Iterator[str]:
    if BASELINE in by_name:
        yield _against_baseline(data, convnet, by_name[BASELINE])
    variants = [result for name, result in by_name.items() if name not in (CONVNET, BASELINE)]
    if variants:
        by_finding: dict[str, list[str]] = {}
        for variant in variants:
            by_finding.setdefault(_compared(variant, convnet), []).append(variant.network)
        findings = (f"{_listed(names)} {finding}" for finding, names in by_finding.items())
        yield f"Against the convnet with max pooling, {'; '.join(findings)}."
    if "no_pooling" in by_name:
        unpooled = by_name["no_pooling"]
        yield (
            f"Without pooling, {unpooled.coefficients:,} coefficients instead of "
            f"{convnet.coefficients:,} go into the classifier, and each sees "
            f"{size(unpooled.field)} instead of {size(convnet.field)} pixels of the image."
        )
    if len(convnet.correct) == 1:
        yield "One seed leaves open how much of this is chance: three or more show it."


def _against_baseline(data: str, convnet: NetworkResult, dense: NetworkResult) -> str:
    chapter = " (the chapter reports 68 % fewer)" if data == "mnist" else ""
    return (
        f"On {data}, the convnet puts {_percent(convnet.accuracy.value)} of the test images into "
        f"their class and the dense network {_percent(dense.accuracy.value)}: the convnet "
        f"{_compared(convnet, dense)}{chapter}."
    )


def _compared(result: NetworkResult, other: NetworkResult) -> str:
    """How many more or fewer errors `result` makes, where that is more than chance would do."""
    interval = difference(result.accuracy, other.accuracy)
    if interval.low <= 0 <= interval.high:
        return "cannot be told apart from it"
    errors, other_errors = 1 - result.accuracy.value, 1 - other.accuracy.value
    if errors < other_errors:
        return f"makes {100 * (1 - errors / other_errors):.0f} % fewer errors"
    if other_errors == 0:
        return "makes errors where that makes none"
    return f"makes {100 * (errors / other_errors - 1):.0f} % more errors"


def _listed(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def size(field: tuple[int, int] | None) -> str:
    """A part of an image in words: "18x18", or "all" for the whole image."""
    return "all" if field is None else f"{field[0]}x{field[1]}"


def _percent(share: float) -> str:
    return f"{100 * share:.2f} %"
