"""Files that are damaged or made to do harm: each is refused with a message, quickly and small."""

import copy
import io
import json
import re
import struct
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest

from convlet import models
from convlet.errors import ModelFileError, UnsupportedError
from tests.models.test_keras_files import FOLDER

CONFIG, WEIGHTS = "config.json", "model.weights.h5"


def members(name="stack.keras"):
    with zipfile.ZipFile(FOLDER / name) as archive:
        return {member: archive.read(member) for member in archive.namelist()}


def written(path, contents):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def refused(path, reason):
    message = f"load_model cannot read the model in {str(path)!r}. {reason}"
    with pytest.raises(ModelFileError, match=f"^{re.escape(message)}$"):
        models.load_model(path)


def read_or_refused(path):
    """Whether a file can still be read; nothing but a ModelFileError says that it cannot."""
    try:
        models.load_model(path)
    except ModelFileError as error:
        message = str(error)
    else:
        return True
    assert str(path) in message
    return False


@pytest.mark.parametrize("member", ["metadata.json", CONFIG, WEIGHTS])
def test_members_cut_anywhere(tmp_path, member):
    whole = members()
    for part in np.linspace(0, 0.99, 25):
        cut = whole[member][: int(len(whole[member]) * part)]
        assert not read_or_refused(written(tmp_path / "cut.keras", {**whole, member: cut}))


@pytest.mark.parametrize("name", ["stack.keras", "stack.h5", "branches.h5"])
def test_files_cut_anywhere(tmp_path, name):
    whole = (FOLDER / name).read_bytes()
    path = tmp_path / name
    for part in np.linspace(0, 0.99, 40):
        path.write_bytes(whole[: int(len(whole) * part)])
        assert not read_or_refused(path)


@pytest.mark.parametrize("member", ["metadata.json", CONFIG, WEIGHTS])
def test_changed_bytes_in_members(tmp_path, member):
    whole, rng = members(), np.random.default_rng(1)
    outcomes = set()
    for _ in range(150):
        content = bytearray(whole[member])
        for place in rng.integers(len(content), size=3):
            content[place] = rng.integers(256)
        path = written(tmp_path / "changed.keras", {**whole, member: bytes(content)})
        outcomes.add(read_or_refused(path))
    assert False in outcomes


@pytest.mark.parametrize("name", ["stack.h5", "branches.h5"])
def test_changed_bytes_in_older_files(tmp_path, name):
    whole, rng = (FOLDER / name).read_bytes(), np.random.default_rng(1)
    outcomes = set()
    for _ in range(150):
        content = bytearray(whole)
        for place in rng.integers(len(content), size=3):
            content[place] = rng.integers(256)
        (tmp_path / name).write_bytes(content)
        outcomes.add(read_or_refused(tmp_path / name))
    assert outcomes == {True, False}


def places(value, path=()):
    """The path of everything in nested lists and dictionaries."""
    yield path
    if isinstance(value, (dict, list)):
        keys = value if isinstance(value, dict) else range(len(value))
        for key in keys:
            yield from places(value[key], (*path, key))


STRANGE = [None, True, -1, 0, 10**9, 10**30, float("nan"), "", "os.system", [], [10**9] * 4, {}]
STRANGE += [{"class_name": "__lambda__", "config": {"value": "..."}}, [[["a", 0, 0]]], "a" * 5000]


@pytest.mark.parametrize("name", ["stack.keras", "nested.keras", "branches.keras"])
def test_strange_values_anywhere_in_a_configuration(tmp_path, name):
    whole, rng = members(name), np.random.default_rng(1)
    config = json.loads(whole[CONFIG])
    found = [path for path in places(config) if path]
    outcomes = set()
    for _ in range(200):
        changed = copy.deepcopy(config)
        *folders, last = found[rng.integers(len(found))]
        parent = changed
        for key in folders:
            parent = parent[key]
        parent[last] = STRANGE[rng.integers(len(STRANGE))]
        path = written(tmp_path / name, {**whole, CONFIG: json.dumps(changed).encode()})
        outcomes.add(read_or_refused(path))
    assert outcomes == {True, False}


def with_layer(tmp_path, position, **settings):
    whole = members()
    config = json.loads(whole[CONFIG])
    config["config"]["layers"][position]["config"].update(settings)
    return written(tmp_path / "m.keras", {**whole, CONFIG: json.dumps(config).encode()})


def test_sizes_are_counted_before_there_is_memory(tmp_path):
    size = len(members()[WEIGHTS])
    refused(
        with_layer(tmp_path, 7, units=10**9),
        f"stack: Dense 'dense' needs a kernel of shape (12, 1000000000). "
        f"Received a file whose weights are {size} bytes in all.",
    )


def test_settings_that_only_keras_has(tmp_path):
    path = with_layer(tmp_path, 7, quantization_config={"bits": 8})
    refused(
        path,
        "stack > dense: Dense does not support quantization_config={'bits': 8} yet. "
        "The only value is None.",
    )
    path = with_layer(tmp_path, 7, dtype={"config": {"name": "mixed_float16"}})
    refused(
        path,
        "stack > dense: Dense does not support dtype='mixed_float16' yet. "
        "The only value is 'float32'.",
    )


def test_layers_deep_inside_are_named_with_their_path(tmp_path):
    whole = members("nested.keras")
    config = json.loads(whole[CONFIG])
    inside = config["config"]["layers"][2]["config"]["layers"][1]
    inside["class_name"] = "MultiHeadAttention"
    path = written(tmp_path / "m.keras", {**whole, CONFIG: json.dumps(config).encode()})
    refused(
        path,
        "convlet has no layer MultiHeadAttention, which nested > part > dense is. If it is a "
        "class of your own, pass custom_objects={'MultiHeadAttention': MultiHeadAttention}.",
    )


