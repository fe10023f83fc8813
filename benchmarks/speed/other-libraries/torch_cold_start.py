"""The same from nothing to the first scores in PyTorch: the exported network, a bank, the mean of the nearest angles."""

import sys

import torch
from exported import read
from torch_network import Network, images_of

folder, bank_size = f"{sys.argv[3]}/../network-{sys.argv[2]}", 1000
exported = read(folder)
network = Network(exported).to(memory_format=torch.channels_last).eval()
bank = torch.nn.functional.normalize(torch.randn(bank_size, exported.embeddings.shape[1]))
with torch.inference_mode():
    cosines = network.encode(images_of(exported)) @ bank.T
    scores = cosines.topk(100).values.clamp(-1, 1).arccos().mean(1)
assert torch.isfinite(scores).all()
