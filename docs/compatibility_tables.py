"""What `make_compatibility.py` cannot see in the code itself."""

from __future__ import annotations

from typing import Any

INSTEAD: dict[str, dict[str, str]] = {
    "losses": {"ctc": "Give the image one label for each place, or see `losses.custom`."},
    "optimizers": {"OptimizerMap": "Use one optimizer for all weights."},
    "initializers": dict.fromkeys(
        ["STFT", "STFTInitializer", "stft"],
        "Make spectrograms first, with scipy.signal, and give them as images.",
    ),
}  # fmt: skip
"""What to use in place of a name that is absent, where convlet itself does not say it."""

PROBES: dict[str, Any] = {
    "axis": 1,
    "batch_size": 8,
    "groups": 2,
    "ref_embeddings": [[1.0, 0.0]],
    "ref_labels": [0],
    "renorm": True,
    "renorm_clipping": {"rmax": 1.0},
    "rms_scaling": True,
    "synchronized": True,
}
"""Values of arguments that are tried, to see whether they are refused."""

EXAMPLES: dict[str, Any] = {
    "activation": "relu",
    "boundaries": [1],
    "cropping": 1,
    "decay_rate": 0.5,
    "decay_steps": 2,
    "dims": (1,),
    "factor": 0.5,
    "filters": 4,
    "first_decay_steps": 2,
    "fn": len,
    "height": 4,
    "height_factor": 0.5,
    "initial_learning_rate": 0.1,
    "kernel_size": 1,
    "learning_rate": 0.1,
    "n": 2,
    "num_classes": 2,
    "precision": 0.5,
    "rate": 0.5,
    "recall": 0.5,
    "scale": 2.0,
    "schedule": abs,
    "sensitivity": 0.5,
    "shape": (4,),
    "specificity": 0.5,
    "stddev": 0.5,
    "target_class_ids": [0],
    "target_shape": (-1,),
    "units": 4,
    "values": [0.2, 0.1],
    "width": 4,
    "y_pred": [[1.0, 0.0], [0.0, 1.0]],
    "y_true": [0, 1],
}
"""Values of arguments that have no default, with which names are tried."""

NOTES: dict[tuple[str, str], str] = {
    ("activations", "sparsemax"): "by its paper: Keras 3.15's values do not always sum to 1",
    **{
        ("layers", name): "[differs by intention](augmentation.md#keras-315-and-convlet)"
        for name in (
            "CutMix", "MixUp", "RandomCrop", "RandomElasticTransform", "RandomGaussianBlur",
        )
    },
    **{
        ("metrics", name): "weights stay fractions, as with Keras's `dtype='float32'`"
        for name in ("BinaryIoU", "IoU", "MeanIoU", "OneHotIoU", "OneHotMeanIoU")
    },
}  # fmt: skip
"""Differences that are meant."""
