#!/usr/bin/env bash
# Guess: the result of an image does not depend on how many images lie beside it, since no operation of the graph mixes them.
# What happens: a Transpose ahead of sums along the last dimension is moved behind them, so that they run along another one, and with one
# image in the batch these are added up in another order than with several: the last bits differ. A Flatten in between, or optimisation
# switched off, and they are the same.
. "$(dirname "$0")/support/common.sh"

python_packages onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
venv/bin/python - <<'PY'
import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from seen import seen

maps = np.random.default_rng(0).normal(size=(16, 96, 8, 8)).astype(np.float32)
ALL, NONE = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL, onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL


def lengths(flatten, level):
    """Vectors of a map's places, scaled to length 1: of the first image alone, and of it as the first of 16."""
    nodes = [helper.make_node("Transpose", ["maps"], ["turned"], perm=[0, 2, 3, 1])]
    rows = "turned"
    if flatten:
        nodes.append(helper.make_node("Flatten", [rows], ["rows"], axis=3))
        rows = "rows"
    nodes += [
        helper.make_node("Mul", [rows, rows], ["squares"]),
        helper.make_node("ReduceSum", ["squares", "last"], ["sums"], keepdims=1),
        helper.make_node("Sqrt", ["sums"], ["lengths"]),
        helper.make_node("Div", [rows, "lengths"], ["units"]),
    ]
    x = helper.make_tensor_value_info("maps", TensorProto.FLOAT, ["images", 96, 8, 8])
    y = helper.make_tensor_value_info("units", TensorProto.FLOAT, None)
    last = numpy_helper.from_array(np.array([-1], np.int64), "last")
    graph = helper.make_graph(nodes, "graph", [x], [y], [last])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = level
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    alone = session.run(None, {"maps": maps[:1]})[0].reshape(-1)
    among = session.run(None, {"maps": maps})[0].reshape(16, -1)[0]
    return "the same bits" if np.array_equal(alone, among) else f"other bits, by less than {1e-6 if np.abs(alone - among).max() < 1e-6 else 1}"


seen("as it is", lengths(False, ALL), "other bits, by less than 1e-06")
seen("optimisation off", lengths(False, NONE), "the same bits")
seen("with a Flatten after the Transpose", lengths(True, ALL), "the same bits")
PY

# Seen on 2026-11-30 with:
# Python 3.11.7, onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
# as it is: other bits, by less than 1e-06
# optimisation off: the same bits
# with a Flatten after the Transpose: the same bits
