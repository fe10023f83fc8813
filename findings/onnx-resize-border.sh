#!/usr/bin/env bash
# Guess: ONNX's Resize with antialias=1 and mode linear is what Pillow (and with it torchvision) computes with BILINEAR.
# What happens: it is, but not at the border. By default (exclude_outside=0) ONNX repeats the outermost pixels beyond the edge, where
# Pillow leaves out what lies outside; the outermost pixels differ, by 4 % of the range here. With exclude_outside=1, and for
# cubic with cubic_coeff_a=-0.5, both agree everywhere.
. "$(dirname "$0")/support/common.sh"

python_packages onnxruntime==1.32.0 onnx==1.23.2 pillow==13.0.0 numpy==2.4.6
venv/bin/python - <<'PY'
import numpy as np
import onnxruntime
from onnx import TensorProto, helper
from PIL import Image
from seen import seen

film = np.random.default_rng(0).random((13, 17)).astype(np.float32)


def onnx_resize(**attributes):
    node = helper.make_node("Resize", ["x", "", "", "size"], ["y"], antialias=1, **attributes)
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, 13, 17])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    size = helper.make_tensor("size", TensorProto.INT64, [4], [1, 1, 6, 7])
    graph = helper.make_graph([node], "graph", [x], [y], [size])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"x": film[None, None]})[0][0, 0]


def difference(filter, **attributes):
    """The largest one at the border and inside, of values from 0 to 1."""
    apart = np.abs(onnx_resize(**attributes) - np.array(Image.fromarray(film).resize((7, 6), filter)))
    inside = apart[1:-1, 1:-1].max()
    apart[1:-1, 1:-1] = 0
    return f"border {apart.max():.3f}, inside {inside:.3f}"


linear, cubic = Image.Resampling.BILINEAR, Image.Resampling.BICUBIC
seen("linear, defaults", difference(linear, mode="linear"), "border 0.040, inside 0.000")
seen("linear, exclude_outside=1", difference(linear, mode="linear", exclude_outside=1), "border 0.000, inside 0.000")
same = difference(cubic, mode="cubic", exclude_outside=1, cubic_coeff_a=-0.5)
seen("cubic, exclude_outside=1, cubic_coeff_a=-0.5", same, "border 0.000, inside 0.000")
seen("cubic, defaults", difference(cubic, mode="cubic"), "border 0.028, inside 0.017")
PY

# Seen on 2026-11-28 with:
# Python 3.11.7, onnxruntime==1.32.0 onnx==1.23.2 pillow==13.0.0 numpy==2.4.6
# linear, defaults: border 0.040, inside 0.000
# linear, exclude_outside=1: border 0.000, inside 0.000
# cubic, exclude_outside=1, cubic_coeff_a=-0.5: border 0.000, inside 0.000
# cubic, defaults: border 0.028, inside 0.017
