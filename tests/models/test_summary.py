import re

import pytest

from convlet import layers, models
from convlet.errors import ArgumentError
from convlet.layers import naming

CHAPTER = """\
Model: "sequential"
___________________________________________________________________
Layer (type)                   Output Shape              Param #
===================================================================
conv2d (Conv2D)                (None, 26, 26, 32)        320
___________________________________________________________________
max_pooling2d (MaxPooling2D)   (None, 13, 13, 32)        0
___________________________________________________________________
conv2d_1 (Conv2D)              (None, 11, 11, 64)        18,496
___________________________________________________________________
max_pooling2d_1 (MaxPooling2D) (None, 5, 5, 64)          0
___________________________________________________________________
conv2d_2 (Conv2D)              (None, 3, 3, 64)          36,928
===================================================================
Total params: 55,744
Trainable params: 55,744
Non-trainable params: 0
___________________________________________________________________
"""

NARROW = """\
Model: "sequential"
__________________________________________________
Layer (type)  Output Shape              Param #
==================================================
conv2d        (None, 26, 26, 32)        320
(Conv2D)
__________________________________________________
flatten       (None, 21632)             0
(Flatten)
==================================================
Total params: 320
Trainable params: 0
Non-trainable params: 320
__________________________________________________
"""

COLUMNS = """\
Model: "sequential"
________________________________________________________________________________________________________________
Layer (type)                 Output Shape              Param #   Receptive field  Multiply-adds  Output memory
================================================================================================================
conv2d (Conv2D)              (None, 26, 26, 32)        320       3 x 3            194,688        86,528 B
________________________________________________________________________________________________________________
max_pooling2d (MaxPooling2D) (None, 13, 13, 32)        0         4 x 4            0              21,632 B
________________________________________________________________________________________________________________
flatten (Flatten)            (None, 5408)              0         4 x 4            0              21,632 B
________________________________________________________________________________________________________________
dense (Dense)                (None, 10)                54,090    all              54,080         40 B
================================================================================================================
Total params: 54,410
Trainable params: 54,410
Non-trainable params: 0
________________________________________________________________________________________________________________
"""  # noqa: E501

UNBUILT = """\
Model: "sequential"
_________________________________________________________________
Layer (type)                 Output Shape              Param #
=================================================================
flatten (Flatten)            ?                         ?
_________________________________________________________________
dense (Dense)                ?                         ?
=================================================================
Total params: ? (not built: the shape of the input is not known)
_________________________________________________________________
"""


@pytest.fixture(autouse=True)
def fresh_counts():
    naming.reset()


def convolution(**settings):
    return layers.Conv2D(32, 3, input_shape=(28, 28, 1), **settings)


def test_the_chapters_table(capsys):
    model = models.Sequential([convolution()])
    for filters in (64, 64):
        model.add(layers.MaxPooling2D())
        model.add(layers.Conv2D(filters, 3))
    model.summary()
    assert capsys.readouterr().out == CHAPTER


def test_a_narrow_table_cuts_nothing_off(capsys):
    models.Sequential([convolution(trainable=False), layers.Flatten()]).summary(line_length=50)
    assert capsys.readouterr().out == NARROW


def test_more_columns():
    model = models.Sequential([convolution(), layers.MaxPooling2D(), layers.Flatten()])
    model.add(layers.Dense(10))
    lines = []
    model.summary(print_fn=lines.append, receptive_field=True, multiply_adds=True, memory=True)
    assert lines == [COLUMNS.rstrip("\n")]


@pytest.mark.parametrize("options", [{}, {"receptive_field": False}])
def test_unbuilt(capsys, options):
    models.Sequential([layers.Flatten(), layers.Dense(3)]).summary(**options)
    assert capsys.readouterr().out == UNBUILT


