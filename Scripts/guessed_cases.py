"""The networks of guessed_networks.py: what they compute, and what is true of them.

Their names are those of the layers in the state dict. Everything is small, and widths that are not meant to be equal
differ.
"""

import dataclasses

import torch
from torch import nn
from torch.nn import functional as F


class Net(nn.Module):
    """Named layers, and a function of them and the input."""

    def __init__(self, function, **layers):
        super().__init__()
        self.function = function
        for name, layer in layers.items():
            self.add_module(name, layer)

    def forward(self, x):
        return self.function(self, x)


@dataclasses.dataclass
class Case:
    make: object
    shape: tuple
    hidden: bool = False  # whether something tells neurons apart that no shape shows
    stated: tuple = ()  # options that are true, and after which the network is certified


def case(function, *shape, chain=False, flatten="", hidden=False, layer_norm=False, **layers):
    stated = ["--chain"] * chain + (["--flatten", flatten] if flatten else []) + ["--layer-norm"] * layer_norm
    return Case(lambda: Net(function, **layers), (2, *shape), hidden, tuple(stated) if chain else ())


def dense(*widths, bias=True):
    return nn.ModuleList(nn.Linear(a, b, bias=bias) for a, b in zip(widths, widths[1:]))


def relu(x):
    return F.leaky_relu(x, 0.1)


def run(layers, x):
    for layer in layers[:-1]:
        x = relu(layer(x))
    return layers[-1](x)


def last(x):
    return x.movedim(1, -1).flatten(1)


def pairs(x):
    """Sorts neighbours: an activation that tells neurons apart."""
    return x.unflatten(1, (-1, 2)).sort(-1).values.flatten(1)


def two_convolutions(net, x):
    return relu(net.conv2(relu(net.conv1(x))))


def flattened(order):
    return lambda net, x: run([net.fc1, net.fc2], order(two_convolutions(net, x)))


def residual(layers, x, skips):
    """Adds to each result the result that `skips` names for it; -1 is the input."""
    results = {-1: x}
    for index, layer in enumerate(layers):
        x = layer(x)
        if index in skips:
            x = x + results[skips[index]]
        if index + 1 < len(layers):
            x = relu(x)
        results[index] = x
    return x


def park(net, x):
    results = []
    for index, layer in enumerate(net.layers):
        x = layer(x)
        if index == 2:
            shared = min(x.shape[1], results[0].shape[1])
            x = torch.cat([x[:, :shared] + results[0][:, :shared], x[:, shared:]], 1)
        x = relu(x)
        results.append(x)
    return net.fc(x.mean((2, 3)))


