"""Every layer passes the same checks: a new one is a row of this table."""

import inspect
from functools import partial

import pytest

from convlet import activations, layers
from tests.common import LayerCase, check_layer

CASES = [
    LayerCase(layers.Activation, {"activation": "tanh"}, (5, 4, 3), (5, 4, 3)),
    LayerCase(layers.Activation, {"activation": "relu", "activity_regularizer": "l2"}, (3,), (3,)),
    LayerCase(layers.ActivityRegularization, {"l1": 0.1, "l2": 0.2}, (5, 4, 3), (5, 4, 3)),
    LayerCase(
        layers.Activation,
        {"activation": partial(activations.leaky_relu, negative_slope=0.1)},
        (5, 4, 3),
        (5, 4, 3),
    ),
    LayerCase(layers.AlphaDropout, {"rate": 0.25, "seed": 3}, (10,), (10,)),
    LayerCase(layers.AutoContrast, {"value_range": [0, 1]}, (5, 4, 3), (5, 4, 3)),
    LayerCase(
        layers.AveragePooling1D, {"pool_size": 3, "strides": 2, "padding": "same"}, (5, 3), (3, 3)
    ),
    LayerCase(layers.AveragePooling2D, {"pool_size": 2}, (5, 4, 3), (2, 2, 3)),
    LayerCase(
        layers.AveragePooling2D,
        {"pool_size": (3, 2), "strides": 1, "padding": "same"},
        (5, 4, 3),
        (5, 4, 3),
    ),
    LayerCase(
        layers.BatchNormalization,
        {
            "momentum": 0.9,
            "epsilon": 1e-5,
            "gamma_initializer": "zeros",
            "gamma_regularizer": "l2",
            "gamma_constraint": "non_neg",
            "beta_regularizer": "l1",
            "beta_constraint": "max_norm",
        },
        (5, 4, 3),
        (5, 4, 3),
        {"gamma": (3,), "beta": (3,), "moving_mean": (3,), "moving_variance": (3,)},
        never_trained=("moving_mean", "moving_variance"),
    ),
    LayerCase(
        layers.BatchNormalization,
        {"axis": 1, "center": False, "scale": False, "moving_mean_initializer": "ones"},
        (7,),
        (7,),
        {"moving_mean": (7,), "moving_variance": (7,)},
        never_trained=("moving_mean", "moving_variance"),
    ),
    LayerCase(layers.CenterCrop, {"height": 2, "width": 3}, (5, 4, 3), (2, 3, 3)),
    LayerCase(
        layers.Conv1D,
        {"filters": 8, "kernel_size": 3, "padding": "causal", "dilation_rate": 4},
        (28, 3),
        (28, 8),
        {"kernel": (3, 3, 8), "bias": (8,)},
    ),
    LayerCase(
        layers.Conv1D,
        {"filters": 2, "kernel_size": 4, "strides": 3, "use_bias": False},
        (11, 5),
        (3, 2),
        {"kernel": (4, 5, 2)},
    ),
    LayerCase(
        layers.Conv2D,
        {"filters": 8, "kernel_size": 3},
        (28, 28, 1),
        (26, 26, 8),
        {"kernel": (3, 3, 1, 8), "bias": (8,)},
    ),
    LayerCase(
        layers.Conv2D,
        {"filters": 2, "kernel_size": (5, 1), "strides": (2, 3), "use_bias": False},
        (9, 8, 3),
        (3, 3, 2),
        {"kernel": (5, 1, 3, 2)},
    ),
    LayerCase(
        layers.Conv2D,
        {
            "filters": 2,
            "kernel_size": 3,
            "dilation_rate": 2,
            "padding": "same",
            "activation": "relu",
            "kernel_initializer": "he_normal",
        },
        (7, 7, 3),
        (7, 7, 2),
        {"kernel": (3, 3, 3, 2), "bias": (2,)},
    ),
    LayerCase(layers.Cropping1D, {"cropping": (2, 1)}, (5, 3), (2, 3)),
    LayerCase(layers.Cropping2D, {"cropping": ((0, 1), (2, 1))}, (5, 4, 3), (4, 1, 3)),
    LayerCase(
        layers.Conv2DTranspose,
        {"filters": 8, "kernel_size": 3, "activation": "relu"},
        (5, 4, 3),
        (7, 6, 8),
        {"kernel": (3, 3, 8, 3), "bias": (8,)},
    ),
    LayerCase(
        layers.Conv2DTranspose,
        {
            "filters": 2,
            "kernel_size": (3, 2),
            "strides": (2, 3),
            "padding": "same",
            "output_padding": (0, 2),
            "use_bias": False,
        },
        (5, 4, 3),
        (9, 11, 2),
        {"kernel": (3, 2, 2, 3)},
    ),
    LayerCase(
        layers.Dense,
        {"units": 10, "activation": "softmax"},
        (576,),
        (10,),
        {"kernel": (576, 10), "bias": (10,)},
    ),
    LayerCase(
        layers.Dense,
        {"units": 2, "use_bias": False},
        (5, 4, 3),
        (5, 4, 2),
        {"kernel": (3, 2)},
    ),
    LayerCase(
        layers.DepthwiseConv2D,
        {"kernel_size": 3, "padding": "same", "activation": "relu"},
        (6, 5, 4),
        (6, 5, 4),
        {"kernel": (3, 3, 4, 1), "bias": (4,)},
    ),
    LayerCase(
        layers.DepthwiseConv2D,
        {
            "kernel_size": (3, 2),
            "strides": 2,
            "depth_multiplier": 3,
            "use_bias": False,
            "depthwise_initializer": "he_uniform",
        },
        (6, 5, 4),
        (2, 2, 12),
        {"kernel": (3, 2, 4, 3)},
    ),
    LayerCase(
        layers.Dense,
        {
            "units": 2,
            "kernel_regularizer": "l1_l2",
            "bias_regularizer": "l1",
            "activity_regularizer": "l2",
            "kernel_constraint": "max_norm",
            "bias_constraint": "non_neg",
        },
        (5,),
        (2,),
        {"kernel": (5, 2), "bias": (2,)},
    ),
    LayerCase(layers.Dropout, {"rate": 0.25, "seed": 3}, (10,), (10,)),
    LayerCase(layers.Dropout, {"rate": 0.5, "noise_shape": (None, 1, 3)}, (4, 3), (4, 3)),
    LayerCase(layers.ELU, {"alpha": 0.5}, (5, 4, 3), (5, 4, 3)),
    LayerCase(layers.Flatten, {}, (3, 3, 64), (576,)),
    LayerCase(layers.Flatten, {}, (), (1,)),
    LayerCase(layers.GaussianDropout, {"rate": 0.25, "seed": 3}, (5, 4, 3), (5, 4, 3)),
    LayerCase(layers.GaussianNoise, {"stddev": 0.25}, (5, 4, 3), (5, 4, 3)),
    LayerCase(layers.GlobalAveragePooling1D, {"keepdims": True}, (5, 3), (1, 3)),
    LayerCase(layers.GlobalAveragePooling2D, {}, (5, 4, 3), (3,)),
    LayerCase(layers.GlobalMaxPooling1D, {}, (5, 3), (3,)),
    LayerCase(layers.GlobalMaxPooling2D, {"keepdims": True}, (5, 4, 3), (1, 1, 3)),
    LayerCase(
        layers.GroupNormalization,
        {"groups": 3, "epsilon": 1e-5},
        (5, 4, 6),
        (5, 4, 6),
        {"gamma": (6,), "beta": (6,)},
    ),
    LayerCase(
        layers.GroupNormalization, {"groups": -1, "center": False}, (7,), (7,), {"gamma": (7,)}
    ),
    LayerCase(
        layers.LayerNormalization,
        {"axis": [2, 3], "gamma_initializer": "zeros"},
        (5, 4, 3),
        (5, 4, 3),
        {"gamma": (4, 3), "beta": (4, 3)},
    ),
    LayerCase(layers.LayerNormalization, {"axis": 1, "scale": False}, (7,), (7,), {"beta": (7,)}),
    LayerCase(layers.RMSNormalization, {"epsilon": 1e-3}, (5, 4, 3), (5, 4, 3), {"scale": (3,)}),
    LayerCase(layers.UnitNormalization, {"axis": [1, 2, 3]}, (5, 4, 3), (5, 4, 3)),
    LayerCase(layers.LeakyReLU, {"negative_slope": 0.1}, (5, 4, 3), (5, 4, 3)),
    LayerCase(layers.Identity, {}, (5, 4, 3), (5, 4, 3)),
    LayerCase(layers.MaxPooling1D, {}, (11, 64), (5, 64)),
    LayerCase(layers.MaxPooling2D, {}, (11, 11, 64), (5, 5, 64)),
    LayerCase(
        layers.MaxPooling2D,
        {"pool_size": 3, "strides": 2, "padding": "SAME"},
        (11, 12, 4),
        (6, 6, 4),
    ),
    LayerCase(layers.PReLU, {}, (5, 4, 3), (5, 4, 3), {"alpha": (5, 4, 3)}),
    LayerCase(
        layers.PReLU,
        {"alpha_initializer": "ones", "alpha_constraint": "non_neg", "shared_axes": [1, 2]},
        (5, 4, 3),
        (5, 4, 3),
        {"alpha": (1, 1, 3)},
    ),
    LayerCase(layers.CutMix, {"factor": [0.5, 1]}, (5, 4, 3), (5, 4, 3)),
    LayerCase(layers.MixUp, {"alpha": 0.5, "seed": 2}, (5, 4, 3), (5, 4, 3)),
    LayerCase(layers.Permute, {"dims": (3, 1, 2)}, (5, 4, 3), (3, 5, 4)),
    LayerCase(
        layers.Normalization,
        {"axis": (1, 3)},
        (5, 4, 3),
        (5, 4, 3),
        {"mean": (5, 3), "variance": (5, 3), "count": ()},
        never_trained=("mean", "variance", "count"),
    ),
    LayerCase(
        layers.Normalization,
        {"axis": -1, "mean": [1.0, 2.0], "variance": [0.5, 1.0], "invert": True},
        (5, 2),
        (5, 2),
    ),
    LayerCase(layers.RandomBrightness, {"factor": 0.1}, (5, 4, 3), (5, 4, 3)),
    LayerCase(
        layers.RandomColorDegeneration, {"factor": (0, 0.5), "seed": 1}, (5, 4, 3), (5, 4, 3)
    ),
    LayerCase(
        layers.RandomColorJitter,
        {"value_range": [0, 1], "contrast_factor": [0.1, 0.2], "hue_factor": 0.1},
        (5, 4, 3),
        (5, 4, 3),
    ),
    LayerCase(layers.RandomContrast, {"factor": 0.1}, (5, 4, 3), (5, 4, 3)),
    LayerCase(layers.RandomGaussianBlur, {"kernel_size": [3, 5]}, (5, 4, 3), (5, 4, 3)),
    LayerCase(layers.RandomGrayscale, {}, (5, 4, 1), (5, 4, 1)),
    LayerCase(layers.RandomHue, {"factor": 0.1}, (5, 4, 3), (5, 4, 3)),
    LayerCase(layers.RandomInvert, {}, (5, 4, 2), (5, 4, 2)),
    LayerCase(layers.RandomPosterization, {"factor": 4}, (5, 4, 3), (5, 4, 3)),
    LayerCase(layers.RandomSaturation, {"factor": 0.1}, (5, 4, 3), (5, 4, 3)),
    LayerCase(layers.Solarization, {"threshold_factor": 0.5}, (5, 4, 3), (5, 4, 3)),
    LayerCase(layers.RandomCrop, {"height": 2, "width": 7, "seed": 4}, (5, 4, 3), (2, 7, 3)),
    LayerCase(layers.RandomElasticTransform, {"scale": [0.5, 1]}, (5, 4, 3), (5, 4, 3)),
    LayerCase(layers.RandomErasing, {"fill_value": [1, 2, 3]}, (5, 4, 3), (5, 4, 3)),
    LayerCase(layers.RandomFlip, {"mode": "vertical", "seed": 1}, (5, 4, 3), (5, 4, 3)),
    LayerCase(layers.RandomRotation, {"factor": 0.1, "fill_mode": "wrap"}, (5, 4, 3), (5, 4, 3)),
    LayerCase(layers.RandomSharpness, {"factor": 0.5, "seed": 1}, (5, 4, 3), (5, 4, 3)),
    LayerCase(
        layers.RandomShear,
        {"x_factor": 0.1, "y_factor": [0.2, 0.3], "interpolation": "nearest"},
        (5, 4, 3),
        (5, 4, 3),
    ),
    LayerCase(
        layers.RandomTranslation,
        {"height_factor": 0.1, "width_factor": [-0.2, 0.3], "fill_value": 3.0},
        (5, 4, 1),
        (5, 4, 1),
    ),
    LayerCase(layers.RandomZoom, {"height_factor": -0.5}, (5, 4, 3), (5, 4, 3)),
    LayerCase(
        layers.ReLU,
        {"max_value": 6.0, "negative_slope": 0.1, "threshold": 0.5},
        (5, 4, 3),
        (5, 4, 3),
    ),
    LayerCase(layers.RepeatVector, {"n": 4}, (3,), (4, 3)),
    LayerCase(layers.Rescaling, {"scale": 1 / 255, "offset": -0.5}, (5, 4, 3), (5, 4, 3)),
    LayerCase(layers.Rescaling, {"scale": [1, 2, 3], "offset": (0, 1, 0)}, (5, 4, 3), (5, 4, 3)),
    LayerCase(layers.Reshape, {"target_shape": (2, -1)}, (5, 4, 3), (2, 30)),
    LayerCase(
        layers.SeparableConv2D,
        {"filters": 8, "kernel_size": 3, "activation": "relu"},
        (6, 5, 4),
        (4, 3, 8),
        {"depthwise_kernel": (3, 3, 4, 1), "pointwise_kernel": (1, 1, 4, 8), "bias": (8,)},
    ),
    LayerCase(
        layers.SeparableConv2D,
        {
            "filters": 2,
            "kernel_size": (3, 1),
            "strides": 2,
            "padding": "same",
            "depth_multiplier": 3,
            "use_bias": False,
            "depthwise_initializer": "he_uniform",
            "pointwise_initializer": "zeros",
        },
        (6, 5, 4),
        (3, 3, 2),
        {"depthwise_kernel": (3, 1, 4, 3), "pointwise_kernel": (1, 1, 12, 2)},
    ),
    LayerCase(
        layers.Resizing,
        {"height": 8, "width": 2, "interpolation": "bicubic", "pad_to_aspect_ratio": True},
        (5, 4, 3),
        (8, 2, 3),
    ),
    LayerCase(
        layers.SeparableConv2D,
        {
            "filters": 2,
            "kernel_size": 3,
            "depthwise_regularizer": "l1",
            "pointwise_regularizer": "l2",
            "bias_regularizer": "l1",
            "activity_regularizer": "l2",
            "depthwise_constraint": "max_norm",
            "pointwise_constraint": "non_neg",
            "bias_constraint": "non_neg",
        },
        (6, 5, 4),
        (4, 3, 2),
        {"depthwise_kernel": (3, 3, 4, 1), "pointwise_kernel": (1, 1, 4, 2), "bias": (2,)},
    ),
    LayerCase(layers.Softmax, {"axis": 1}, (10, 3), (10, 3)),
    LayerCase(layers.SpatialDropout1D, {"rate": 0.25, "seed": 3}, (5, 3), (5, 3)),
    LayerCase(layers.SpatialDropout2D, {"rate": 0.25}, (5, 4, 3), (5, 4, 3)),
    LayerCase(layers.UpSampling1D, {"size": 3}, (5, 4), (15, 4)),
    LayerCase(
        layers.UpSampling2D,
        {"size": (2, 3), "interpolation": "bilinear"},
        (5, 4, 3),
        (10, 12, 3),
    ),
    LayerCase(layers.ZeroPadding1D, {"padding": (0, 2)}, (5, 3), (7, 3)),
    LayerCase(layers.ZeroPadding2D, {"padding": ((0, 1), (2, 3))}, (5, 4, 3), (6, 9, 3)),
    LayerCase(layers.ZeroPadding2D, {"padding": (1, 2)}, (5, 4, 3), (7, 8, 3)),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_layer(case, tmp_path):
    check_layer(case, tmp_path)


def test_no_layer_is_left_out():
    kinds = {
        value
        for value in vars(layers).values()
        if inspect.isclass(value) and issubclass(value, layers.Layer)
    }
    merging = {kind for kind in kinds if kind.merges}  # tests/layers/test_merging.py has those
    assert kinds - merging - {case.layer for case in CASES} == {layers.Layer, layers.InputLayer}
