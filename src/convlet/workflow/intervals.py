"""95 % confidence intervals of accuracies."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

_UPPER = 0.975  # leaves 2.5 % on either side


@dataclass(frozen=True)
class Interval:
    """An estimate with the bounds of its 95 % interval.

    Args:
        value: The estimate.
        low: The lower bound.
        high: The upper bound.
        method: What the interval speaks of: "Wilson over test images", "Student t over seeds" …
    """

    value: float
    low: float
    high: float
    method: str


def wilson(successes: int, trials: int) -> Interval:
    """The interval of a share: `(p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)`.

    Here p = successes / trials, n = trials and z = 1.96. It holds for small n and for shares near
    0 and 1, where the usual `p ± z √(p(1-p)/n)` does not.

    Example:
        >>> interval = wilson(95, 100)
        >>> round(interval.low, 3), round(interval.high, 3)
        (0.888, 0.978)

    References:
        E. B. Wilson: Probable inference, the law of succession, and statistical inference.
        Journal of the American Statistical Association 22 (1927).
    """
    z = statistics.NormalDist().inv_cdf(_UPPER)
    share = successes / trials
    centre = share + z**2 / (2 * trials)
    half = z * math.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    scale = 1 + z**2 / trials
    low, high = max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)
    return Interval(share, low, high, "Wilson over test images")


def student_t(values: Sequence[float]) -> Interval:
    """The interval of the mean of at least two shares: `mean ± t(n - 1) · s / √n`, within 0 … 1.

    Example:
        >>> interval = student_t([0.98, 0.99, 1.0])
        >>> round(interval.value, 3), round(interval.low, 3), interval.high
        (0.99, 0.965, 1.0)

    References:
        Student: The probable error of a mean. Biometrika 6 (1908).
    """
    from scipy.special import stdtrit

    mean = statistics.fmean(values)
    count = len(values)
    half = float(stdtrit(count - 1, _UPPER)) * statistics.stdev(values) / math.sqrt(count)
    return Interval(mean, max(0.0, mean - half), min(1.0, mean + half), "Student t over seeds")


def difference(first: Interval, second: Interval) -> Interval:
    """The interval of `first - second`, two independent estimates, from the intervals of each.

    Its lower bound is `d - √((v₁ - l₁)² + (u₂ - v₂)²)`, its upper one the mirror image.

    Example:
        >>> interval = difference(wilson(90, 100), wilson(70, 100))
        >>> round(interval.low, 3), round(interval.high, 3)
        (0.09, 0.306)

    References:
        R. G. Newcombe: Interval estimation for the difference between independent proportions:
        comparison of eleven methods. Statistics in Medicine 17 (1998), method 10.
    """
    value = first.value - second.value
    low = value - math.hypot(first.value - first.low, second.high - second.value)
    high = value + math.hypot(first.high - first.value, second.value - second.low)
    return Interval(value, low, high, f"Newcombe from {first.method}")
