"""The network that tasks/export-network.ts wrote, layer by layer."""

import json
from pathlib import Path
from types import SimpleNamespace

from protocol import need

np = need("numpy")


def read(folder):
    """Layers of the network with their arrays, and a batch with what comes of it.

    A convolution has `filter` [height, width, in, out]; behind it `scale`, `offset`, `mean` and `variance`,
    or, in the last one, `bias`.
    """
    description = json.loads((Path(folder) / "network.json").read_text())
    values = np.fromfile(Path(folder) / "network.bin", dtype=np.float32)
    tensors, start = {}, 0
    for entry in description["tensors"]:
        size = int(np.prod(entry["shape"]))
        tensors[entry["name"]] = values[start : start + size].reshape(entry["shape"])
        start += size
    trainable = (tensors[f"trainable {i}"] for i in range(len(tensors)))
    statistics = (tensors[f"statistics {i}"] for i in range(len(tensors)))

    def normalized(**weights):
        scale, offset = next(trainable), next(trainable)
        mean, variance = next(statistics), next(statistics)
        return SimpleNamespace(**weights, scale=scale, offset=offset, mean=mean, variance=variance)

    levels = description["levels"]
    encoder = [normalized(filter=next(trainable)) for _ in range(2 * levels)]
    projection = SimpleNamespace(weights=next(trainable), bias=next(trainable))
    expansion = normalized(weights=next(trainable))
    decoder = [normalized(filter=next(trainable)) for _ in range(2 * levels - 1)]
    decoder.append(SimpleNamespace(filter=next(trainable), bias=next(trainable)))
    return SimpleNamespace(
        encoder=encoder,
        projection=projection,
        expansion=expansion,
        decoder=decoder,
        images=tensors["images"],
        embeddings=tensors["embeddings"],
        reconstructions=tensors["reconstructions"],
        weights=sum(t.size for name, t in tensors.items() if name.startswith("trainable")),
    )
