"""Adam, and AdamW with its weight decay."""

from __future__ import annotations

from typing import Any

from convlet import validation
from convlet.errors import ArgumentError
from convlet.optimizers.base import Optimizer
from convlet.optimizers.schedules import LearningRateSchedule
from convlet.variable import Variable


class Adam(Optimizer):
    """Steps along a running mean of the gradient, divided by a running root mean square of it.

    For a weight `w` with the gradient `g`, in step number `t` counted from 1, element by element:

        momentum = momentum + (1 - beta_1) * (g - momentum)
        velocity = velocity + (1 - beta_2) * (g ** 2 - velocity)
        alpha = learning_rate * sqrt(1 - beta_2 ** t) / (1 - beta_1 ** t)
        w = w - alpha * momentum / (sqrt(velocity) + epsilon)

    With `amsgrad`, the largest `velocity` so far is used in the last line.

    Args:
        learning_rate: A number or a schedule.
        beta_1: How much of the mean is kept at each step.
        beta_2: How much of the mean square is kept at each step.
        epsilon: Keeps the divisor away from zero (the paper's "epsilon hat").
        amsgrad: Never let the divisor shrink.
        weight_decay: `w` loses `w * weight_decay * learning_rate` before each step.
        clipnorm: Scale each weight's gradient down to at most this length.
        clipvalue: Cut each element of a gradient to at most this size.
        global_clipnorm: Scale all gradients together down to at most this length.
        use_ema: Not supported yet.
        ema_momentum: Not supported yet.
        ema_overwrite_frequency: Not supported yet.
        loss_scale_factor: Not supported yet.
        gradient_accumulation_steps: Not supported yet.
        name: A name for the optimizer.

    Raises:
        ArgumentError: A number is out of its range, or more than one way of clipping is given.

    Example:
        >>> Adam(beta_1=0.8).slot_names
        ('momentum', 'velocity')

    References:
        Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015,
        https://arxiv.org/abs/1412.6980
    """

    def __init__(
        self,
        learning_rate: float | LearningRateSchedule = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str = "adam",
    ) -> None:
        super().__init__(
            learning_rate,
            weight_decay,
            clipnorm,
            clipvalue,
            global_clipnorm,
            name,
            use_ema=use_ema,
            ema_momentum=ema_momentum,
            ema_overwrite_frequency=ema_overwrite_frequency,
            loss_scale_factor=loss_scale_factor,
            gradient_accumulation_steps=gradient_accumulation_steps,
        )
        owner = type(self).__name__
        self.beta_1 = validation.number(owner, "beta_1", beta_1, minimum=0, below=1)
        self.beta_2 = validation.number(owner, "beta_2", beta_2, minimum=0, below=1)
        self.epsilon = validation.number(owner, "epsilon", epsilon, minimum=0)
        self.amsgrad = validation.boolean(owner, "amsgrad", amsgrad)

    @property
    def slot_names(self) -> tuple[str, ...]:
        """`momentum` and `velocity`, and `velocity_hat` with `amsgrad`."""
        return ("momentum", "velocity", *(("velocity_hat",) if self.amsgrad else ()))

    @property
    def variables(self) -> list[Variable]:
        """The slots as one list: both averages weight by weight, as Keras stores them."""
        if not self.slots:
            return []
        pairs = zip(self.slots["momentum"], self.slots["velocity"], strict=True)
        return [slot for pair in pairs for slot in pair] + self.slots.get("velocity_hat", [])

    def scalars(self) -> dict[str, float]:
        """Returns the numbers that the coming step's update uses.

        `bias_correction_1` is `1 - beta_1 ** t`, `bias_correction_2` is `1 - beta_2 ** t`.
        """
        step = self.iterations + 1
        return {
            **super().scalars(),
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
            "bias_correction_1": 1.0 - self.beta_1**step,
            "bias_correction_2": 1.0 - self.beta_2**step,
        }

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments, a schedule in serialized form."""
        return {
            **super().get_config(),
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
            "amsgrad": self.amsgrad,
        }


class AdamW(Adam):
    """`Adam` with weight decay that does not pass through the averages.

    Before the update of `Adam`, each weight shrinks: `w = w - w * weight_decay * learning_rate`.

    Args:
        learning_rate: A number or a schedule.
        weight_decay: The strength of the decay.
        beta_1: How much of the mean is kept at each step.
        beta_2: How much of the mean square is kept at each step.
        epsilon: Keeps the divisor away from zero.
        amsgrad: Never let the divisor shrink.
        clipnorm: Scale each weight's gradient down to at most this length.
        clipvalue: Cut each element of a gradient to at most this size.
        global_clipnorm: Scale all gradients together down to at most this length.
        use_ema: Not supported yet.
        ema_momentum: Not supported yet.
        ema_overwrite_frequency: Not supported yet.
        loss_scale_factor: Not supported yet.
        gradient_accumulation_steps: Not supported yet.
        name: A name for the optimizer.

    Raises:
        ArgumentError: A number is out of its range, or more than one way of clipping is given.

    Example:
        >>> AdamW().weight_decay
        0.004

    References:
        Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019,
        https://arxiv.org/abs/1711.05101
    """

    def __init__(
        self,
        learning_rate: float | LearningRateSchedule = 0.001,
        weight_decay: float = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str = "adamw",
    ) -> None:
        super().__init__(
            learning_rate,
            beta_1,
            beta_2,
            epsilon,
            amsgrad,
            weight_decay,
            clipnorm,
            clipvalue,
            global_clipnorm,
            use_ema,
            ema_momentum,
            ema_overwrite_frequency,
            loss_scale_factor,
            gradient_accumulation_steps,
            name,
        )
        if weight_decay is None:
            raise ArgumentError(
                "AdamW needs weight_decay to be a number. Received weight_decay=None. "
                "Use Adam to train without weight decay."
            )
