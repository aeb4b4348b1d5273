import json
import re
import zipfile

import h5py
import numpy as np
import pytest

from convlet import layers, losses, models
from convlet.errors import (
    DataWarning,
    ModelFileError,
    ModelFileNotFoundError,
    UnsupportedError,
)
from tests.models.test_keras_files import FOLDER


def small(name="small"):
    return models.Sequential(
        [layers.Input((4,)), layers.Dense(3, name="hidden"), layers.Dense(2, name="last")],
        name=name,
    )


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "model.keras"
    small().save(path)
    return path


def rewrite(path, member, change):
    """Changes one member of an archive; None leaves it out."""
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    changed = change(contents.pop(member))
    if changed is not None:
        contents[member] = changed
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)


def change_config(path, change):
    def edit(content):
        config = json.loads(content)
        change(config)
        return json.dumps(config).encode()

    rewrite(path, "config.json", edit)


def refused(path, message, **options):
    with pytest.raises(ModelFileError, match=f"^{message}"):
        models.load_model(path, **options)


def unreadable(path):
    return re.escape(f"load_model cannot read the model in {str(path)!r}. ")


def test_round_trip(tmp_path):
    model = small()
    model.class_names = ["no", "yes"]
    model.layers[0].trainable = False
    model.save(str(tmp_path / "model.keras"))
    loaded = models.load_model(str(tmp_path / "model.keras"))
    assert loaded.get_config() == model.get_config()
    assert loaded.class_names == ["no", "yes"]
    assert len(loaded.trainable_weights) == 2
    np.testing.assert_equal(loaded.get_weights(), model.get_weights())
    assert not loaded.compiled


def trained(path):
    model = small()
    model.compile("adam", "mse", metrics=["mse"])
    x = np.random.default_rng(0).random((8, 4), dtype=np.float32)
    model.train_on_batch(x, x[:, :2])
    model.save(path)
    return model, x


def test_training_goes_on_where_it_was(path):
    model, x = trained(path)
    loaded = models.load_model(path)
    assert loaded.optimizer.iterations == model.optimizer.iterations == 1
    np.testing.assert_equal(
        [slot.value for slot in loaded.optimizer.variables],
        [slot.value for slot in model.optimizer.variables],
    )
    for each in (model, loaded):
        each.train_on_batch(x, x[:, :2])
    np.testing.assert_equal(loaded.get_weights(), model.get_weights())


def test_without_compiling(path):
    trained(path)
    assert not models.load_model(path, compile=False).compiled


def test_weights_alone(tmp_path, path):
    model, other = small(), small()
    model.save_weights(tmp_path / "model.weights.h5")
    other.load_weights(tmp_path / "model.weights.h5")
    np.testing.assert_equal(other.get_weights(), model.get_weights())
    other.load_weights(path)
    np.testing.assert_equal(other.get_weights(), models.load_model(path).get_weights())


def test_missing(tmp_path):
    path = tmp_path / "model.keras"
    message = f"load_model needs a file. There is none at {str(path)!r}."
    with pytest.raises(ModelFileNotFoundError, match=f"^{re.escape(message)}$"):
        models.load_model(path)
    weights = tmp_path / "model.weights.h5"
    message = f"load_weights needs a file. There is none at {str(weights)!r}."
    with pytest.raises(FileNotFoundError, match=f"^{re.escape(message)}$"):
        small().load_weights(weights)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is something else."),
        (b"hello", "is something else."),
    ],
)
def test_another_kind_of_file(tmp_path, content, what):
    path = tmp_path / "model.keras"
    path.write_bytes(content)
    refused(path, re.escape(f"load_model needs a .keras file. {str(path)!r} {what}") + "$")


def test_a_folder(tmp_path):
    refused(
        tmp_path, f"load_model needs a .keras file. {re.escape(repr(str(tmp_path)))} is a folder.$"
    )


@pytest.mark.parametrize("part", [0.1, 0.5, 0.99])
def test_cut_short(path, part):
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    name = re.escape(repr(str(path)))
    refused(
        path,
        rf"load_model needs a \.keras file\. {name} is damaged or cut short\. "
        r"Copy or save it again\.$",
    )


def test_a_changed_byte(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    refused(path, ".*is damaged or cut short")


@pytest.mark.parametrize("member", ["config.json", "metadata.json", "model.weights.h5"])
def test_a_missing_member(path, member):
    rewrite(path, member, lambda _: None)
    refused(path, f".*is a zip archive without {member}.$")


def test_an_unknown_layer_is_named(path):
    def change(config):
        config["config"]["layers"][1]["class_name"] = "LSTM"

    change_config(path, change)
    reason = (
        "convlet has no layer LSTM, which small > hidden is. "
        "If it is a class of your own, pass custom_objects={'LSTM': LSTM}."
    )
    refused(path, unreadable(path) + re.escape(reason) + "$")


def test_a_lambda_is_never_run(path):
    def change(config):
        config["config"]["layers"][1] = {
            "module": "keras.layers",
            "class_name": "Lambda",
            "config": {
                "name": "code",
                "function": {"class_name": "__lambda__", "config": {"value": "..."}},
            },
        }

    change_config(path, change)
    reason = (
        "small > code is a Lambda, and code in a file is never run. Build the model with layers "
        "in its place, and read the weights alone with load_weights."
    )
    refused(path, unreadable(path) + re.escape(reason) + "$")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            lambda config: config.update(class_name="Functional"),
            r"It is damaged: KeyError: 'input_layers'\.$",
        ),
        (
            lambda config: config["config"]["layers"][1]["config"].update(units=0),
            r"small > hidden: Dense needs units to be an integer of at least 1\. "
            r"Received units=0\.$",
        ),
        (
            lambda config: config["config"]["layers"][1]["config"].update(lora_rank=4),
            r"small > hidden: Dense has no argument 'lora_rank'\.",
        ),
        (
            lambda config: config.pop("config"),
            r"A saved layer needs a dictionary with class_name and config\. Received {'module': ",
        ),
        (lambda config: config["config"].update(layers=3), r"It is damaged: TypeError: "),
        (
            lambda config: config["config"]["layers"][1]["config"].update(units=5),
            r"The model needs an array of shape \(4, 5\) at '/layers/dense/vars/0'\. "
            r"Received shape \(4, 3\)\.$",
        ),
    ],
)
def test_a_changed_configuration(path, change, reason):
    change_config(path, change)
    refused(path, unreadable(path) + reason)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", r"Its config\.json is not JSON: "),
        (b"[]", r"Its config\.json is not a dictionary\.$"),
    ],
)
def test_a_configuration_that_is_none(path, content, reason):
    rewrite(path, "config.json", lambda _: content)
    refused(path, unreadable(path) + reason)


