"""`ConvNetClassifier` alone: what it accepts, what it learns and what it gives back."""

import copy
import pickle

import joblib
import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.exceptions import NotFittedError

import convlet
from convlet import layers, models, optimizers
from convlet.errors import ArgumentError, ShapeError, UnknownNameError
from convlet.estimators import ConvNetClassifier

X, Y = load_digits(return_X_y=True)
X, Y = X[:300], Y[:300]
IMAGES = X.reshape(-1, 8, 8)


def quick(network="dense", **settings):
    settings = {"epochs": 3, "random_state": 0, **settings}
    return ConvNetClassifier(network, **settings)


@pytest.mark.parametrize(
    ("data", "image_shape", "input_shape", "parameters"),
    [
        (X, None, (64,), 64 * 512 + 512),
        (X, (8, 8), (8, 8, 1), 3 * 3 * 32 + 32),
        (X, [4, 8, 2], (4, 8, 2), 64 * 512 + 512),
        (IMAGES, None, (8, 8, 1), 3 * 3 * 32 + 32),
        (IMAGES, (8, 8), (8, 8, 1), 3 * 3 * 32 + 32),
        (IMAGES[..., None], None, (8, 8, 1), 3 * 3 * 32 + 32),
        (IMAGES[..., None], (8, 8, 1), (8, 8, 1), 3 * 3 * 32 + 32),
        (np.kron(IMAGES, np.ones((3, 3)))[:60], None, (24, 24, 1), 3 * 3 * 32 + 32),
    ],
)
def test_the_network_follows_the_data(data, image_shape, input_shape, parameters):
    classifier = ConvNetClassifier(image_shape=image_shape, epochs=1, random_state=0)
    labels = Y[: len(data)]
    assert classifier.fit(data, labels) is classifier
    assert classifier.input_shape_ == input_shape
    assert classifier.n_features_in_ == data.shape[1]
    weighted = [layer for layer in classifier.model_.layers[1:] if layer.weights]
    assert weighted[0].count_params() == parameters
    assert classifier.predict_proba(data).shape == (len(data), 10)


def test_it_learns_the_digits():
    classifier = quick("auto", image_shape=(8, 8), epochs=6).fit(X, Y)
    assert classifier.score(X, Y) > 0.97
    assert set(classifier.history_) == {"loss", "accuracy"}
    assert len(classifier.history_["loss"]) == 6


@pytest.mark.parametrize("labels", [Y % 2 == 1, np.where(Y % 2, "odd", "even"), 5 - 2 * (Y % 2)])
def test_labels_of_any_type(labels):
    classifier = quick().fit(X, labels)
    assert classifier.classes_.tolist() == sorted(set(labels.tolist()))
    assert classifier.predict(X).dtype == labels.dtype
    assert classifier.score(X, labels) > 0.9
    assert classifier.model_.class_names == [str(label) for label in classifier.classes_]


def test_probabilities_are_those_of_the_classes_in_order():
    classifier = quick().fit(X, Y)
    probabilities = classifier.predict_proba(X)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)
    assert (classifier.predict(X) == classifier.classes_[probabilities.argmax(axis=1)]).all()


def test_pixels_of_any_range_give_the_same_network():
    bytes_ = (15 * IMAGES).astype(np.uint8)
    expected = quick().fit(IMAGES, Y).predict_proba(IMAGES)
    for data in (bytes_, bytes_ / 255, bytes_.tolist()):
        np.testing.assert_allclose(quick().fit(data, Y).predict_proba(data), expected, atol=1e-4)


def test_a_constant_feature_keeps_its_scale():
    rows = np.column_stack([np.full(300, 0.1), np.full(300, 1e6), X[:, 10:12]])
    classifier = quick().fit(rows, Y)
    _, variance, _ = classifier.model_.layers[0].weights
    assert variance.value[:2].tolist() == [1, 1]
    np.testing.assert_allclose(variance.value[2:], X[:, 10:12].var(axis=0), rtol=1e-6)


def test_a_seed_makes_fit_repeatable_and_leaves_other_generators_alone():
    np.random.seed(1)
    state = np.random.get_state()[1].copy()
    first = quick().fit(X, Y).predict_proba(X)
    assert (np.random.get_state()[1] == state).all()
    assert (quick().fit(X, Y).predict_proba(X) == first).all()
    assert (quick(random_state=1).fit(X, Y).predict_proba(X) != first).any()


def test_any_number_of_threads_gives_the_same_bits():
    threads = convlet.get_threads()
    results = []
    try:
        for number in (1, 3):
            convlet.set_threads(number)
            results.append(quick("no_pooling", epochs=1).fit(IMAGES, Y).predict_proba(IMAGES))
    finally:
        convlet.set_threads(threads)
    assert (results[0] == results[1]).all()


