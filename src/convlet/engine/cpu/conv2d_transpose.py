"""Transposed convolutions: a convolution's gradients, the other way round.

Forward is the input gradient of the convolution that leads from the output to the input; backward
to the input is that convolution itself, and the weight gradient is its, input and output exchanged.
"""

from __future__ import annotations

from convlet.engine.cpu.conv2d import Convolution, Geometry
from convlet.engine.cpu.elementwise import emit_preactivation_gradient
from convlet.engine.cpu.winograd_rule import PLAINLY
from convlet.engine.ops import Op
from convlet.engine.plan import NO_HALO, Halo, Plan, Tensor
from convlet.variable import Variable


class TransposedConvolution(Op):
    """y = activation(conv^T(x, kernel) + bias).

    Args:
        kernel: Weights (height, width, filters, input channels).
        bias: Or None.
        geometry: Where the windows of the convolution from y to x lie.
        size: Height and width of y.
        activation: "linear", "relu" or "relu6".
        trainable: Whether the weights get gradients.
    """

    def __init__(
        self, kernel: Variable, bias: Variable | None, geometry: Geometry, size: tuple[int, int],
        activation: str, trainable: bool,
    ) -> None:  # fmt: skip
        self.kernel = kernel
        self.bias = bias
        self.geometry = geometry
        self.size = size
        self.activation = activation
        self.trainable = trainable
        self.convolution = Convolution(kernel, None, geometry, "linear", None, trainable)

    def describe(self) -> str:
        """The fused layers, in their order."""
        parts = [self.convolution.describe().replace("convolution", "transposed convolution")]
        parts += ["bias"] if self.bias else []
        parts += [self.activation] if self.activation != "linear" else []
        return " + ".join(parts)

    def forward(self, plan: Plan, x: Tensor, halo: Halo) -> Tensor:
        """Appends a product for each group of pixels that the same kernel elements reach."""
        self.x = x
        self.work = self.geometry.multiply_adds(self.kernel)
        plan.note("output", multiply_adds=self.work)
        self.y = plan.tensor((*self.size, int(self.kernel.shape[2])), halo)
        self.convolution.emit_input_gradient(plan, x, self.y, PLAINLY, self.bias, self.activation)
        return self.y

    def backward(self, plan: Plan, dy: Tensor, propagate: bool) -> Tensor | None:
        """Appends the weight gradient and the convolution of dz."""
        bias, padding = self.bias if self.trainable else None, self.geometry.padding
        dz = emit_preactivation_gradient(plan, self.activation, self.y, dy, bias, padding)
        if self.trainable:
            plan.note("weight gradient", multiply_adds=self.work)
            self.convolution.emit_weight_gradient(plan, dz, self.x, PLAINLY)
        if not propagate:
            return None
        return self.convolution.convolve(plan, dz, NO_HALO, "input gradient")
