"""Architectures of pictures, sets and sequences that Scripts/other-networks.py writes."""

import torch
from torch import nn

import networks  # noqa: F401; its import makes torchvision load beside any torch

import torchvision.models

relu = nn.functional.relu


def convnext():
    setting = torchvision.models.convnext.CNBlockConfig
    return torchvision.models.ConvNeXt([setting(20, 28, 2), setting(28, 36, 1), setting(36, None, 1)], num_classes=10)


def swin():
    return torchvision.models.SwinTransformer(
        patch_size=[4, 4], embed_dim=24, depths=[2, 2], num_heads=[2, 4], window_size=[4, 4], num_classes=10
    )


def maxvit():
    return torchvision.models.MaxVit(
        **dict(input_size=(64, 64), stem_channels=12, partition_size=4, block_channels=[16, 24], block_layers=[1, 1]),
        **dict(head_dim=8, stochastic_depth_prob=0.0, num_classes=10),
    )


def resnext():
    block = torchvision.models.resnet.Bottleneck
    return torchvision.models.ResNet(block, [1, 1, 1, 1], groups=8, width_per_group=4, num_classes=10)


def googlenet():
    return torchvision.models.GoogLeNet(num_classes=10, aux_logits=False, init_weights=False)


def regnet():
    """Grouped convolutions and squeeze-and-excitation."""
    models = torchvision.models.regnet
    parameters = models.BlockParams.from_init_params(
        depth=6, w_0=24, w_a=24.0, w_m=2.5, group_width=8, se_ratio=0.25
    )
    return models.RegNet(parameters, num_classes=10)