def test_a_class_of_the_users_is_not_taken_for_one_of_the_same_name(tmp_path):
    whole = members()
    config = json.loads(whole[CONFIG])
    config["config"]["layers"][7].update(module="mine", registered_name="mine>Dense")
    path = written(tmp_path / "m.keras", {**whole, CONFIG: json.dumps(config).encode()})
    refused(
        path,
        "convlet has no layer Dense, which stack > dense is. "
        "If it is a class of your own, pass custom_objects={'Dense': Dense}.",
    )


def test_a_member_that_would_grow(tmp_path):
    path = tmp_path / "bomb.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as archive:
        for name, content in members().items():
            archive.writestr(name, content + b" " * (10**8 if name == CONFIG else 0))
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(CONFIG)
    message = (
        f"load_model needs a .keras file. {str(path)!r} says that its {CONFIG} has "
        f"{info.file_size} bytes, and has {info.compress_size} of them."
    )
    with pytest.raises(ModelFileError, match=f"^{re.escape(message)}$"):
        models.load_model(path)


def test_nesting_without_end(tmp_path):
    path = written(tmp_path / "m.keras", {**members(), CONFIG: b'{"config":' + b"[" * 10**6})
    with pytest.raises(ModelFileError, match=r"Its config\.json is not JSON: "):
        models.load_model(path)


def weights_changed(tmp_path, change):
    """A file in which `change` has worked on the weights."""
    whole = members()
    content = io.BytesIO(whole[WEIGHTS])
    with h5py.File(content, "r+") as file:
        change(file)
    return written(tmp_path / "m.keras", {**whole, WEIGHTS: content.getvalue()})


PLACE = "layers/dense/vars"


def replaced(name, make):
    def change(file):
        del file[PLACE][name]
        make(file[PLACE], name)

    return change


def external(group, name):
    group.create_dataset(name, (12, 3), "f4", external=[("/etc/passwd", 0, 144)])


def virtual(group, name):
    layout = h5py.VirtualLayout((12, 3), "f4")
    layout[...] = h5py.VirtualSource("/etc/passwd", "x", shape=(12, 3))
    group.create_virtual_dataset(name, layout)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            replaced("0", lambda group, name: group.update({name: h5py.ExternalLink("f", "/x")})),
            "Its /layers/dense/vars/0 is a link to another file.",
        ),
        (
            replaced("0", lambda group, name: group.update({name: h5py.SoftLink("/layers")})),
            "Its /layers/dense/vars/0 is a link to another place.",
        ),
        (replaced("0", external), "Its '/layers/dense/vars/0' lies in another file."),
        (replaced("0", virtual), "Its '/layers/dense/vars/0' lies in another file."),
        (
            replaced("0", lambda group, name: group.create_group(name)),
            "Its '/layers/dense/vars/0' is no array.",
        ),
        (
            replaced("0", lambda group, name: group.update({name: "text"})),
            "Its '/layers/dense/vars/0' holds no numbers.",
        ),
        (
            replaced("1", lambda group, name: group.create_dataset(name, (10**12,), "f4")),
            "The model needs an array of shape (3,) at '/layers/dense/vars/1'. "
            "Received shape (1000000000000,).",
        ),
        (
            replaced(
                "1",
                lambda group, name: group.create_dataset(
                    name, (3,), "f4", maxshape=(None,), chunks=(10**8,)
                ),
            ),
            "Its '/layers/dense/vars/1' would take more memory than its numbers.",
        ),
        (
            lambda file: (file.pop("optimizer/vars/5"), file.create_dataset(
                "optimizer/vars/5", (10**12,), "f4", chunks=(1000,), compression="gzip"
            )),
            "Its '/optimizer/vars/5' would take more memory than its numbers.",
        ),
        (
            lambda file: file.pop("layers/dense/vars"),
            "Dense 'dense' needs 2 arrays of weights. Received 0, at 'layers/dense/vars'.",
        ),
        (
            lambda file: (file.pop("layers/dense"), file.update({"layers/dense": np.zeros(3)})),
            "Its '/layers/dense' is no group.",
        ),
    ],
)  # fmt: skip
def test_weights_that_lead_elsewhere(tmp_path, change, reason):
    refused(weights_changed(tmp_path, change), reason)


@pytest.mark.parametrize(("number", "length"), [(0, 0), (1, 0), (2, 2**63)])
def test_texts_that_hdf5_itself_would_stumble_over(tmp_path, number, length):
    content = bytearray((FOLDER / "stack.h5").read_bytes())
    struct.pack_into("<H6xQ", content, content.index(b"GCOL") + 16, number, length)
    path = tmp_path / "m.h5"
    path.write_bytes(content)
    refused(path, "It is damaged where its texts are.")


def test_nothing_outside_the_list_is_imported(tmp_path):
    whole = members()
    config = json.loads(whole[CONFIG])
    config.update(module="os", class_name="system", registered_name="os>system")
    path = written(tmp_path / "m.keras", {**whole, CONFIG: json.dumps(config).encode()})
    refused(
        path,
        "convlet has no layer system, which stack is. "
        "If it is a class of your own, pass custom_objects={'system': system}.",
    )
    with pytest.raises(UnsupportedError, match="safe_mode"):
        models.load_model(path, safe_mode=False)


def test_weights_that_hold_a_model_are_no_model():
    path = Path(FOLDER / "nested.weights.h5")
    refused(path, "It holds no model. If it holds weights, build the model and call load_weights.")