def test_weights_that_are_not_hdf5(path):
    rewrite(path, "model.weights.h5", lambda _: b"hello" * 100)
    refused(path, unreadable(path) + "It is damaged: OSError: ")


def test_missing_weights(tmp_path):
    path = tmp_path / "model.weights.h5"
    with h5py.File(path, "w") as file:
        file.create_group("layers/dense/vars")["1"] = np.zeros(3)
    message = (
        f"load_weights cannot read the weights in {str(path)!r}. "
        "Dense 'hidden' needs 2 arrays of weights. Received 1, at 'layers/dense/vars'."
    )
    with pytest.raises(ModelFileError, match=f"^{re.escape(message)}$"):
        small().load_weights(path)


def test_unknown_training_settings(path):
    trained(path)

    def change(config):
        config["compile_config"]["loss"] = "my_own_loss"

    change_config(path, change)
    refused(
        path,
        unreadable(path)
        + r".*my_own_loss.* Pass compile=False to load it without its training state\.$",
    )
    assert models.load_model(path, compile=False).output_shape == (None, 2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"safe_mode": False},
            r"load_model does not support safe_mode=False yet\. The only value is True\.",
        ),
    ],
)
def test_options_refused(path, options, message):
    with pytest.raises(UnsupportedError, match=f"^{message}$"):
        models.load_model(path, **options)


class Doubled(layers.Layer):
    """A layer of one's own that can be saved."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.dense = layers.Dense(units)

    def call(self, inputs):
        return self.dense(inputs) + self.dense(inputs)

    def get_config(self):
        return {**super().get_config(), "units": self.units}


class Halved(losses.MeanSquaredError):
    """A loss of one's own."""


def test_classes_of_ones_own(tmp_path):
    path = tmp_path / "model.keras"
    x = layers.Input((4,))
    model = models.Model(x, Doubled(3, name="own")(x), name="m")
    model.compile("sgd", Halved(), metrics=["mae"])
    model.save(path)
    own = {"Doubled": Doubled, "Halved": Halved}
    loaded = models.load_model(path, own)
    np.testing.assert_equal(loaded.get_weights(), model.get_weights())
    assert type(loaded.get_layer("own")) is Doubled
    assert type(loaded._compilation.losses[0]) is Halved
    refused(path, unreadable(path) + "convlet has no layer Doubled, which m > own is")
    refused(
        path,
        unreadable(path) + ".*Halved.* Pass compile=False to load it without its training state",
        custom_objects={"Doubled": Doubled},
    )


def test_layers_that_do_not_fit_are_left_alone(tmp_path):
    path = tmp_path / "model.weights.h5"
    small().save_weights(path)
    other = models.Sequential(
        [layers.Input((4,)), layers.Dense(3, name="hidden"), layers.Dense(5, name="last")]
    )
    before = other.layers[1].get_weights()
    message = (
        "Dense 'last' keeps the weights that it has. The model needs an array of shape (3, 5) at "
        "'/layers/dense_1/vars/0'. Received shape (3, 2)."
    )
    with pytest.warns(DataWarning, match=f"^{re.escape(message)}$"):
        other.load_weights(path, skip_mismatch=True)
    np.testing.assert_equal(other.layers[1].get_weights(), before)
    message = f"load_weights cannot read the weights in {str(path)!r}. It has no names, as by_name"
    with pytest.raises(ModelFileError, match=f"^{re.escape(message)}"):
        other.load_weights(path, by_name=True)


def test_a_wrong_number_of_layers_in_an_older_file():
    path = FOLDER / "stack.h5"
    message = (
        f"load_weights cannot read the weights in {str(path)!r}. Sequential 'small' needs weights "
        "of 2 layers. Received those of 3."
    )
    with pytest.raises(ModelFileError, match=f"^{re.escape(message)}$"):
        small().load_weights(path)


def test_a_layer_that_models_share_is_saved_in_each(tmp_path):
    x = layers.Input((3,))
    dense = layers.Dense(3)
    model = models.Model(x, models.Model(x, dense(x))(dense(x)))
    model.save(tmp_path / "model.keras")
    loaded = models.load_model(tmp_path / "model.keras")
    data = np.ones((1, 3), np.float32)
    np.testing.assert_equal(loaded(data), model(data))
