"""What regularizers add to the loss where a model is evaluated."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray


class Penalties:
    """The penalties of a model's weights and of its layers' outputs.

    Args:
        model: Its layers and weights are asked for their regularizers.
        input_shape: Of one image.
    """

    def __init__(self, model: Any, input_shape: tuple[int, ...]) -> None:
        self._model = model
        self._layers = [
            (layer.activity_regularizer, _program(model.layers[: number + 1], input_shape))
            for number, layer in enumerate(model.layers)
            if layer.activity_regularizer is not None
        ]

    def of_weights(self) -> float:
        """The penalties of the weights that training changes, as they are now."""
        return float(sum(self._model.losses))

    def of_outputs(self, x: NDArray[Any]) -> float:
        """The penalties of a batch's outputs, divided by the number of images."""
        return float(sum(penalty(run(x)) for penalty, run in self._layers)) / len(x)


def _program(layers: list[Any], input_shape: tuple[int, ...]) -> Any:
    """A function from images to what the last of the layers puts out."""
    from convlet import engine

    return engine.InferenceProgram(layers, input_shape).run
