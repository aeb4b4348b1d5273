"""Helpers around training, under Keras's names."""

from convlet.absent import each, refuser
from convlet.rng import set_random_seed
from convlet.utils.files import get_file
from convlet.utils.image_folder import image_dataset_from_directory
from convlet.utils.images import array_to_img, img_to_array, load_img, save_img
from convlet.utils.numerical import normalize, to_categorical
from convlet.utils.py_dataset import PyDataset, Sequence
from convlet.utils.session import clear_session

__all__ = [
    "PyDataset",
    "Sequence",
    "array_to_img",
    "clear_session",
    "get_file",
    "image_dataset_from_directory",
    "img_to_array",
    "load_img",
    "normalize",
    "save_img",
    "set_random_seed",
    "to_categorical",
]

__getattr__ = refuser(
    "utils",
    {
        **each("model_to_dot plot_model", "Use model.summary(), or print(model.explain())."),
        **each(
            "CustomObjectScope custom_object_scope deserialize_keras_object get_custom_objects "
            "get_registered_name get_registered_object register_keras_serializable "
            "serialize_keras_object",
            "Pass custom_objects={'Name': Class} to load_model, or use saving.custom_object_scope.",
        ),
        **each(
            "audio_dataset_from_directory pad_sequences text_dataset_from_directory "
            "timeseries_dataset_from_array FeatureSpace",
            "It is made for images: turn other data into arrays of numbers with NumPy first.",
        ),
        **each("split_dataset", "Use validation_split of image_dataset_from_directory, or slices."),
        **each("Progbar", "fit, evaluate and predict have an argument verbose."),
        **each(
            "disable_interactive_logging enable_interactive_logging is_interactive_logging_enabled",
            "fit, evaluate and predict have an argument verbose.",
        ),
        **each("get_source_inputs", "Use model.inputs."),
        **each("is_keras_tensor", "Use isinstance(x, convlet.KerasTensor)."),
    },
)
