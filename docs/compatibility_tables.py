"""What `make_compatibility.py` cannot see in the code itself."""

from __future__ import annotations

from typing import Any

_VOLUMES = "Images and sequences only. Use the layer's 1D or 2D form on slices."
_RECURRENT = "Use Conv1D with padding='causal' and dilation_rate."
_ATTENTION = "Use convolutions, or Multiply with a sigmoid of a pooled branch."
_TEXT = "convlet is for images. Turn texts into numbers first, with scikit-learn."
_TABLES = "Prepare columns with scikit-learn before they come to the model."
_SOUND = "Make spectrograms first, with scipy.signal, and give them as images."
_OTHER_FRAMEWORK = "A model has convlet's own layers. Rebuild the module with them."
_CUSTOM = "Make a Layer whose call composes layers that are there."
_EXPORT_OF_OBJECTS = "Give custom_objects to load_model."
_LOGGING = "Pass verbose=0 to fit, evaluate and predict."
_OTHER_DATA = "Read it yourself, and pass arrays."

INSTEAD: dict[str, dict[str, str]] = {
    "layers": {
        **dict.fromkeys(
            [
                "AdaptiveAveragePooling3D", "AdaptiveMaxPooling3D", "AveragePooling3D", "AvgPool3D",
                "Conv3D", "Conv3DTranspose", "Convolution3D", "Convolution3DTranspose",
                "Cropping3D", "GlobalAveragePooling3D", "GlobalAvgPool3D", "GlobalMaxPool3D",
                "GlobalMaxPooling3D", "MaxPool3D", "MaxPooling3D", "SpatialDropout3D",
                "UpSampling3D", "ZeroPadding3D",
            ],
            _VOLUMES,
        ),
        **dict.fromkeys(
            [
                "Bidirectional", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "GRU", "GRUCell", "LSTM",
                "LSTMCell", "RNN", "SimpleRNN", "SimpleRNNCell", "StackedRNNCells",
            ],
            _RECURRENT,
        ),
        **dict.fromkeys(
            ["AdditiveAttention", "Attention", "GroupQueryAttention", "MultiHeadAttention"],
            _ATTENTION,
        ),
        **dict.fromkeys(
            ["Embedding", "Masking", "ReversibleEmbedding", "StringLookup", "TextVectorization"],
            _TEXT,
        ),
        **dict.fromkeys(
            ["CategoryEncoding", "Discretization", "HashedCrossing", "Hashing", "IntegerLookup"],
            _TABLES,
        ),
        **dict.fromkeys(["MelSpectrogram", "STFTSpectrogram"], _SOUND),
        **dict.fromkeys(
            ["FlaxLayer", "JaxLayer", "TFSMLayer", "TorchModuleWrapper"], _OTHER_FRAMEWORK
        ),
        **dict.fromkeys(["InputSpec", "Lambda", "Wrapper"], _CUSTOM),
        **dict.fromkeys(
            ["AdaptiveAveragePooling1D", "AdaptiveAveragePooling2D"],
            "Use average pooling with the pool_size and strides that give the output's size.",
        ),
        **dict.fromkeys(
            ["AdaptiveMaxPooling1D", "AdaptiveMaxPooling2D"],
            "Use max pooling with the pool_size and strides that give the output's size.",
        ),
        **dict.fromkeys(
            ["AugMix", "RandAugment"],
            "Put several of the Random layers after one another.",
        ),
        **dict.fromkeys(
            ["ContrastLimitedAdaptiveHistogramEqualization", "Equalization"],
            "Use AutoContrast, or equalize the images before they come to the model.",
        ),
        **dict.fromkeys(
            ["Conv1DTranspose", "Convolution1DTranspose"],
            "Use Conv2DTranspose on images of one row, between two Reshape layers.",
        ),
        "DepthwiseConv1D": "Use DepthwiseConv2D on images of one row, between two Reshape layers.",
        **dict.fromkeys(
            ["SeparableConv1D", "SeparableConvolution1D"],
            "Use SeparableConv2D on images of one row, between two Reshape layers.",
        ),
        **dict.fromkeys(["Dot", "dot"], "Use Multiply, then Dense with ones, not trainable."),
        "EinsumDense": "Use Permute, Reshape and Dense.",
        "MaxNumBoundingBoxes": "Models classify whole images: there are no boxes.",
        "Pipeline": "Use a Sequential as a layer of the model.",
        "RandomPerspective": "Use RandomShear with RandomZoom.",
        "SpectralNormalization": "Use kernel_constraint=UnitNorm().",
        "TimeDistributed": "Dense works on the last axis of any input already.",
    },
    "losses": {"ctc": "Give the image one label for each place, or see `losses.custom`."},
    "optimizers": {"OptimizerMap": "Use one optimizer for all weights."},
    "initializers": dict.fromkeys(["STFT", "STFTInitializer", "stft"], _SOUND),
    "utils": {
        **dict.fromkeys(
            [
                "CustomObjectScope", "custom_object_scope", "deserialize_keras_object",
                "get_custom_objects", "get_registered_name", "get_registered_object",
                "register_keras_serializable", "serialize_keras_object",
            ],
            _EXPORT_OF_OBJECTS,
        ),
        **dict.fromkeys(
            [
                "disable_interactive_logging", "enable_interactive_logging",
                "is_interactive_logging_enabled",
            ],
            _LOGGING,
        ),
        **dict.fromkeys(["pack_x_y_sample_weight", "unpack_x_y_sample_weight"], "Use a tuple."),
        **dict.fromkeys(["model_to_dot", "plot_model"], "Use model.summary() or model.explain()."),
        **dict.fromkeys(
            ["audio_dataset_from_directory", "text_dataset_from_directory"],
            "convlet is for images: image_dataset_from_directory.",
        ),
        "Config": "Use a dictionary.",
        "FeatureSpace": _TABLES,
        "Progbar": "Use rich.progress.",
        "get_source_inputs": "Use model.inputs.",
        "is_keras_tensor": "Ask isinstance(x, type(Input((1,)))).",
        "pad_sequences": "Use numpy.pad.",
        "split_dataset": "Use sklearn.model_selection.train_test_split, or validation_split.",
        "standardize_dtype": "Use numpy.dtype(...).name.",
        "timeseries_dataset_from_array": "Use numpy.lib.stride_tricks.sliding_window_view.",
    },
    "datasets": {
        "cifar100": "Use cifar10, or read it into an .npz file and use datasets.load.",
        **dict.fromkeys(["boston_housing", "california_housing"], _OTHER_DATA),
        **dict.fromkeys(["imdb", "reuters"], _TEXT),
    },
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
