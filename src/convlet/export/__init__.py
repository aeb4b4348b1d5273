"""Models for other programs: `Model.export` writes them as ONNX files."""

from __future__ import annotations

from convlet.export.onnx_file import TOLERANCE, export_onnx
from convlet.export.onnx_model import IR_VERSION, OPSET

__all__ = ["IR_VERSION", "OPSET", "TOLERANCE", "export_onnx"]
