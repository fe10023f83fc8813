"""The exported network in PyTorch, channels last."""

from protocol import need

torch = need("torch")
nn, functional = torch.nn, torch.nn.functional

SLOPE = 0.1


class Convolution(nn.Module):
    def __init__(self, layer, stride):
        super().__init__()
        weight = torch.from_numpy(layer.filter.transpose(3, 2, 0, 1).copy())
        bias = getattr(layer, "bias", None)
        self.stride = stride
        # TensorFlow pads an even map below and right of it alone, PyTorch on all sides.
        self.as_tensorflow = False
        self.convolution = nn.Conv2d(
            weight.shape[1], weight.shape[0], 3, stride, padding=1, bias=bias is not None
        )
        self.convolution.weight.data = weight
        if bias is not None:
            self.convolution.bias.data = torch.from_numpy(bias.copy())
        self.normalization = None if bias is not None else normalization(layer)

    def forward(self, x):
        if self.as_tensorflow and self.stride == 2:
            x = functional.conv2d(
                functional.pad(x, (0, 1, 0, 1)), self.convolution.weight, stride=2
            )
        else:
            x = self.convolution(x)
        return x if self.normalization is None else activate(self.normalization(x))


def normalization(layer):
    batch_norm = nn.BatchNorm2d(layer.scale.size)
    batch_norm.weight.data = torch.from_numpy(layer.scale.copy())
    batch_norm.bias.data = torch.from_numpy(layer.offset.copy())
    batch_norm.running_mean.data = torch.from_numpy(layer.mean.copy())
    batch_norm.running_var.data = torch.from_numpy(layer.variance.copy())
    return batch_norm


def activate(x):
    return functional.leaky_relu(x, SLOPE, inplace=True)


def linear(weights, bias=None):
    layer = nn.Linear(*weights.shape, bias=bias is not None)
    layer.weight.data = torch.from_numpy(weights.T.copy())
    if bias is not None:
        layer.bias.data = torch.from_numpy(bias.copy())
    return layer


class Network(nn.Module):
    def __init__(self, exported):
        super().__init__()
        self.encoder = nn.ModuleList(
            Convolution(layer, 2 - i % 2) for i, layer in enumerate(exported.encoder)
        )
        self.projection = linear(exported.projection.weights, exported.projection.bias)
        self.expansion = linear(exported.expansion.weights)
        self.normalization = normalization(exported.expansion)
        self.decoder = nn.ModuleList(Convolution(layer, 1) for layer in exported.decoder)

    def encode(self, x):
        for layer in self.encoder:
            x = layer(x)
        self.map_shape = x.shape
        # Height, width, channels: how channels-last maps lie in memory, and how the weights were trained.
        flat = x.permute(0, 2, 3, 1).flatten(1)
        return functional.normalize(self.projection(flat), eps=1e-6)

    def decode(self, z):
        batch, channels, height, width = self.map_shape
        x = self.expansion(z).view(batch, height, width, channels).permute(0, 3, 1, 2)
        x = activate(self.normalization(x))
        for i, layer in enumerate(self.decoder):
            if i % 2 == 0:
                x = functional.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
            x = layer(x)
        return x

    def pad_as_tensorflow(self, value):
        for layer in self.encoder:
            layer.as_tensorflow = value


def same_network(exported):
    """The network, once its weights are counted and its outputs are those of the library."""
    network = Network(exported).to(memory_format=torch.channels_last)
    count = sum(parameter.numel() for parameter in network.parameters())
    assert count == exported.weights, (count, exported.weights)
    network.eval()
    network.pad_as_tensorflow(True)
    with torch.inference_mode():
        embeddings = network.encode(images_of(exported))
        reconstructions = network.decode(embeddings)
    network.pad_as_tensorflow(False)
    expected = torch.from_numpy(exported.embeddings)
    apart = (embeddings - expected).abs().max().item()
    expected = torch.from_numpy(exported.reconstructions).permute(0, 3, 1, 2)
    apart = max(apart, (reconstructions - expected).abs().max().item())
    assert apart < 1e-3, apart
    return network, {"weights": count, "apart": apart}


def images_of(exported):
    images = torch.from_numpy(exported.images.copy()).permute(0, 3, 1, 2)
    return images.contiguous(memory_format=torch.channels_last)
