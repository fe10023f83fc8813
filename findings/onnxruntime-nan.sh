#!/usr/bin/env bash
# Guess: NaN among the values has one effect on TopK and on ReduceMax, whatever the version and wherever it stands.
# What happens: TopK ranks NaN differently from one minor version of onnxruntime to the next: it left the 3 out of the two largest of
# [1, NaN, 3, 2] up to 1.31 and ranks NaN above all numbers from 1.32. ReduceMax gives NaN only where NaN comes first, else a number.
. "$(dirname "$0")/support/common.sh"

cat >run.py <<'PY'
import sys

import numpy as np
import onnxruntime
from onnx import TensorProto, helper
from seen import seen


def run(op, values, outputs, **attributes):
    inputs, constants = ["x"], []
    if op == "TopK":
        inputs, constants = ["x", "k"], [helper.make_tensor("k", TensorProto.INT64, [1], [2])]
    node = helper.make_node(op, inputs, outputs, **attributes)
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [len(values)])
    y = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs[:1]]
    graph = helper.make_graph([node], "graph", [x], y, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"x": np.array(values, np.float32)})[0].tolist()


nan, version = np.nan, onnxruntime.__version__
top = [1.0, nan] if version == "1.31.1" else [nan, 3.0]
seen(f"{version}, TopK of [1, NaN, 3, 2]", run("TopK", [1, nan, 3, 2], ["y", "places"]), top)
for values, largest in ([nan, 1, 3, 2], nan), ([1, nan, 3, 2], 3.0), ([1, 3, 2, nan], 3.0):
    seen(f"{version}, ReduceMax of {values}", run("ReduceMax", values, ["y"], keepdims=0), largest)
PY
for version in 1.31.1 1.32.0; do
  python_packages "onnxruntime==$version" onnx==1.23.2 numpy==2.4.6
  venv/bin/python run.py
done

# Seen on 2026-11-28 with:
# Python 3.11.7, onnxruntime==1.31.1 onnx==1.23.2 numpy==2.4.6
# 1.31.1, TopK of [1, NaN, 3, 2]: [1.0, nan]
# 1.31.1, ReduceMax of [nan, 1, 3, 2]: nan
# 1.31.1, ReduceMax of [1, nan, 3, 2]: 3.0
# 1.31.1, ReduceMax of [1, 3, 2, nan]: 3.0
# Python 3.11.7, onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
# 1.32.0, TopK of [1, NaN, 3, 2]: [nan, 3.0]
# 1.32.0, ReduceMax of [nan, 1, 3, 2]: nan
# 1.32.0, ReduceMax of [1, nan, 3, 2]: 3.0
# 1.32.0, ReduceMax of [1, 3, 2, nan]: 3.0
