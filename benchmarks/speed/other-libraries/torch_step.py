"""One training step of the exported network in PyTorch: forward, squared error, backward, fused Adam.

Eager mode, channels last, on a batch that stands ready; the loss is read back.
"""

from exported import read
from protocol import need, serve, settings

torch = need("torch")

from torch_network import images_of, same_network  # noqa: E402


def main():
    options = settings()
    torch.set_num_threads(options["threads"])
    exported = read(options["folder"])
    network, facts = same_network(exported)
    network.train()
    images = images_of(exported)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-4, fused=True)

    def step():
        optimizer.zero_grad(set_to_none=True)
        reconstructions = network.decode(network.encode(images))
        loss = torch.nn.functional.mse_loss(reconstructions, images)
        loss.backward()
        optimizer.step()
        return loss.item()

    def steps():
        for _ in range(3):
            step()

    peak = options.get("peak")
    versions = {"PyTorch": torch.__version__}
    serve(steps if peak else step, unit="MB" if peak else "ms", versions=versions, **facts)


main()
