"""Names of Keras that are not here, and those that are here under its other addresses."""

import importlib
import types

import numpy as np
import pytest

import convlet
from convlet import absent, backend, config, layers, models, ops, preprocessing, saving, utils
from convlet.errors import UnsupportedError


@pytest.mark.parametrize(
    ("module", "name", "advice"),
    [
        ("", "device", "It computes on this machine's CPU: leave it out."),
        (
            "layers",
            "Lambda",
            "It differentiates its own layers, not Python code. Use Add, Subtract, Multiply, "
            "Rescaling, Reshape, Cropping2D, Activation and the like, or a Layer whose call "
            "composes them.",
        ),
        ("utils", "plot_model", "Use model.summary() or model.explain()."),
        (
            "datasets",
            "cifar100",
            "Use cifar10, or read it into an .npz file and use datasets.load.",
        ),
        (
            "applications",
            "VGG16",
            "It has no weights to download. Make the model in Keras, save it with "
            "model.save('model.keras'), and read it with convlet.models.load_model.",
        ),
        (
            "ops",
            "scan",
            "Compute it with NumPy on what predict returns. In a model, compose layers.",
        ),
        (
            "random",
            "uniform",
            "Arrays are NumPy's: use numpy.random.default_rng(seed). In a model, use Dropout, "
            "GaussianNoise or one of the layers that augment.",
        ),
        (
            "backend",
            "gradients",
            "Keras 3 has dropped it, too: compute with NumPy on what predict returns. In a model, "
            "compose layers.",
        ),
        ("config", "set_backend", "It has an engine of its own: leave it out."),
        (
            "preprocessing",
            "sequence",
            "It is made for images: turn other data into arrays of numbers with NumPy first.",
        ),
        (
            "preprocessing.image",
            "ImageDataGenerator",
            "Keras 3 has dropped it, too: use utils.image_dataset_from_directory, and as the first "
            "layers of the model Rescaling, RandomFlip, RandomRotation, RandomTranslation, "
            "RandomShear, RandomZoom.",
        ),
        (
            "saving",
            "register_keras_serializable",
            "No class is known by name to all files: pass custom_objects={'Name': Class} to "
            "load_model.",
        ),
    ],
)
def test_what_is_refused(module, name, advice):
    home = importlib.import_module(f"convlet.{module}".rstrip("."))
    with pytest.raises(UnsupportedError) as info:
        getattr(home, name)
    full = f"{module}.{name}".lstrip(".")
    assert str(info.value) == f"convlet does not have {full}. {advice}"


def test_the_line_that_imports_it_says_the_same():
    with pytest.raises(UnsupportedError, match=r"^convlet does not have layers\.LSTM\. "):
        from convlet.layers import LSTM  # noqa: F401


@pytest.mark.parametrize("module", [layers, ops, utils, preprocessing.image])
def test_what_keras_does_not_have_is_a_plain_error(module):
    with pytest.raises(AttributeError) as info:
        module.Convolve  # noqa: B018
    assert str(info.value) == f"module {module.__name__!r} has no attribute 'Convolve'"
    assert info.value.obj is module
    assert not hasattr(module, "__wrapped__")


def test_nothing_that_is_here_is_refused():
    from convlet.layers.absent import ABSENT

    assert not ABSENT.keys() & vars(layers).keys()
    assert absent.each("a b", 1) == {"a": 1, "b": 1}


def test_the_other_addresses():
    assert preprocessing.image_dataset_from_directory is utils.image_dataset_from_directory
    assert preprocessing.image.load_img is utils.load_img
    assert saving.load_model is models.load_model
    assert backend.clear_session is utils.clear_session
    assert convlet.Layer is layers.Layer
    assert isinstance(layers.Input((2,)), convlet.KerasTensor)
    for name in ("Initializer", "Loss", "Metric", "Optimizer", "Regularizer", "Variable"):
        assert isinstance(getattr(convlet, name), type)


def test_settings():
    assert (config.backend(), config.floatx(), config.epsilon()) == ("convlet", "float32", 1e-7)
    assert config.image_data_format() == "channels_last"
    config.set_floatx("float32")
    config.set_image_data_format("channels_last")
    config.disable_traceback_filtering()
    config.enable_traceback_filtering()
    with pytest.raises(UnsupportedError) as info:
        config.set_floatx("float16")
    assert str(info.value) == (
        "set_floatx does not support value='float16' yet. The only value is 'float32'."
    )
    with pytest.raises(UnsupportedError, match=r"^set_image_data_format does not support "):
        config.set_image_data_format("channels_first")


def test_operations_are_those_of_numpy_and_of_the_activations():
    assert ops.mean is np.mean
    for name, home in ops._HOMES.items():
        assert isinstance(home, types.ModuleType)
        assert callable(getattr(ops, name))
    np.testing.assert_allclose(ops.softmax(np.zeros((1, 4))), np.full((1, 4), 0.25))
    assert ops.convert_to_numpy([1, 2]).tolist() == [1, 2]
    assert ops.convert_to_tensor([1, 2], "float32").dtype == np.float32
    assert ops.cast([1.5], "int32").dtype == np.int32
    assert ops.one_hot([[0, 1]], 3, axis=1).shape == (1, 3, 2)


@pytest.mark.parametrize(
    "compute", [ops.square, ops.mean, lambda x: ops.concatenate([x, x]), ops.softmax]
)
def test_operations_have_nothing_to_compute_with_in_a_model(compute):
    with pytest.raises(UnsupportedError) as info:
        compute(layers.Input((2,), name="x"))
    assert str(info.value).startswith("The output of InputLayer 'x' cannot be")
    assert str(info.value).endswith("Compose what you need of layers: Add, Multiply, Rescaling, "
                                    "Reshape, Cropping2D, …")  # fmt: skip