def test_unbuilt_with_more_columns():
    lines = []
    model = models.Sequential([layers.Conv2D(8, 3)])
    model.summary(print_fn=lines.append, receptive_field=True, multiply_adds=True, memory=True)
    assert "conv2d (Conv2D)              ?                         ?         3 x 3" in lines[0]


def test_pixelwise_dense_counts_every_position():
    lines = []
    model = models.Sequential([layers.Input((5, 4, 3)), layers.Dense(2)])
    model.summary(print_fn=lines.append, multiply_adds=True)
    assert re.search(r"dense .* 8 +120\n", lines[0])  # 5 * 4 positions times 3 * 2


def test_a_long_name_makes_room():
    name = "the_layer_that_has_the_longest_name_of_all"
    lines = []
    models.Sequential([layers.Flatten(name=name)]).summary(print_fn=lines.append)
    assert f"\n{name} (Flatten) ?" in lines[0]


def test_too_narrow():
    model = models.Sequential([convolution()])
    message = (
        "summary needs line_length to be at least 49 for these columns. Received line_length=20."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        model.summary(line_length=20)


def columns(model):
    """The output's shape and the multiply-adds of each layer, by its name."""
    lines = []
    model.summary(print_fn=lines.append, multiply_adds=True)
    rows = re.findall(r"^(\w+) \(\w+\) +(\(.*?\)) +[\d,]+ .*?([\d,]+)$", lines[0], re.MULTILINE)
    return {name: (shape, count) for name, shape, count in rows}


def test_a_graph_with_branches_and_a_shared_layer():
    first, second = layers.Input((8, 3), name="first"), layers.Input((4, 3), name="second")
    shared = layers.Conv1D(5, 2, name="shared")
    joined = layers.Concatenate(axis=1, name="joined")([shared(first), shared(second)])
    model = models.Model([first, second], layers.Dense(2, name="dense")(joined))
    assert columns(model) == {
        "first": ("(None, 8, 3)", "0"),
        "second": ("(None, 4, 3)", "0"),
        "shared": ("(None, 7, 5)", f"{(7 + 3) * 2 * 3 * 5}"),
        "joined": ("(None, 10, 5)", "0"),
        "dense": ("(None, 10, 2)", f"{10 * 5 * 2}"),
    }


def test_a_model_in_a_model_counts_what_is_inside():
    inner = models.Sequential([layers.Conv1D(4, 3), layers.Conv1D(2, 1)], name="inner")
    model = models.Sequential([layers.Input((9, 2)), inner, layers.Flatten()])
    assert columns(model)["inner"] == ("(None, 7, 2)", f"{7 * 3 * 2 * 4 + 7 * 4 * 2}")
    assert model.graph.multiply_adds == 7 * 3 * 2 * 4 + 7 * 4 * 2


def test_of_a_functional_model():
    """Where layers branch off, the table says what each is connected to."""
    x = layers.Input((8, 8, 1), name="image")
    a = layers.Conv2D(4, 3, padding="same", name="a")(x)
    y = layers.Flatten(name="flat")(layers.Concatenate(name="both")([x, a]))
    model = models.Model(x, layers.Dense(2, name="end")(y), name="branches")
    lines = []
    model.summary(print_fn=lines.append, receptive_field=True, multiply_adds=True)
    rows = [line for line in lines[0].splitlines() if line[:1].isalpha()]
    titles = "Layer (type) Output Shape Param # Connected to Receptive field Multiply-adds"
    assert rows[1].split() == titles.split()
    assert rows[2].split() == [
        "image",
        "(InputLayer)",
        "(None,",
        "8,",
        "8,",
        "1)",
        "0",
        "-",
        "?",
        "0",
    ]
    assert rows[4].split() == [
        "both",
        "(Concatenate)",
        "(None,",
        "8,",
        "8,",
        "5)",
        "0",
        "image,",
        "a",
        "?",
        "0",
    ]
    assert rows[6].split() == ["end", "(Dense)", "(None,", "2)", "642", "flat", "?", "640"]
