"""What of Keras's older module `backend` is here."""

from convlet.absent import each, refuser
from convlet.config import (
    backend,
    epsilon,
    floatx,
    image_data_format,
    set_floatx,
    set_image_data_format,
)
from convlet.utils import clear_session

__all__ = [
    "backend",
    "clear_session",
    "epsilon",
    "floatx",
    "image_data_format",
    "set_floatx",
    "set_image_data_format",
]

__getattr__ = refuser(
    "backend",
    {
        **each("set_epsilon", "Layers and optimizers have an argument epsilon."),
        **each("get_uid", "Layers count their names up themselves: leave it out."),
        **each("is_keras_tensor", "Use isinstance(x, convlet.KerasTensor)."),
        **each(
            "is_float_dtype is_int_dtype result_type standardize_dtype",
            "Use NumPy's dtypes.",
        ),
        **each(
            "abs argmax batch_flatten binary_crossentropy cast categorical_crossentropy clip "
            "concatenate constant dot exp eval expand_dims flatten function get_value gradients "
            "greater log max maximum mean min one_hot ones pow random_normal random_uniform "
            "reshape round set_value shape sigmoid softmax sqrt square std sum switch "
            "transpose variable zeros",
            "Keras 3 has dropped it, too: compute with NumPy on what predict returns. In a model, "
            "compose layers.",
        ),
    },
)