class Attention2d(nn.Module):
    """Self-attention over the places of a picture."""

    def __init__(self, channels, heads):
        super().__init__()
        self.heads = heads
        self.norm = nn.GroupNorm(4, channels)
        self.project = nn.Conv2d(channels, 3 * channels, 1)
        self.out = nn.Conv2d(channels, channels, 1)

    def forward(self, x):
        batch, channels, height, width = x.shape
        query, key, value = self.project(self.norm(x)).reshape(
            batch, 3, self.heads, channels // self.heads, height * width
        ).unbind(1)
        weights = (query.transpose(-1, -2) @ key * (channels // self.heads) ** -0.5).softmax(-1)
        return x + self.out((value @ weights.transpose(-1, -2)).reshape(x.shape))


class TimedBlock(nn.Module):
    """A residual block whose channels a time shifts and scales."""

    def __init__(self, inputs, outputs, time):
        super().__init__()
        self.first = nn.Sequential(nn.GroupNorm(4, inputs), nn.SiLU(), nn.Conv2d(inputs, outputs, 3, padding=1))
        self.time = nn.Linear(time, 2 * outputs)
        self.norm = nn.GroupNorm(4, outputs)
        self.second = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.skip = nn.Conv2d(inputs, outputs, 1)

    def forward(self, x, time):
        scale, shift = self.time(time)[:, :, None, None].chunk(2, 1)
        inner = nn.functional.silu(self.norm(self.first(x)) * (1 + scale) + shift)
        return self.skip(x) + self.second(inner)


class DiffusionUNet(nn.Module):
    """A noise predictor: group normalisation, attention, sinusoidal time."""

    def __init__(self, time=40):
        super().__init__()
        self.register_buffer("frequencies", torch.exp(-torch.arange(8) / 2), persistent=False)
        self.time = nn.Sequential(nn.Linear(16, time), nn.SiLU(), nn.Linear(time, time))
        self.enter = nn.Conv2d(3, 16, 3, padding=1)
        self.down = TimedBlock(16, 24, time)
        self.shrink = nn.Conv2d(24, 24, 3, stride=2, padding=1)
        self.middle = TimedBlock(24, 32, time)
        self.attention = Attention2d(32, 4)
        self.grow = nn.Conv2d(32, 24, 3, padding=1)
        self.up = TimedBlock(48, 16, time)
        self.leave = nn.Sequential(nn.GroupNorm(4, 16), nn.SiLU(), nn.Conv2d(16, 3, 3, padding=1))

    def forward(self, x, time):
        angles = time[:, None] * self.frequencies
        time = self.time(torch.cat([angles.sin(), angles.cos()], -1))
        skipped = self.down(self.enter(x), time)
        x = self.attention(self.middle(self.shrink(skipped), time))
        x = self.grow(nn.functional.interpolate(x, scale_factor=2.0, mode="nearest"))
        return self.leave(self.up(torch.cat([x, skipped], 1), time))


def generator():
    """A DCGAN's generator: transposed convolutions from a vector."""

    def block(inputs, outputs, **settings):
        return nn.ConvTranspose2d(inputs, outputs, 4, bias=False, **settings), nn.BatchNorm2d(outputs), nn.ReLU()

    return nn.Sequential(
        *[nn.Unflatten(1, (20, 1, 1)), *block(20, 40)],
        *[*block(40, 24, stride=2, padding=1), *block(24, 12, stride=2, padding=1)],
        *[nn.ConvTranspose2d(12, 3, 4, stride=2, padding=1), nn.Tanh()],
    )


class SuperResolution(nn.Module):
    """Residual blocks, then twice a picture of twice the size by pixel shuffle, and a long skip."""

    def __init__(self, width=16):
        super().__init__()
        self.enter = nn.Conv2d(3, width, 3, padding=1)
        self.blocks = nn.ModuleList(
            nn.Sequential(nn.Conv2d(width, 24, 3, padding=1), nn.PReLU(24), nn.Conv2d(24, width, 3, padding=1))
            for _ in range(2)
        )
        self.up = nn.Sequential(
            *[nn.Conv2d(width, 4 * 12, 3, padding=1), nn.PixelShuffle(2), nn.PReLU()],
            *[nn.Conv2d(12, 4 * 8, 3, padding=1), nn.PixelShuffle(2), nn.Conv2d(8, 3, 3, padding=1)],
        )

    def forward(self, x):
        y = self.enter(x)
        for block in self.blocks:
            y = y + block(y)
        return self.up(y) + nn.functional.interpolate(x, scale_factor=4.0, mode="bilinear", align_corners=False)


class MLPMixer(nn.Module):
    """Perceptrons along patches and along channels in turn."""

    def __init__(self, width=32, patches=16, layers=2):
        super().__init__()
        self.enter = nn.Conv2d(3, width, 8, stride=8)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(2 * layers + 1))
        self.along_patches = nn.ModuleList(self.perceptron(patches, 20) for _ in range(layers))
        self.along_channels = nn.ModuleList(self.perceptron(width, 44) for _ in range(layers))
        self.head = nn.Linear(width, 10)

    @staticmethod
    def perceptron(width, inner):
        return nn.Sequential(nn.Linear(width, inner), nn.GELU(), nn.Linear(inner, width))

    def forward(self, x):
        x = self.enter(x).flatten(2).transpose(1, 2)
        for index, (patches, channels) in enumerate(zip(self.along_patches, self.along_channels)):
            x = x + patches(self.norms[2 * index](x).transpose(1, 2)).transpose(1, 2)
            x = x + channels(self.norms[2 * index + 1](x))
        return self.head(self.norms[-1](x).mean(1))


# MARK: Sets, sequences, pairs


class PointNet(nn.Module):
    """A set of points, turned by a matrix that a small network predicts; the largest feature over all points."""

    def __init__(self):
        super().__init__()
        self.turn = nn.Sequential(nn.Conv1d(3, 16, 1), nn.BatchNorm1d(16), nn.ReLU(), nn.Conv1d(16, 28, 1), nn.ReLU())
        self.matrix = nn.Sequential(nn.Linear(28, 20), nn.ReLU(), nn.Linear(20, 9))
        self.features = nn.Sequential(
            *[nn.Conv1d(3, 24, 1), nn.BatchNorm1d(24), nn.ReLU(), nn.Conv1d(24, 48, 1), nn.BatchNorm1d(48)]
        )
        self.head = nn.Sequential(nn.Linear(48, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 10))

    def forward(self, x):
        matrix = self.matrix(self.turn(x).amax(-1)).reshape(-1, 3, 3) + torch.eye(3)
        return self.head(self.features(matrix @ x).amax(-1))


class DeepSets(nn.Module):
    """Equivariant layers over a set, and a sum."""

    def __init__(self):
        super().__init__()
        widths = (6, 24, 32)
        self.own = nn.ModuleList(nn.Linear(*pair) for pair in zip(widths, widths[1:]))
        self.mean = nn.ModuleList(nn.Linear(*pair, bias=False) for pair in zip(widths, widths[1:]))
        self.head = nn.Sequential(nn.Linear(32, 20), nn.ELU(), nn.Linear(20, 4))

    def forward(self, x):
        for own, mean in zip(self.own, self.mean):
            x = torch.tanh(own(x) - mean(x.mean(1, keepdim=True)))
        return self.head(x.sum(1))


class WaveNet(nn.Module):
    """Gated dilated causal convolutions with a residual and a skip path."""

    def __init__(self, width=16, skip=24, layers=3):
        super().__init__()
        self.enter = nn.Conv1d(4, width, 1)
        self.gated = nn.ModuleList(nn.Conv1d(width, 40, 2, dilation=2**layer) for layer in range(layers))
        self.residual = nn.ModuleList(nn.Conv1d(20, width, 1) for _ in range(layers))
        self.skipped = nn.ModuleList(nn.Conv1d(20, skip, 1) for _ in range(layers))
        self.head = nn.Sequential(nn.ReLU(), nn.Conv1d(skip, 28, 1), nn.ReLU(), nn.Conv1d(28, 6, 1))

    def forward(self, x):
        x, total = self.enter(x), 0
        for layer, (gated, residual, skipped) in enumerate(zip(self.gated, self.residual, self.skipped)):
            a, b = gated(nn.functional.pad(x, (2**layer, 0))).chunk(2, 1)
            inner = torch.tanh(a) * torch.sigmoid(b)
            x, total = x + residual(inner), total + skipped(inner)
        return self.head(total)


class Siamese(nn.Module):
    """One encoder for two pictures, compared by their difference, product and cosine."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            *[nn.Conv2d(3, 12, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(12, 20, 3, padding=1), nn.ReLU()],
            *[nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(80, 28)],
        )
        self.head = nn.Linear(57, 3)

    def forward(self, x, y):
        x, y = self.encoder(x), self.encoder(y)
        cosine = nn.functional.cosine_similarity(x, y)[:, None]
        return self.head(torch.cat([(x - y).abs(), x * y, cosine], 1))


class Maxout(nn.Module):
    """A maxout layer, a gated linear unit, and a highway layer."""

    def __init__(self):
        super().__init__()
        self.pieces = nn.Linear(10, 24 * 3)
        self.gated = nn.Linear(24, 2 * 28)
        self.gate = nn.Linear(28, 28)
        self.inner = nn.Linear(28, 28)
        self.head = nn.Linear(28, 5)

    def forward(self, x):
        x = self.pieces(x).reshape(-1, 24, 3).amax(-1)
        x = nn.functional.glu(self.gated(x))
        gate = torch.sigmoid(self.gate(x))
        return self.head(gate * relu(self.inner(x)) + (1 - gate) * x)


class MixtureOfExperts(nn.Module):
    """Perceptrons stored in one tensor, of which each input takes the two that a gate prefers."""

    def __init__(self, width=16, experts=4, inner=20):
        super().__init__()
        self.enter = nn.Linear(8, width)
        self.gate = nn.Linear(width, experts)
        self.first = nn.Parameter(torch.empty(experts, width, inner))
        self.bias = nn.Parameter(torch.empty(experts, 1, inner))
        self.second = nn.Parameter(torch.empty(experts, inner, width))
        self.head = nn.Linear(width, 5)

    def forward(self, x):
        x = torch.tanh(self.enter(x))
        scores = self.gate(x)
        best, indices = scores.topk(2, -1)
        weights = torch.zeros_like(scores).scatter(-1, indices, best.softmax(-1))
        inner = relu(torch.einsum("bi,eij->ebj", x, self.first) + self.bias)
        return self.head(x + torch.einsum("ebj,eji,be->bi", inner, self.second, weights))


class ExpertList(nn.Module):
    """Perceptrons stored one by one, all of which are weighed by a gate."""

    def __init__(self, width=16, experts=4, inner=20):
        super().__init__()
        self.gate = nn.Linear(width, experts)
        self.experts = nn.ModuleList(
            nn.Sequential(nn.Linear(width, inner), nn.ReLU(), nn.Linear(inner, 12)) for _ in range(experts)
        )
        self.head = nn.Linear(12, 5)

    def forward(self, x):
        results = torch.stack([expert(x) for expert in self.experts], 1)
        return self.head((results * self.gate(x).softmax(-1)[..., None]).sum(1))


class CrossAttention(nn.Module):
    """Learned queries read a sequence: PyTorch's own decoder layer, as in DETR and Perceiver."""

    def __init__(self, width=32):
        super().__init__()
        self.enter = nn.Linear(9, width)
        self.queries = nn.Parameter(torch.empty(5, width))
        self.encoder = nn.TransformerEncoderLayer(width, 4, 44, batch_first=True, norm_first=True)
        self.decoder = nn.TransformerDecoderLayer(width, 4, 52, batch_first=True)
        self.head = nn.Linear(width, 6)

    def forward(self, x):
        memory = self.encoder(self.enter(x))
        return self.head(self.decoder(self.queries.expand(x.shape[0], -1, -1), memory))


class EinsumAttention(nn.Module):
    """Attention whose projections are tensors of three axes, written with einsum."""

    def __init__(self, width=24, heads=3, inner=10):
        super().__init__()
        self.enter = nn.Linear(9, width)
        self.query, self.key, self.value = (nn.Parameter(torch.empty(heads, width, inner)) for _ in range(3))
        self.out = nn.Parameter(torch.empty(heads, inner, width))
        self.head = nn.Linear(width, 6)

    def forward(self, x):
        x = self.enter(x)
        query, key, value = (torch.einsum("bnd,hde->bhne", x, weight) for weight in (self.query, self.key, self.value))
        weights = torch.einsum("bhne,bhme->bhnm", query, key).softmax(-1)
        return self.head(x + torch.einsum("bhnm,bhme,hed->bnd", weights, value, self.out))


class BidirectionalRNN(nn.Module):
    """Two plain recurrent layers in both directions; all states are averaged."""

    def __init__(self):
        super().__init__()
        self.recurrent = nn.RNN(10, 18, num_layers=2, bidirectional=True, batch_first=True)
        self.head = nn.Linear(36, 5)

    def forward(self, x):
        return self.head(self.recurrent(x)[0].mean(1))


def normalized_weights():
    """Weight and spectral normalisation, computed in the graph."""
    weight, spectral = nn.utils.parametrizations.weight_norm, nn.utils.parametrizations.spectral_norm
    return nn.Sequential(
        *[weight(nn.Conv2d(3, 12, 3)), nn.ReLU(), spectral(nn.Conv2d(12, 16, 3)), nn.ReLU()],
        *[nn.AdaptiveAvgPool2d(2), nn.Flatten(), weight(nn.Linear(64, 20)), nn.Tanh(), spectral(nn.Linear(20, 6))],
    )


def small_cnn():
    return nn.Sequential(
        *[nn.Conv2d(3, 12, 3, padding=1), nn.BatchNorm2d(12), nn.ReLU(), nn.Conv2d(12, 20, 3, 2, 1), nn.ReLU()],
        *[nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(80, 24), nn.ReLU(), nn.Linear(24, 6)],
    )
