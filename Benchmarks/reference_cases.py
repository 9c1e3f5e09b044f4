"""One training step of PyPI `nfn` 0.1.2 on each case, in its authors' configuration: models, sizes and optimizer.

Networks, labels and pictures are random: what they hold does not change how long a step takes.
"""

import torch
import torch.nn.functional as functional
from nfn.common import WeightSpaceFeatures, network_spec_from_wsfeat
from nfn.layers import (
    GaussianFourierFeatureTransform,
    HNPLinear,
    HNPPool,
    IOSinusoidalEncoding,
    LearnedScale,
    NPLinear,
    TupleOp,
)
from torch import nn

INR = [2, 32, 32, 1]
PERCEPTRON = [784, 128, 128, 10]


def random_networks(batch, widths, kernels=(), channels=1):
    """Weights `[batch, channels, outputs, inputs, kernel…]` of layers, the first ones convolutions, and biases."""
    layers = list(zip(widths, widths[1:]))
    kernels = list(kernels) + [()] * (len(layers) - len(kernels))
    weights = [torch.randn(batch, channels, o, i, *kernel) / 4 for (i, o), kernel in zip(layers, kernels)]
    return WeightSpaceFeatures(weights, [torch.randn(batch, channels, o) / 4 for _, o in layers])


def head(widths, dropout=0.0):
    """A perceptron with ReLU and dropout after each hidden layer."""
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [nn.Linear(inputs, outputs), nn.ReLU(), nn.Dropout(dropout)]
    return nn.Sequential(*layers[:-2])


def stack(layer, spec, channels, **options):
    """Equivariant layers, each followed by ReLU."""
    layers = []
    for read, written in zip(channels, channels[1:]):
        layers += [layer(spec, read, written, **options), TupleOp(nn.ReLU())]
    return nn.Sequential(*layers)


class Training:
    """Steps of Adam on a loss of no arguments but the model's."""

    def __init__(self, model, loss, rate, compiled):
        self.parameters = sum(parameter.numel() for parameter in model.parameters())
        self.loss = torch.compile(loss) if compiled else loss
        self.optimizer = torch.optim.Adam(model.parameters(), lr=rate)

    def step(self):
        self.optimizer.zero_grad()
        self.loss().backward()
        self.optimizer.step()


def classify(channels, compiled):
    """The class of an INR: Fourier features, three HNP layers, HNP pooling, head 1000-1000."""
    networks, labels = random_networks(32, INR), torch.randint(10, (32,))
    spec = network_spec_from_wsfeat(networks)
    trunk = nn.Sequential(
        GaussianFourierFeatureTransform(spec, 1, mapping_size=128, scale=3),
        stack(HNPLinear, spec, [256] + [channels] * 3),
        HNPPool(spec),
        nn.Flatten(),
    )
    reader = head([channels * HNPPool.get_num_outs(spec), 1000, 1000, 10], dropout=0.5)

    def loss():
        return functional.cross_entropy(reader(trunk(networks)), labels)

    return Training(nn.ModuleList([trunk, reader]), loss, 1e-4, compiled)


def render(networks, points):
    """The pictures `[batch, pixels, 1]` of SIRENs with one channel."""
    hidden = points.expand(networks.weights[0].shape[0], -1, -1)
    for layer, (weight, bias) in enumerate(networks):
        hidden = torch.baddbmm(bias, hidden, weight[:, 0].transpose(1, 2))
        if layer < len(networks) - 1:
            hidden = torch.sin(30 * hidden)
    return hidden


def edit(channels, compiled):
    """An edited INR: Fourier features, encoded inputs and outputs, four NP layers, a learned scale; then its picture."""
    networks, pictures = random_networks(32, INR), 2 * torch.rand(32, 784, 1) - 1
    side = torch.linspace(-1, 1, 28)
    points = torch.stack(torch.meshgrid(side, side, indexing="ij"), -1).reshape(784, 2)
    spec = network_spec_from_wsfeat(networks)
    encoding = IOSinusoidalEncoding(spec, max_freq=3, num_bands=3, enc_layers=False)
    editor = nn.Sequential(
        GaussianFourierFeatureTransform(spec, 1, mapping_size=128, scale=3),
        encoding,
        stack(NPLinear, spec, [encoding.num_out_chan(256)] + [channels] * 3),
        NPLinear(spec, channels, 1),
        LearnedScale(spec, 0.01),
    )

    def loss():
        return functional.mse_loss(render(networks + editor(networks), points), pictures)

    return Training(editor, loss, 1e-3, compiled)


def predict(compiled):
    """The accuracy of a CNN of the Small CNN Zoo: NP layers 16-16-5 with embedded inputs and outputs, HNP pooling."""
    networks, accuracies = random_networks(8, [1, 16, 16, 16, 10], [(3, 3)] * 3), torch.rand(8, 1)
    spec = network_spec_from_wsfeat(networks)
    trunk = nn.Sequential(stack(NPLinear, spec, [1, 16, 16, 5], io_embed=True), HNPPool(spec), nn.Flatten())
    reader = nn.Sequential(head([5 * HNPPool.get_num_outs(spec), 1000, 1000, 1]), nn.Sigmoid())

    def loss():
        return functional.binary_cross_entropy(reader(trunk(networks)), accuracies)

    return Training(nn.ModuleList([trunk, reader]), loss, 1e-3, compiled)


class Layer:
    """One NP layer forward and backward, for parameters and input, with a constant gradient of the output."""

    def __init__(self, widths, channels, compiled):
        networks = random_networks(32, widths, channels=channels)
        layer = NPLinear(network_spec_from_wsfeat(networks), channels, channels)
        self.parameters = sum(parameter.numel() for parameter in layer.parameters())
        self.inputs = [tensor.requires_grad_() for tensor in networks.weights + networks.biases]
        self.cotangents = [torch.randn_like(tensor) for tensor in self.inputs]
        self.variables = self.inputs + list(layer.parameters())
        depth = len(networks)

        def outputs(*inputs):
            result = layer(WeightSpaceFeatures(inputs[:depth], inputs[depth:]))
            return result.weights + result.biases

        self.outputs = torch.compile(outputs) if compiled else outputs

    def step(self):
        torch.autograd.grad(self.outputs(*self.inputs), self.variables, self.cotangents)


CASES = {
    "classify-64": lambda compiled: classify(64, compiled),
    "classify-512": lambda compiled: classify(512, compiled),
    "edit-128": lambda compiled: edit(128, compiled),
    "predict-16": predict,
    "layer-inr-64": lambda compiled: Layer(INR, 64, compiled),
    "layer-inr-256": lambda compiled: Layer(INR, 256, compiled),
    "layer-mlp-16": lambda compiled: Layer(PERCEPTRON, 16, compiled),
    "layer-mlp-64": lambda compiled: Layer(PERCEPTRON, 64, compiled),
}
