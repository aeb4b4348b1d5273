"""What Keras 3.15.1 on TensorFlow gave for small inputs, for where Keras is not installed.

Made by calling, on the arrays below, the classes of `keras.losses`; of `keras.metrics` (twice: all
samples, then targets 0 and 1 with predictions 2 and 3); and of `keras.optimizers.schedules`, at
`STEPS`.
"""

from __future__ import annotations

import numpy as np

PROBABILITIES = np.array(
    [
        [0.0, 1.0, 0.0, 0.0],
        [0.265587, 0.298076, 0.198107, 0.23823],
        [0.236638, 0.407033, 0.355137, 0.00119206],
        [0.477317, 0.0186971, 0.406199, 0.0977874],
        [0.405812, 0.254561, 0.140906, 0.198721],
        [0.0192596, 0.0845225, 0.456078, 0.44014],
    ],
    np.float32,
)
LOGITS = np.array(
    [
        [18.0694, 1.88025, -14.87, -18.4345],
        [-9.15452, 4.4039, -20.1924, -4.18351],
        [-3.1845, 10.8169, 4.29318, 7.10745],
        [-13.0766, -2.59227, 15.6795, 29.8686],
        [-25.1813, 30.2785, 26.9175, 15.6262],
        [5.28911, -6.27846, 29.1604, 39.2052],
    ],
    np.float32,
)
LABELS = np.array([2, 1, 0, 3, 3, 1])
ONE_HOT = np.eye(4, dtype=np.float32)[LABELS]
YES_OR_NO = np.array(
    [[0, 1, 1, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1], [0, 1, 0, 1], [0, 0, 1, 1]],
    np.float32,
)
WEIGHTS = np.array([1, 2, 0, 0.5, 3, 1], np.float32)

TARGETS = {
    "BinaryAccuracy": YES_OR_NO,
    "BinaryCrossentropy": YES_OR_NO,
    "SparseCategoricalAccuracy": LABELS,
    "SparseCategoricalCrossentropy": LABELS,
    "SparseTopKCategoricalAccuracy": LABELS,
}

# loss, from_logits, label_smoothing, weighted, reduction, value
LOSSES: list[tuple[str, bool, float, bool, str, float]] = [
    ("CategoricalCrossentropy", False, 0.0, False, "sum_over_batch_size", 4.19688),
    ("CategoricalCrossentropy", False, 0.0, True, "sum_over_batch_size", 4.503281),
    ("CategoricalCrossentropy", False, 0.0, True, "sum", 27.01969),
    ("CategoricalCrossentropy", False, 0.0, True, "mean", 4.503281),
    ("CategoricalCrossentropy", False, 0.0, True, "mean_with_sample_weight", 3.602625),
    ("CategoricalCrossentropy", False, 0.1, False, "sum_over_batch_size", 4.134975),
    ("CategoricalCrossentropy", False, 0.1, True, "sum_over_batch_size", 4.424074),
    ("CategoricalCrossentropy", True, 0.0, False, "sum_over_batch_size", 17.85611),
    ("CategoricalCrossentropy", True, 0.0, True, "sum_over_batch_size", 20.41375),
    ("CategoricalCrossentropy", True, 0.1, False, "sum_over_batch_size", 17.77617),
    ("CategoricalCrossentropy", True, 0.1, True, "sum_over_batch_size", 20.59816),
    ("SparseCategoricalCrossentropy", False, 0.0, False, "sum_over_batch_size", 4.19688),
    ("SparseCategoricalCrossentropy", False, 0.0, True, "sum_over_batch_size", 4.503281),
    ("SparseCategoricalCrossentropy", True, 0.0, False, "sum_over_batch_size", 17.85611),
    ("SparseCategoricalCrossentropy", True, 0.0, True, "sum_over_batch_size", 20.41375),
    ("BinaryCrossentropy", False, 0.0, False, "sum_over_batch_size", 1.199307),
    ("BinaryCrossentropy", False, 0.0, True, "sum_over_batch_size", 1.454304),
    ("BinaryCrossentropy", False, 0.1, False, "sum_over_batch_size", 1.304324),
    ("BinaryCrossentropy", False, 0.1, True, "sum_over_batch_size", 1.543933),
    ("BinaryCrossentropy", True, 0.0, False, "sum_over_batch_size", 4.420334),
    ("BinaryCrossentropy", True, 0.0, True, "sum_over_batch_size", 6.424057),
    ("BinaryCrossentropy", True, 0.1, False, "sum_over_batch_size", 4.720699),
    ("BinaryCrossentropy", True, 0.1, True, "sum_over_batch_size", 6.894474),
    ("MeanSquaredError", False, 0.0, False, "sum_over_batch_size", 0.2863545),
    ("MeanSquaredError", False, 0.0, True, "sum_over_batch_size", 0.3265172),
]