def test_a_copy_is_as_good(tmp_path):
    classifier = quick().fit(X, Y)
    expected = classifier.predict_proba(X)
    joblib.dump(classifier, tmp_path / "classifier.joblib")
    copies = [
        pickle.loads(pickle.dumps(classifier)),
        copy.deepcopy(classifier),
        joblib.load(tmp_path / "classifier.joblib"),
        clone(classifier).fit(X, Y),
    ]
    for other in copies:
        assert (other.predict_proba(X) == expected).all()
    assert not hasattr(clone(classifier), "model_")


def test_the_model_can_be_saved_by_itself(tmp_path):
    classifier = quick().fit(X, Y)
    classifier.model_.save(tmp_path / "digits.keras")
    model = models.load_model(tmp_path / "digits.keras")
    assert (model.predict(X, verbose=0) == classifier.predict_proba(X)).all()
    assert model.class_names == [str(digit) for digit in range(10)]


def test_weights_count_by_their_ratios():
    weights = np.where(Y < 5, 0.25, 0.5)
    first = quick().fit(X, Y, weights).predict_proba(X)
    assert (quick().fit(X, Y, 8 * weights).predict_proba(X) == first).all()
    assert (quick().fit(X, Y).predict_proba(X) != first).any()
    assert (
        quick().fit(X, Y, np.ones(300)).predict_proba(X) == quick().fit(X, Y).predict_proba(X)
    ).all()


def test_images_of_weight_zero_are_as_if_not_there():
    weighted = quick().fit(X, Y, np.where(Y == 3, 0, 1))
    without = quick().fit(X[Y != 3], Y[Y != 3])
    assert weighted.classes_.tolist() == [0, 1, 2, 4, 5, 6, 7, 8, 9]
    assert (weighted.predict_proba(X) == without.predict_proba(X)).all()


def test_class_weights_multiply_weights():
    odd = np.where(Y % 2, "odd", "even")
    by_class = quick(class_weight={"odd": 4, "even": 1}).fit(X, odd, np.full(300, 3))
    by_image = quick().fit(X, odd, np.where(Y % 2, 4, 1))
    assert (by_class.predict_proba(X) == by_image.predict_proba(X)).all()


def test_balanced_class_weights_help_the_rare_class():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(400, 1)) + np.r_[np.zeros(380), np.ones(20)][:, None]
    labels = np.r_[np.zeros(380), np.ones(20)]
    assert quick().fit(rows, labels).predict(rows).mean() < 0.05
    balanced = quick(class_weight="balanced").fit(rows, labels)
    assert 0.2 < balanced.predict(rows).mean() < 0.5


def test_early_stopping_keeps_the_best_epoch():
    settings = {"image_shape": (8, 8), "early_stopping": True, "patience": 2, "epochs": 200}
    classifier = quick("no_pooling", **settings).fit(X, Y, np.ones(300))
    losses = classifier.history_["val_loss"]
    assert len(losses) < 200
    assert np.argmin(losses) == len(losses) - 3
    shorter = quick("no_pooling", **{**settings, "epochs": len(losses) - 2}).fit(X, Y, np.ones(300))
    assert (shorter.predict_proba(X) == classifier.predict_proba(X)).all()


def test_the_part_held_out_has_the_classes_alike():
    held_out = []

    def network(input_shape, classes):
        model = models.Sequential(
            [layers.Input(input_shape), layers.Dense(2, activation="softmax")]
        )
        fit = model.fit
        model.fit = lambda *args, **kw: (
            held_out.append(kw["validation_data"][1]) or fit(*args, **kw)
        )
        return model

    odd = np.arange(300) % 5 == 0
    quick(network, early_stopping=True, validation_fraction=0.2).fit(X, odd)
    assert np.bincount(held_out[0]).tolist() == [48, 12]


def test_warm_start_goes_on():
    classifier = quick(warm_start=True, epochs=2).fit(X, Y)
    model, loss = classifier.model_, classifier.history_["loss"][-1]
    assert classifier.fit(X, Y).model_ is model
    assert classifier.history_["loss"][0] < loss
    for data, labels, received in (
        (IMAGES, Y, "(8, 8, 1) and [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]"),
        (X, Y % 2, "(64,) and [0, 1]"),
    ):
        with pytest.raises(ArgumentError) as caught:
            classifier.fit(data, labels)
        assert str(caught.value) == (
            "ConvNetClassifier with warm_start=True needs the images' shape and the classes of the "
            f"last fit, (64,) and [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]. Received {received}."
        )


def test_without_warm_start_fit_begins_anew():
    classifier = quick().fit(X, Y)
    again = classifier.fit(IMAGES, Y % 2)
    assert (again.input_shape_, again.classes_.tolist()) == ((8, 8, 1), [0, 1])


