"""What the tests of exported files share."""

import json

import numpy as np
import onnx
import onnxruntime


def filled(model, seed=0):
    """The model with weights that are all different, and variances that are positive."""
    rng = np.random.default_rng(seed)
    for weight in model.weights:
        values = rng.normal(0.0, 0.3, weight.shape)
        weight.assign(np.abs(values) + 0.1 if "variance" in weight.name else values)
    return model


def run(path, *xs):
    """What ONNX Runtime makes of arrays."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [each.name for each in session.get_inputs()]
    return session.run(None, dict(zip(names, xs, strict=True)))


def exported(model, folder, **options):
    """The path of the model's file."""
    path = folder / "model.onnx"
    model.export(path, verbose=False, **options)
    return path


def operations(path):
    return [node.op_type for node in onnx.load(path).graph.node]


def metadata(path):
    return {each.key: json.loads(each.value) for each in onnx.load(path).metadata_props}


def check_predictions(model, path, *xs):
    """ONNX Runtime predicts what the model predicts."""
    expected = model.predict(list(xs) if len(xs) > 1 else xs[0], verbose=0)
    expected = expected if isinstance(expected, list) else [expected]
    found = run(path, *xs)
    assert len(found) == len(expected)
    for theirs, ours in zip(found, expected, strict=True):
        assert theirs.dtype == np.float32
        np.testing.assert_allclose(theirs, ours, rtol=0, atol=1e-4 * np.abs(ours).max())