# metric (top-k with k=2), weighted, value
METRICS: list[tuple[str, bool, float]] = [
    ("CategoricalAccuracy", False, 0.125),
    ("CategoricalAccuracy", True, 0.1904762),
    ("SparseCategoricalAccuracy", False, 0.125),
    ("SparseCategoricalAccuracy", True, 0.1904762),
    ("BinaryAccuracy", False, 0.65625),
    ("BinaryAccuracy", True, 0.6309524),
    ("TopKCategoricalAccuracy", False, 0.375),
    ("TopKCategoricalAccuracy", True, 0.3809524),
    ("SparseTopKCategoricalAccuracy", False, 0.375),
    ("SparseTopKCategoricalAccuracy", True, 0.3809524),
    ("MeanSquaredError", False, 0.2773556),
    ("MeanSquaredError", True, 0.2667769),
    ("CategoricalCrossentropy", False, 3.77449),
    ("CategoricalCrossentropy", True, 3.429878),
    ("SparseCategoricalCrossentropy", False, 3.77449),
    ("SparseCategoricalCrossentropy", True, 3.429878),
    ("BinaryCrossentropy", False, 1.011602),
    ("BinaryCrossentropy", True, 0.9493752),
]

STEPS = [0, 3, 4, 7, 8, 19]
SCHEDULES: list[tuple[str, dict[str, object], list[float]]] = [
    (
        "ExponentialDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.5},
        [0.1, 0.0742997, 0.067295, 0.05, 0.0452862, 0.0152377],
    ),
    (
        "ExponentialDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.5, "staircase": True},
        [0.1, 0.1, 0.1, 0.05, 0.05, 0.025],
    ),
    (
        "InverseTimeDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.5},
        [0.1, 0.0823529, 0.0777778, 0.0666667, 0.0636364, 0.0424242],
    ),
    (
        "InverseTimeDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.5, "staircase": True},
        [0.1, 0.1, 0.1, 0.0666667, 0.0666667, 0.05],
    ),
    (
        "PolynomialDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 7, "power": 2.0},
        [0.1, 0.0327204, 0.018449, 0.0001, 0.0001, 0.0001],
    ),
    (
        "PolynomialDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 7, "cycle": True},
        [0.1, 0.0571857, 0.0429143, 0.0001, 0.0429143, 0.00961429],
    ),
    (
        "CosineDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 7, "alpha": 0.1},
        [0.1, 0.0650134, 0.0449865, 0.01, 0.01, 0.01],
    ),
    (
        "CosineDecay",
        {"initial_learning_rate": 0.01, "decay_steps": 7, "warmup_target": 0.1, "warmup_steps": 4},
        [0.01, 0.0775, 0.1, 0.061126, 0.0388739, 0.0],
    ),
    (
        "CosineDecayRestarts",
        {
            "initial_learning_rate": 0.1,
            "first_decay_steps": 7,
            "t_mul": 2.0,
            "m_mul": 0.5,
            "alpha": 0.1,
        },
        [0.1, 0.0650134, 0.0449865, 0.055, 0.0544359, 0.0122282],
    ),
    (
        "CosineDecayRestarts",
        {"initial_learning_rate": 0.1, "first_decay_steps": 7, "t_mul": 1.0},
        [0.1, 0.061126, 0.0388739, 0.1, 0.0950484, 0.0188255],
    ),
    (
        "PiecewiseConstantDecay",
        {"boundaries": [3, 8], "values": [0.1, 0.05, 0.01]},
        [0.1, 0.1, 0.05, 0.05, 0.05, 0.01],
    ),
]