def convolutions(*channels, kernel=3):
    return nn.ModuleList(nn.Conv2d(a, b, kernel, padding=kernel // 2) for a, b in zip(channels, channels[1:]))


def plane(positions=4, **others):
    layers = dict(conv1=nn.Conv2d(2, 5, 3), conv2=nn.Conv2d(5, 6, 3))
    return layers | dict(fc1=nn.Linear(6 * positions, 7), fc2=nn.Linear(7, 3)) | others


def preactivated(net, x):
    x = net.conv1(x)
    for block in (net.layer1[0], *(net.layer2 if hasattr(net, "layer2") else ())):
        y = block["conv1"](relu(block["bn1"](x)))
        x = x + block["conv2"](relu(block["bn2"](y)))
    return net.fc(relu(net.bn1(x)).mean((2, 3)))


def block(width):
    return nn.ModuleDict(
        dict(
            bn1=nn.BatchNorm2d(width), conv1=nn.Conv2d(width, width, 3, padding=1, bias=False),
            bn2=nn.BatchNorm2d(width), conv2=nn.Conv2d(width, width, 3, padding=1, bias=False),
        )
    )


def attention(net, x):
    x = net.proj[0](x)
    query, key, value = (layer(x) for layer in net.proj[1:4])
    weights = (query @ key.transpose(1, 2)).softmax(-1)
    return net.proj[4](x + weights @ value).mean(1)


def recurrent(net, x):
    state = torch.zeros(x.shape[0], 6, dtype=x.dtype)
    for step in range(x.shape[1]):
        state = torch.tanh(net.fc1(x[:, step]) + net.fc2(state))
    return net.fc3(state)


def shared(net, x):
    return run([net.fc1, net.fc2, net.fc3, net.fc4], x)


def with_shared():
    net = Net(shared, fc1=nn.Linear(3, 6), fc2=nn.Linear(6, 6), fc3=nn.Linear(6, 6), fc4=nn.Linear(6, 2))
    net.fc3 = net.fc2
    return net


first, final = "channels-first", "channels-last"
convolved = dict(conv1=nn.Conv2d(2, 5, 3), conv2=nn.Conv2d(5, 6, 3))
cases = {
    # Flattened in one order or another.
    "flatten_first": case(flattened(lambda x: x.flatten(1)), 2, 6, 6, chain=True, flatten=first, **plane()),
    "flatten_last": case(flattened(last), 2, 6, 6, chain=True, flatten=final, **plane()),
    "flatten_rows": case(flattened(lambda x: x.transpose(1, 2).flatten(1)), 2, 6, 6, **plane()),
    "flatten_turned": case(
        flattened(lambda x: x.transpose(2, 3).flatten(1)), 2, 6, 6, chain=True, flatten=first, **plane()
    ),
    "flatten_oblong": case(flattened(last), 2, 5, 7, chain=True, flatten=final, **plane(positions=3)),
    "flatten_means_and_maxima": case(
        flattened(lambda x: torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1)), 2, 6, 6, chain=True, flatten=final,
        **plane(positions=2),
    ),
    "flatten_interleaved": case(
        flattened(lambda x: torch.stack([x.mean((2, 3)), x.amax((2, 3))], 2).flatten(1)), 2, 6, 6, chain=True,
        flatten=first, **plane(positions=2),
    ),
    "flatten_shuffled_pixels": case(
        lambda net, x: net.fc(F.pixel_shuffle(relu(net.conv(x)), 2).flatten(1)), 2, 4, 4,
        conv=nn.Conv2d(2, 8, 3), fc=nn.Linear(8 * 4, 3),
    ),
    "flatten_signal_last": case(
        lambda net, x: net.classifier(last(two_convolutions(net, x))), 1, 10, chain=True, flatten=final,
        conv1=nn.Conv1d(1, 8, 5), conv2=nn.Conv1d(8, 6, 3), classifier=nn.Linear(24, 10),
    ),
    "flatten_volume_last": case(
        lambda net, x: net.fc(last(relu(net.conv(x)))), 1, 4, 4, 4, chain=True, flatten=final,
        conv=nn.Conv3d(1, 5, 3), fc=nn.Linear(5 * 8, 3),
    ),
    "flatten_normalized_last": case(
        lambda net, x: run([net.fc1, net.fc2], last(relu(net.bn(two_convolutions(net, x))))), 2, 6, 6, chain=True,
        flatten=final, **plane(bn=nn.BatchNorm2d(6)),
    ),
    "flatten_like_a_vgg": case(
        lambda net, x: run(net.classifier[::3], last(relu(net.features[0](x)))), 3, 4, 4, chain=True, flatten=final,
        features=nn.Sequential(nn.Conv2d(3, 64, 3)),
        classifier=nn.ModuleList(
            [nn.Linear(64 * 4, 6), nn.ReLU(), nn.Dropout(), nn.Linear(6, 5), nn.ReLU(), nn.Dropout(), nn.Linear(5, 3)]
        ),
    ),
    # Connections that skip layers.
    "residual_one_layer": case(lambda net, x: residual(net.layers, x, {1: 0, 2: 1}), 3, layers=dense(3, 6, 6, 6, 2)),
    "residual_far": case(lambda net, x: residual(net.layers, x, {3: 0}), 3, layers=dense(3, 6, 5, 4, 6, 2)),
    "residual_of_input": case(lambda net, x: residual(net.layers, x, {1: -1}), 4, layers=dense(4, 6, 4, 2)),
    "residual_to_output": case(lambda net, x: residual(net.layers, x, {2: 0}), 3, layers=dense(3, 5, 6, 5)),
    "residual_unet": case(
        lambda net, x: residual(net.layers, x, {2: 0, 3: -1}), 5, layers=dense(5, 8, 4, 8, 5)
    ),
    "residual_convolutions": case(park, 2, 5, 5, layers=convolutions(2, 6, 6, 6, 7), fc=nn.Linear(7, 3)),
    "residual_shared_channels": case(
        park, 2, 5, 5, hidden=True, layers=convolutions(2, 4, 5, 6, 7), fc=nn.Linear(7, 3)
    ),
    "residual_flattened_last": case(
        lambda net, x: net.fc(last(residual(net.layers, x, {1: 0}))), 2, 3, 3,
        layers=convolutions(2, 6, 6, 5), fc=nn.Linear(5 * 9, 3),
    ),
    "residual_pooled": case(
        lambda net, x: (lambda y: net.fc2(relu(net.fc1(y.flatten(1))) + y.mean((2, 3))))(relu(net.conv(x))), 2, 4, 4,
        conv=nn.Conv2d(2, 6, 3), fc1=nn.Linear(6 * 4, 6), fc2=nn.Linear(6, 3),
    ),
    "residual_of_flattened": case(
        lambda net, x: (lambda y: net.fc2(relu(net.fc1(y)) + y))(relu(net.conv(x)).flatten(1)), 2, 4, 4,
        flatten=first, conv=nn.Conv2d(2, 3, 3), fc1=nn.Linear(12, 12), fc2=nn.Linear(12, 5),
    ),
    # Layers side by side, shared, gated or in another order.
    "branches": case(
        lambda net, x: (lambda h: net.fc4(relu(net.fc2(h)) + torch.sin(net.fc3(h))))(relu(net.fc1(x))), 3,
        fc1=nn.Linear(3, 6), fc2=nn.Linear(6, 6), fc3=nn.Linear(6, 6), fc4=nn.Linear(6, 2),
    ),
    "shared": Case(with_shared, (2, 3)),
    "repeated": case(
        lambda net, x: net.fc3(relu(net.fc2(relu(net.fc2(relu(net.fc1(x))))))), 3,
        fc1=nn.Linear(3, 6), fc2=nn.Linear(6, 6), fc3=nn.Linear(6, 2),
    ),
    "recurrent": case(recurrent, 4, 3, fc1=nn.Linear(3, 6), fc2=nn.Linear(6, 6), fc3=nn.Linear(6, 2)),
    "gated": case(
        lambda net, x: net.fc3((lambda h: h * torch.sigmoid(net.fc2(h)))(relu(net.fc1(x)))), 3,
        fc1=nn.Linear(3, 6), fc2=nn.Linear(6, 6), fc3=nn.Linear(6, 2),
    ),
    "highway": case(
        lambda net, x: net.layers[3](
            (lambda h: (lambda t: t * relu(net.layers[2](h)) + (1 - t) * h)(torch.sigmoid(net.layers[1](h))))(
                net.layers[0](x)
            )
        ),
        3, layers=dense(3, 6, 6, 6, 2),
    ),
    "gate_of_half": case(
        lambda net, x: net.fc2(F.glu(net.fc1(x))), 3, fc1=nn.Linear(3, 12), fc2=nn.Linear(6, 2)
    ),
    "swiglu": case(
        lambda net, x: (lambda h: net.layers[4](net.layers[2](F.silu(net.layers[1](h)) * net.layers[3](h))))(
            net.layers[0](x)
        ),
        3, layers=dense(3, 6, 6, 6, 6, 2),
    ),
    "attention": case(attention, 4, 3, proj=dense(3, 6, 6, 6, 6, 2)),
    "maxout": case(
        lambda net, x: net.fc2(net.fc1(x).unflatten(1, (6, 2)).amax(2)), 3, fc1=nn.Linear(3, 12), fc2=nn.Linear(6, 2)
    ),
    "backwards": case(
        lambda net, x: run([net.layers[0], *list(net.layers)[3:0:-1], net.layers[4]], x), 3,
        layers=dense(3, 6, 6, 6, 6, 2),
    ),
    "swapped": case(
        lambda net, x: run([net.layers[i] for i in (0, 3, 4, 1, 2, 5)], x), 3, layers=dense(3, 6, 5, 6, 5, 6, 2)
    ),
    "decoder_first": case(
        lambda net, x: net.out(relu(net.encoder(relu(net.decoder(relu(net.stem(x))))))), 3,
        stem=nn.Linear(3, 6), encoder=nn.Linear(6, 6), decoder=nn.Linear(6, 6), out=nn.Linear(6, 2),
    ),
    # Normalizations.
    "groups_of_neurons": case(
        lambda net, x: net.fc2(relu(net.norm(net.fc1(x)))), 3, fc1=nn.Linear(3, 8), norm=nn.GroupNorm(2, 8),
        fc2=nn.Linear(8, 2),
    ),
    "groups_twice": case(
        lambda net, x: net.net[4](relu(net.net[3](net.net[2](relu(net.net[1](net.net[0](x))))))), 3,
        net=nn.ModuleList(
            [nn.Linear(3, 8), nn.GroupNorm(4, 8), nn.Linear(8, 6), nn.GroupNorm(3, 6), nn.Linear(6, 2)]
        ),
    ),
    "layer_normalization": case(
        lambda net, x: net.fc2(relu(net.norm(net.fc1(x)))), 3, chain=True, layer_norm=True, fc1=nn.Linear(3, 8),
        norm=nn.LayerNorm(8), fc2=nn.Linear(8, 2),
    ),
    "groups_of_channels": case(
        lambda net, x: net.fc(relu(net.norm(net.conv(x))).mean((2, 3))), 2, 4, 4, conv=nn.Conv2d(2, 8, 3),
        norm=nn.GroupNorm(4, 8), fc=nn.Linear(8, 2),
    ),
    "normalized_elsewhere": case(
        lambda net, x: net.fc3(relu(net.bn1(net.fc2(relu(net.bn2(net.fc1(x))))))), 3,
        fc1=nn.Linear(3, 6), bn1=nn.BatchNorm1d(6), fc2=nn.Linear(6, 6), bn2=nn.BatchNorm1d(6), fc3=nn.Linear(6, 2),
    ),
    "preactivated": case(
        preactivated, 2, 4, 4, conv1=nn.Conv2d(2, 6, 3, bias=False), layer1=nn.ModuleList([block(6)]),
        bn1=nn.BatchNorm2d(6), fc=nn.Linear(6, 3),
    ),
    "preactivated_twice": case(
        preactivated, 2, 4, 4, conv1=nn.Conv2d(2, 6, 3, bias=False), layer1=nn.ModuleList([block(6)]),
        layer2=nn.ModuleList([block(6)]), bn1=nn.BatchNorm2d(6), fc=nn.Linear(6, 3),
    ),
    # Convolutions of other kinds.
    "transposed_square": case(
        lambda net, x: net.fc(two_convolutions(net, x).mean((2, 3))), 2, 5, 5,
        conv1=nn.Conv2d(2, 6, 3), conv2=nn.ConvTranspose2d(6, 6, 3), fc=nn.Linear(6, 3),
    ),
    "transposed_twice": case(
        lambda net, x: net.fc(relu(net.conv3(two_convolutions(net, x))).mean(2)), 2, 8, conv1=nn.Conv1d(2, 6, 3),
        conv2=nn.ConvTranspose1d(6, 6, 3, bias=False), conv3=nn.ConvTranspose1d(6, 6, 2), fc=nn.Linear(6, 3),
    ),
    "transposed_oblong": case(
        lambda net, x: net.fc(two_convolutions(net, x).mean((2, 3))), 2, 5, 5, conv1=nn.Conv2d(2, 8, 3),
        conv2=nn.ConvTranspose2d(8, 4, 3), fc=nn.Linear(4, 3),
    ),
    "grouped": case(
        lambda net, x: net.fc(two_convolutions(net, x).mean((2, 3))), 4, 5, 5, hidden=True,
        conv1=nn.Conv2d(4, 6, 3, groups=2), conv2=nn.Conv2d(6, 5, 3), fc=nn.Linear(5, 3),
    ),
    # What no shape shows.
    "sorted_pairs": case(
        lambda net, x: net.layers[2](pairs(net.layers[1](pairs(net.layers[0](x))))), 3, hidden=True,
        layers=dense(3, 8, 6, 2),
    ),
    "shuffled_channels": case(
        lambda net, x: net.fc(relu(net.conv2(relu(net.conv1(x)).roll(1, 1))).mean((2, 3))), 2, 6, 6, hidden=True,
        fc=nn.Linear(6, 3), **convolved,
    ),
    "weighted_by_place": case(
        lambda net, x: net.fc2(relu(net.fc1(x)) * torch.arange(1, 9, dtype=x.dtype)), 3, hidden=True,
        fc1=nn.Linear(3, 8), fc2=nn.Linear(8, 2),
    ),
    # Plain chains, for comparison.
    "chain": case(lambda net, x: run(net.layers, x), 3, chain=True, layers=dense(3, 8, 6, 2)),
    "chain_of_equal_widths": case(lambda net, x: run(net.layers, x), 3, chain=True, layers=dense(3, 6, 6, 6, 2)),
}
