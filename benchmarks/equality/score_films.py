"""What a model's ONNX file says of 8-bit films that lie one after the other in a file, as JSON, for in-python.ts."""
import json
import sys

import numpy as np
import onnxruntime

model, films = sys.argv[1:3]
shape = tuple(int(size) for size in sys.argv[3:6])
images = np.fromfile(films, np.uint8).reshape(*shape, 1).astype(np.float32)
session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
names = ["score", "angular", "cells", "pValue", "verdict", "nearestRows"]
batches = [
    session.run(names, {"images": images[first : first + 50], "maxValue": np.float32([255])})
    for first in range(0, len(images), 50)
]
score, angular, cells, p, verdict, rows = (np.concatenate(parts) for parts in zip(*batches))
print(
    json.dumps(
        {
            "scores": score.astype(float).tolist(),
            "terms": {"embedding": angular.astype(float).tolist(), "cells": cells.astype(float).tolist()},
            "pValues": p.tolist(),
            "abnormal": (verdict == 1).tolist(),
            "nearestRows": rows.tolist(),
            "version": onnxruntime.__version__,
        }
    )
)
