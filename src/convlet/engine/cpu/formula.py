"""What an activation is to the engine: a function of one float, and its slope.

A function gets x and its settings a, b and c: the arguments of the function of that name in
`convlet.activations`, in their order, as float32. Its slope gets y too, where the way back is
shorter from there. Both are inlined into loops, and have no calls that LLVM can't vectorise;
comparisons are written so that NaN stays NaN.
"""

from typing import Any, NamedTuple


class Formula(NamedTuple):
    """An activation as kernels compute it.

    Attributes:
        value: (x, a, b, c) to y.
        slope: (x, y, a, b, c) to dy/dx.
    """

    value: Any
    slope: Any