def test_an_optimizer_is_copied_and_takes_the_learning_rate():
    optimizer = optimizers.SGD(0.1, momentum=0.9)
    classifier = quick(optimizer=optimizer).fit(X, Y)
    assert classifier.model_.optimizer.get_config() == optimizer.get_config()
    assert (classifier.model_.optimizer.iterations, optimizer.iterations) == (30, 0)
    slower = quick(optimizer=optimizer, learning_rate=0.01).fit(X, Y)
    assert slower.model_.optimizer.learning_rate == pytest.approx(0.01)
    assert (optimizer.learning_rate, slower.model_.optimizer.momentum) == (0.1, 0.9)
    assert isinstance(quick().fit(X, Y).model_.optimizer, optimizers.Adam)


def test_verbose(capsys):
    quick(epochs=1).fit(X, Y)
    assert capsys.readouterr().out == ""
    quick(epochs=1, verbose=2).fit(X, Y)
    assert capsys.readouterr().out.startswith("10/10 - ")


def test_a_network_of_ones_own():
    shapes = []

    def network(input_shape, classes):
        shapes.append((input_shape, classes))
        return models.Sequential([layers.Flatten(), layers.Dense(classes, activation="softmax")])

    classifier = quick(network, image_shape=(8, 8), learning_rate=0.02).fit(X, Y)
    assert shapes == [((8, 8, 1), 10)]
    assert classifier.model_.count_params() == 65 * 10
    assert classifier.score(X, Y) > 0.8


def single_sigmoid(input_shape, classes):
    return models.Sequential([layers.Dense(1, activation="sigmoid")])


def logits(input_shape, classes):
    return models.Sequential([layers.Dense(classes, kernel_initializer="ones")])


def nothing(input_shape, classes):
    return None


@pytest.mark.parametrize(
    ("network", "error", "message"),
    [
        (
            nothing,
            ArgumentError,
            "ConvNetClassifier needs a network that returns a convlet model. Received None.",
        ),
        (
            single_sigmoid,
            ShapeError,
            "ConvNetClassifier needs a network with an output for each of 2 classes. Received "
            "outputs of shape (1, 1) for one image.",
        ),
        (
            logits,
            ArgumentError,
            "ConvNetClassifier needs a network whose outputs are probabilities. Received outputs "
            'that sum to 588. End it with Dense(2, activation="softmax").',
        ),
        (
            "covnet",
            UnknownNameError,
            "ConvNetClassifier needs network to be one of 'auto', 'convnet', 'dense', "
            "'no_pooling', 'strided', 'average_pooling'. Received network='covnet'. Did you mean "
            "'convnet'?",
        ),
    ],
)
def test_networks_that_will_not_do(network, error, message):
    with pytest.raises(error) as caught:
        quick(network).fit(X, Y % 2)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epochs": 0}, "epochs to be an integer of at least 1. Received epochs=0."),
        (
            {"batch_size": 1.5},
            "batch_size to be an integer of at least 1. Received batch_size=1.5.",
        ),
        ({"early_stopping": 1}, "early_stopping to be True or False. Received early_stopping=1."),
        ({"warm_start": None}, "warm_start to be True or False. Received warm_start=None."),
        (
            {"learning_rate": -1},
            "learning_rate to be a number at least 0. Received learning_rate=-1.",
        ),
        (
            {"validation_fraction": 1},
            "validation_fraction to be a number above 0 and below 1. Received "
            "validation_fraction=1.",
        ),
        (
            {"class_weight": {0: 1, 1: 0}},
            "class_weight[1] to be a number above 0. Received class_weight[1]=0.",
        ),
        ({"patience": -1}, "patience to be an integer of at least 0. Received patience=-1."),
        (
            {"image_shape": (64,)},
            "image_shape to be (height, width) or (height, width, channels). Received "
            "image_shape=(64,).",
        ),
    ],
)
def test_parameters_out_of_range(settings, message):
    with pytest.raises(ArgumentError) as caught:
        quick(**settings).fit(X, Y)
    assert str(caught.value) == f"ConvNetClassifier needs {message}"


def test_data_that_will_not_do():
    classifier = quick()
    with pytest.raises(NotFittedError):
        classifier.predict(X)
    with pytest.raises(ArgumentError) as caught:
        classifier.fit(X, np.zeros(300))
    assert str(caught.value) == (
        "ConvNetClassifier needs y of at least two classes. Received 1 class."
    )
    with pytest.raises(TypeError, match="Sparse data was passed for X, but dense data is required"):
        classifier.fit(csr_array(X), Y)
    classifier.fit(IMAGES, Y)
    with pytest.raises(ShapeError) as caught:
        classifier.predict(np.zeros((1, 8, 7)))
    assert str(caught.value) == (
        "ConvNetClassifier needs images of shape (8, 8, 1), as in fit. Received shape (8, 7, 1)."
    )
