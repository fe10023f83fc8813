#!/usr/bin/env bash
# Guess: a runtime's optimisation of a graph does not change what it gives.
# What happens: onnxruntime-node 1.30 makes one operation of a Pad and the MaxPool after it, and what the Pad put around the map, zeros,
# then counts as minus infinity: the largest of -1 and the zeros beside it becomes -1. Where the pads of both are together as large as
# the window, the file is refused. Python's onnxruntime 1.32 does neither, nor does a MaxPool that says auto_pad in place of pads.
. "$(dirname "$0")/support/common.sh"

python_packages onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
npm_packages onnxruntime-node@1.30.0
venv/bin/python - <<'PY'
import numpy as np
import onnxruntime
from onnx import TensorProto, helper
from seen import seen

ends = [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, 2, 2])]
ends.append(helper.make_tensor_value_info("y", TensorProto.FLOAT, None))
around = helper.make_tensor("around", TensorProto.INT64, [8], [0, 0, 1, 1, 0, 0, 1, 1])
zero = helper.make_tensor("zero", TensorProto.FLOAT, [], [0.0])
for name, told in {
    "pads": {"pads": [0, 0, 0, 0]},
    "words": {"auto_pad": "VALID"},
    "wide": {"pads": [1, 1, 1, 1]},
}.items():
    nodes = [
        helper.make_node("Pad", ["x", "around", "zero"], ["padded"]),
        helper.make_node("MaxPool", ["padded"], ["y"], kernel_shape=[2, 2], strides=[2, 2], **told),
    ]
    graph = helper.make_graph(nodes, "graph", ends[:1], ends[1:], [around, zero])
    model = helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])
    with open(f"{name}.onnx", "wb") as file:
        file.write(model.SerializeToString())
    session = onnxruntime.InferenceSession(f"{name}.onnx", providers=["CPUExecutionProvider"])
    found = session.run(None, {"x": np.full((1, 1, 2, 2), -1, np.float32)})[0]
    largest = [0.0] * 4 if name != "wide" else [0.0] * 4 + [-1.0] + [0.0] * 4
    seen(f"Python, {name}", found.ravel().tolist(), largest)
PY
node - <<'JS'
const { seen } = require(process.env.SEEN);
const ort = require('onnxruntime-node');

async function run(name, graphOptimizationLevel) {
  try {
    const options = { graphOptimizationLevel, logSeverityLevel: 4 };
    const session = await ort.InferenceSession.create(`${name}.onnx`, options);
    const x = new ort.Tensor('float32', [-1, -1, -1, -1], [1, 1, 2, 2]);
    return [...(await session.run({ x })).y.data];
  } catch (error) {
    return error.message.match(/Pad should be smaller than kernel/)?.[0] ?? error.message;
  }
}
(async () => {
  seen('Node, pads, not optimised', await run('pads', 'disabled'), [0, 0, 0, 0]);
  seen('Node, pads', await run('pads', 'all'), [-1, -1, -1, -1]);
  seen('Node, words', await run('words', 'all'), [0, 0, 0, 0]);
  seen('Node, wide', await run('wide', 'all'), 'Pad should be smaller than kernel');
})();
JS

# Seen on 2026-11-29 with:
# Python 3.11.7, onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
# Node v20.20.2, onnxruntime-node@1.30.0
# Python, pads: [0.0, 0.0, 0.0, 0.0]
# Python, words: [0.0, 0.0, 0.0, 0.0]
# Python, wide: [0.0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 0.0]
# Node, pads, not optimised: [0,0,0,0]
# Node, pads: [-1,-1,-1,-1]
# Node, words: [0,0,0,0]
# Node, wide: "Pad should be smaller than kernel"
