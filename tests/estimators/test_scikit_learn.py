"""`ConvNetClassifier` among scikit-learn's tools, and scikit-learn's own checks of it."""

import numpy as np
from joblib import parallel_config
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_digits
from sklearn.metrics import log_loss
from sklearn.model_selection import GridSearchCV, cross_val_predict, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import shuffle
from sklearn.utils.estimator_checks import parametrize_with_checks

from convlet.estimators import ConvNetClassifier

X, Y = shuffle(*load_digits(return_X_y=True), n_samples=600, random_state=0)


def expected_failures(estimator):
    return {
        "check_sample_weight_equivalence_on_dense_data": (
            "an image of weight 2 is in one batch, an image given twice may be in two"
        )
    }


@parametrize_with_checks(
    [ConvNetClassifier(), ConvNetClassifier("dense", early_stopping=True, batch_size=8)],
    expected_failed_checks=expected_failures,
)
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


def classifier(**settings):
    settings = {"image_shape": (8, 8), "epochs": 4, "random_state": 0, **settings}
    return ConvNetClassifier(**settings)


def test_cross_val_score_is_the_same_each_time_and_in_threads():
    scores = cross_val_score(classifier(), X, Y, cv=3)
    assert scores.min() > 0.85
    with parallel_config(backend="threading", n_jobs=3):
        assert (cross_val_score(classifier(), X, Y, cv=3) == scores).all()


def test_cross_val_predict_of_images():
    images = X.reshape(-1, 8, 8)
    probabilities = cross_val_predict(
        classifier(image_shape=None), images, Y, cv=3, method="predict_proba"
    )
    assert probabilities.shape == (600, 10)
    assert (probabilities.argmax(axis=1) == Y).mean() > 0.9


def test_grid_search():
    grid = {"learning_rate": [1e-6, 1e-3], "network": ["dense", "no_pooling"]}
    search = GridSearchCV(classifier(), grid, cv=2).fit(X, Y)
    assert search.best_params_["learning_rate"] == 1e-3
    assert search.best_estimator_.score(X, Y) > 0.95
    assert len(search.cv_results_["mean_test_score"]) == 4


def test_pipeline_of_flat_rows():
    pipeline = make_pipeline(StandardScaler(), classifier())
    names = np.array(["", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"])
    assert cross_val_score(pipeline, X, names[Y], cv=3).min() > 0.85
    pipeline.fit(X, names[Y], convnetclassifier__sample_weight=np.ones(600))
    assert pipeline.classes_.tolist() == sorted(names)


def test_calibration():
    calibrated = CalibratedClassifierCV(classifier(), cv=3).fit(X[:400], Y[:400])
    probabilities = calibrated.predict_proba(X[400:])
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)
    assert calibrated.score(X[400:], Y[400:]) > 0.85
    assert log_loss(Y[400:], probabilities) < 1
