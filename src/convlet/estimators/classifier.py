"""A network as a classifier of scikit-learn."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from convlet import layers, models, networks, optimizers, rng, validation
from convlet.callbacks import EarlyStopping
from convlet.errors import ArgumentError, ShapeError
from convlet.estimators.checks import OWNER, adapt, as_images, check_model, checked_weights

_DTYPES = (np.float32, np.float64, np.uint8)  # what the engine reads; others become the first


class ConvNetClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # they are untyped
    """A convolutional network as a classifier of scikit-learn.

    X is an array of images, (n, height, width, channels) or, of grey ones, (n, height, width), or
    of rows of numbers, (n, features). With `image_shape`, a row is an image laid out flat, so that
    what only takes rows, such as a `StandardScaler` in a `Pipeline`, can stand before it.

    A network by its name begins with a `Normalization` by mean and variance of the training images,
    for each channel (for rows, each feature), so pixels may go from 0 to 1, to 16 or to 255.
    Training makes the cross-entropy small.

    Args:
        network: A name of `convlet.networks`; "auto" for the one that `networks.suited` gives; or a
            function `(input_shape, classes)` that returns a model, not compiled, which takes
            arrays of (n, *input_shape) as they are and ends in a softmax over the classes.
        image_shape: (height, width) or (height, width, channels) of the image in each row of X;
            None takes the rows as they are.
        optimizer: A name or an object of `convlet.optimizers`. It is copied for each `fit`.
        learning_rate: None leaves the optimizer its own.
        epochs: How often each training image is shown.
        batch_size: Images per step of the optimizer.
        early_stopping: Hold a part of the data out, stop when its loss has not become smaller for
            `patience` epochs, and keep the weights of the best epoch.
        validation_fraction: The part held out, of each class alike.
        patience: How many epochs without improvement are waited for.
        class_weight: What an image of each class weighs in the loss: a dictionary by the labels,
            or "balanced" for weights inversely proportional to the classes' frequencies.
        warm_start: Let `fit` go on training the network of the last `fit`.
        random_state: An integer makes `fit` repeatable, to the bit and for any number of threads;
            a `RandomState` or None as everywhere in scikit-learn.
        verbose: 0 prints nothing, 1 draws a progress bar, 2 prints a line an epoch.

    Attributes:
        model_: The trained `convlet.Model`.
        history_: The figures of each epoch by their names: "loss", "accuracy".
        classes_: The labels, sorted.
        input_shape_: The shape of one image as the network takes it.
        n_features_in_: The size of the second axis of X.
        feature_names_in_: The columns' names, where X was a table with names.

    Example:
        >>> from sklearn.datasets import load_digits
        >>> X, y = load_digits(return_X_y=True)
        >>> classifier = ConvNetClassifier(image_shape=(8, 8), epochs=5, random_state=0)
        >>> classifier.fit(X[:1200], y[:1200]).score(X[1200:], y[1200:]) > 0.9
        True
    """

    def __init__(
        self,
        network: str | Callable[[tuple[int, ...], int], models.Model] = "auto",
        *,
        image_shape: Sequence[int] | None = None,
        optimizer: str | optimizers.Optimizer = "adam",
        learning_rate: float | None = None,
        epochs: int = 20,
        batch_size: int = 32,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        patience: int = 5,
        class_weight: dict[Any, float] | str | None = None,
        warm_start: bool = False,
        random_state: int | np.random.RandomState | None = None,
        verbose: int = 0,
    ) -> None:
        self.network = network
        self.image_shape = image_shape
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.epochs = epochs
        self.batch_size = batch_size
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.patience = patience
        self.class_weight = class_weight
        self.warm_start = warm_start
        self.random_state = random_state
        self.verbose = verbose

    def fit(self, X: Any, y: Any, sample_weight: ArrayLike | None = None) -> ConvNetClassifier:
        """Trains the network.

        Args:
            X: The images or rows.
            y: The label of each, of any type that can be sorted.
            sample_weight: What each weighs in the loss. Only ratios count: weights are brought to
                a mean of 1. Images of weight 0 are left out.

        Returns:
            The classifier itself.

        Raises:
            ArgumentError: An argument is out of its range, or `y` has a single class.
            ShapeError: The images or weights don't fit the network or each other.
            ValueError: scikit-learn's own, where X or y is not usable data.
        """
        self._check_parameters()
        X, y = validate_data(self, X, y, dtype=_DTYPES, allow_nd=True)
        check_classification_targets(y)
        images = as_images(X, self.image_shape)
        weights = None if sample_weight is None else checked_weights(sample_weight, len(y))
        if weights is not None and not weights.all():
            images, y, weights = images[weights > 0], y[weights > 0], weights[weights > 0]
        if self.class_weight is not None:
            by_class = compute_sample_weight(self.class_weight, y)
            weights = by_class if weights is None else weights * by_class
        if weights is not None:
            weights = weights / weights.mean()
        classes, numbers = np.unique(y, return_inverse=True)
        if len(classes) < 2:
            raise ArgumentError(f"{OWNER} needs y of at least two classes. Received 1 class.")
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        with rng.seeded(seed):
            if self.warm_start and hasattr(self, "model_"):
                self._check_goes_on(images, classes)
            else:
                self.model_ = self._new_model(images, classes)
                self.input_shape_, self.classes_ = images.shape[1:], classes
            self._train(images, numbers, weights, seed)
        return self

    def predict(self, X: Any) -> NDArray[Any]:
        """The most probable label of each image.

        Args:
            X: Images or rows of the shape that `fit` had.

        Returns:
            An array of labels, as `fit` had them.

        Raises:
            NotFittedError: Before `fit`.
            ValueError: X is not usable data, or of another shape.
        """
        numbers = self.predict_proba(X).argmax(axis=1)
        labels: NDArray[Any] = self.classes_[numbers]
        return labels

    def predict_proba(self, X: Any) -> NDArray[np.float32]:
        """The probability of each class, in the order of `classes_`.

        Args:
            X: Images or rows of the shape that `fit` had.

        Returns:
            An array of shape (n, classes); each row sums to 1.

        Raises:
            NotFittedError: Before `fit`.
            ValueError: X is not usable data, or of another shape.
        """
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, dtype=_DTYPES, allow_nd=True)
        images = as_images(X, self.image_shape)
        if images.shape[1:] != self.input_shape_:
            raise ShapeError(
                f"{OWNER} needs images of shape {self.input_shape_}, as in fit. "
                f"Received shape {images.shape[1:]}."
            )
        probabilities: NDArray[np.float32] = self.model_.predict(images, verbose=0)
        return probabilities

    def _check_parameters(self) -> None:
        """Checks what is not handed on to something that checks it."""
        validation.integer(OWNER, "epochs", self.epochs)
        validation.integer(OWNER, "batch_size", self.batch_size)
        for name in ("early_stopping", "warm_start"):
            validation.boolean(OWNER, name, getattr(self, name))
        if self.learning_rate is not None:
            validation.number(OWNER, "learning_rate", self.learning_rate, minimum=0)
        if isinstance(self.class_weight, dict):
            for label, weight in self.class_weight.items():
                validation.number(OWNER, f"class_weight[{label!r}]", weight, above=0)
        fraction = self.validation_fraction
        validation.number(OWNER, "validation_fraction", fraction, above=0, below=1)
        validation.integer(OWNER, "patience", self.patience, minimum=0)

    def _new_model(self, images: NDArray[Any], classes: NDArray[Any]) -> models.Model:
        """The network, compiled."""
        shape = images.shape[1:]
        if callable(self.network):
            model = self.network(shape, len(classes))
            check_model(model, images[:1], len(classes))
        else:
            names = ["auto", *networks.NETWORKS]
            name = validation.one_of(OWNER, "network", self.network, names)
            name = networks.suited(shape) if name == "auto" else name
            front = layers.Normalization()
            model = networks.build(name, shape, len(classes), front=[front])
            adapt(front, images)
        model.class_names = [str(label) for label in classes]
        optimizer = copy.deepcopy(optimizers.get(self.optimizer, owner=OWNER))
        if self.learning_rate is not None:
            optimizer.learning_rate = self.learning_rate
        model.compile(optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
        return model

    def _check_goes_on(self, images: NDArray[Any], classes: NDArray[Any]) -> None:
        """Refuses to go on training a network that was made for other data."""
        if images.shape[1:] != self.input_shape_ or not np.array_equal(classes, self.classes_):
            raise ArgumentError(
                f"{OWNER} with warm_start=True needs the images' shape and the classes of the "
                f"last fit, {self.input_shape_} and {self.classes_.tolist()}. "
                f"Received {images.shape[1:]} and {classes.tolist()}."
            )

    def _train(
        self,
        images: NDArray[Any],
        numbers: NDArray[Any],
        weights: NDArray[np.float64] | None,
        seed: int,
    ) -> None:
        data = (images, numbers) if weights is None else (images, numbers, weights)
        held_out, callbacks = None, []
        if self.early_stopping:
            # Stratifying needs at least as many images as there are classes.
            part = max(round(self.validation_fraction * len(numbers)), len(self.classes_))
            parts = train_test_split(*data, test_size=part, stratify=numbers, random_state=seed)
            data, held_out = tuple(parts[::2]), tuple(parts[1::2])
            callbacks = [EarlyStopping(patience=self.patience, restore_best_weights=True)]
        x, y, *sample_weight = data
        history = self.model_.fit(
            x,
            y,
            sample_weight=sample_weight[0] if sample_weight else None,
            validation_data=held_out,
            batch_size=self.batch_size,
            epochs=self.epochs,
            callbacks=callbacks,
            verbose=self.verbose,
        )
        self.history_ = history.history
