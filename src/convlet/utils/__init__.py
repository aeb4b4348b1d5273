"""Helpers around training, under Keras's names."""

from convlet.absent import each, refuser
from convlet.registry import custom_object_scope
from convlet.rng import set_random_seed
from convlet.utils.files import get_file
from convlet.utils.image_folder import image_dataset_from_directory
from convlet.utils.images import array_to_img, img_to_array, load_img, save_img
from convlet.utils.numerical import normalize, to_categorical
from convlet.utils.py_dataset import PyDataset, Sequence
from convlet.utils.session import clear_session

__all__ = [
    "CustomObjectScope",
    "PyDataset",
    "Sequence",
    "array_to_img",
    "clear_session",
    "custom_object_scope",
    "get_file",
    "image_dataset_from_directory",
    "img_to_array",
    "load_img",
    "normalize",
    "save_img",
    "set_random_seed",
    "to_categorical",
]

CustomObjectScope = custom_object_scope  # Keras's other name

__getattr__ = refuser(
    "utils",
    {
        **each(
            "deserialize_keras_object get_custom_objects get_registered_name get_registered_object "
            "register_keras_serializable serialize_keras_object",
            "Give custom_objects to load_model, or load it within custom_object_scope.",
        ),
        **each(
            "disable_interactive_logging enable_interactive_logging is_interactive_logging_enabled",
            "Pass verbose=0 to fit, evaluate and predict.",
        ),
        **each("pack_x_y_sample_weight unpack_x_y_sample_weight", "Use a tuple."),
        **each("model_to_dot plot_model", "Use model.summary() or model.explain()."),
        **each(
            "audio_dataset_from_directory text_dataset_from_directory",
            "convlet is for images: image_dataset_from_directory.",
        ),
        **each("Config", "Use a dictionary."),
        **each("FeatureSpace", "Prepare columns with scikit-learn before they come to the model."),
        **each("Progbar", "Use rich.progress."),
        **each("get_source_inputs", "Use model.inputs."),
        **each("is_keras_tensor", "Ask isinstance(x, convlet.KerasTensor)."),
        **each("pad_sequences", "Use numpy.pad."),
        **each(
            "split_dataset",
            "Use sklearn.model_selection.train_test_split, or validation_split.",
        ),
        **each("standardize_dtype", "Use numpy.dtype(...).name."),
        **each(
            "timeseries_dataset_from_array",
            "Use numpy.lib.stride_tricks.sliding_window_view.",
        ),
    },
)
