"""Ftrl."""

from __future__ import annotations

from convlet.optimizers.base import LearningRate, Optimizer


class Ftrl(Optimizer):
    """Follows the regularized leader: weights are made anew of all gradients so far.

    For a weight `w` with the gradient `g`, element by element, with `p = -learning_rate_power`:

        new = accumulator + g ** 2
        shrunk = g + 2 * l2_shrinkage_regularization_strength * w
        linear = linear + shrunk - (new ** p - accumulator ** p) / learning_rate * w
        quadratic = new ** p / learning_rate + 2 * l2_regularization_strength + beta / learning_rate
        l1 = l1_regularization_strength
        w = (clip(linear, -l1, l1) - linear) / quadratic
        accumulator = new

    Args:
        learning_rate: A number, a schedule, or a function of the step.
        learning_rate_power: How the rate falls with the gradients so far, at most 0.
        initial_accumulator_value: What the sums of squares start at.
        l1_regularization_strength: How strongly weights are drawn to 0.
        l2_regularization_strength: How strongly they are kept small.
        l2_shrinkage_regularization_strength: The same, through the gradient.
        beta: Slows down the first steps.
        weight_decay: `w` loses `w * weight_decay * learning_rate` before each step.
        clipnorm, clipvalue, global_clipnorm: How gradients are clipped, as `Optimizer` says.
        use_ema, ema_momentum, ema_overwrite_frequency: A moving average of the weights, as
            `Optimizer` says.
        loss_scale_factor, gradient_accumulation_steps: As `Optimizer` says.
        name: A name for the optimizer; None for that of its class.

    Raises:
        ArgumentError: A number is out of its range, or more than one way of clipping is given.

    Example:
        >>> Ftrl(l1_regularization_strength=0.01).slot_names
        ('accumulator', 'linear')

    References:
        McMahan et al., "Ad Click Prediction: a View from the Trenches", 2013,
        https://research.google.com/pubs/archive/41159.pdf
    """

    settings = (
        "learning_rate_power",
        "initial_accumulator_value",
        "l1_regularization_strength",
        "l2_regularization_strength",
        "l2_shrinkage_regularization_strength",
        "beta",
    )

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        learning_rate_power: float = -0.5,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        l2_shrinkage_regularization_strength: float = 0.0,
        beta: float = 0.0,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(
            learning_rate,
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
        self.learning_rate_power = self._number(
            "learning_rate_power", learning_rate_power, maximum=0
        )
        self.initial_accumulator_value = self._number(
            "initial_accumulator_value", initial_accumulator_value, minimum=0
        )
        self.l1_regularization_strength = self._number(
            "l1_regularization_strength", l1_regularization_strength, minimum=0
        )
        self.l2_regularization_strength = self._number(
            "l2_regularization_strength", l2_regularization_strength, minimum=0
        )
        self.l2_shrinkage_regularization_strength = self._number(
            "l2_shrinkage_regularization_strength", l2_shrinkage_regularization_strength, minimum=0
        )
        self.beta = self._number("beta", beta, minimum=0)

    @property
    def rule(self) -> str:
        """The row of the engine's table of update rules."""
        return "ftrl" if self.learning_rate_power == -0.5 else "ftrl+power"

    @property
    def slot_groups(self) -> tuple[tuple[str, ...], ...]:
        """`accumulator` and `linear`."""
        return (("accumulator", "linear"),)

    def slot_start(self, slot: str) -> float:
        """What a slot holds before the first step."""
        return self.initial_accumulator_value if slot == "accumulator" else 0.0
