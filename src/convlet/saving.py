"""Where Keras keeps what reads and writes models, and names classes in their files."""

from convlet.absent import each, refuser
from convlet.models import load_model, save_model
from convlet.registry import custom_object_scope

__all__ = ["custom_object_scope", "load_model", "save_model"]

__getattr__ = refuser(
    "saving",
    {
        **each(
            "CustomObjectScope get_custom_objects get_registered_name get_registered_object "
            "register_keras_serializable",
            "No class is known by name to all files: pass custom_objects={'Name': Class} to "
            "load_model.",
        ),
        **each(
            "deserialize_keras_object serialize_keras_object",
            "Use serialize and deserialize of layers, losses, metrics, optimizers.",
        ),
        **each("KerasFileEditor", "Use load_model, get_weights and set_weights."),
        **each("load_weights save_weights", "Use model.load_weights and model.save_weights."),
    },
)
