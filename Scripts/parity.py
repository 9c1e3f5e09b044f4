"""Records what PyPI `nfn` 0.1.2 computes, so that our layers can be compared with it.

One safetensors file per case. Features keep the reference's layout, channels first: weights `[batch, channels, rows,
columns(, height, width)]`, biases `[batch, channels, rows]`. Tensors:

    input.weight.0 …           input.bias.0 …            float32
    parameter.NAME             buffer.NAME               float32, under the reference's own names
    cotangent.weight.0 …       (cotangent.pooled)        float32
    output.weight.0 …          (output.pooled)           float64
    gradient.input.weight.0 …  gradient.parameter.NAME   float64, of sum(output * cotangent)

The inputs are float32 numbers and the arithmetic is float64, so one file is the truth for either precision. The
metadata key `case` is a JSON object that describes the case, and says how far the reference's own float32 run is from
that truth.
"""

import argparse
import copy
import json
import os
import zlib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import torch
from nfn.common import WeightSpaceFeatures, network_spec_from_wsfeat
from nfn.layers import (
    GaussianFourierFeatureTransform,
    HNPLinear,
    HNPPool,
    IOSinusoidalEncoding,
    NPLinear,
    NPPool,
    Pointwise,
)
from safetensors.torch import save_file

BATCH = 2
FREQUENCIES, FREQUENCY_SCALE = 5, 0.3  # low, because the phase of a high frequency has few digits left in float32
MAXIMUM_FREQUENCY, BANDS = 10.0, 6


@dataclass(frozen=True)
class Space:
    """Widths of the neuron sets, and for each layer its kernel `(height, width)`, or `()` when it is dense."""

    name: str
    widths: tuple
    kernels: tuple

    def random(self, channels, generator):
        weights, biases = [], []
        for columns, rows, kernel in zip(self.widths, self.widths[1:], self.kernels):
            weights.append(torch.randn(BATCH, channels, rows, columns, *kernel, generator=generator))
            biases.append(torch.randn(BATCH, channels, rows, generator=generator))
        return WeightSpaceFeatures(weights, biases)


def mlp(*widths):
    return Space("mlp-" + "-".join(map(str, widths)), widths, ((),) * (len(widths) - 1))


def cnn(widths, *kernels):
    sizes = "-".join(f"{height}x{width}" for height, width in kernels)
    return Space(f"cnn-{'-'.join(map(str, widths))}-{sizes}", widths, (*kernels, ()))


LINEAR = {
    "HNPLinear": HNPLinear,
    "NPLinear": NPLinear,
    "NPLinearEmbedded": lambda spec, inputs, outputs: NPLinear(spec, inputs, outputs, io_embed=True),
    "Pointwise": Pointwise,
}
POOLS = {
    "HNPPool": lambda spec, inputs, outputs: HNPPool(spec),
    "NPPool": lambda spec, inputs, outputs: NPPool(spec),
}
OTHERS = {
    "GaussianFourier": lambda spec, inputs, outputs: GaussianFourierFeatureTransform(
        spec, inputs, mapping_size=FREQUENCIES, scale=FREQUENCY_SCALE
    ),
    # Without layer codes, as the authors use it.
    "IOSinusoidal": lambda spec, inputs, outputs: IOSinusoidalEncoding(
        spec, max_freq=MAXIMUM_FREQUENCY, num_bands=BANDS, enc_layers=False
    ),
}
EVERYTHING = LINEAR | POOLS | OTHERS

# Small enough to be committed. Kernels that are not square tell height from width.
SMALL = [
    (mlp(3, 5, 4, 2), (3, 4), EVERYTHING),
    (mlp(3, 4, 2), (3, 4), LINEAR),
    (mlp(2, 3, 5, 4, 2), (3, 4), LINEAR),
    (cnn((2, 3, 4, 2), (3, 2), (1, 3)), (3, 4), EVERYTHING),
    (cnn((1, 3, 2), (3, 2)), (2, 3), LINEAR),
    (cnn((1, 3, 4, 2), (3, 3), (5, 5)), (1, 2), {"HNPLinear": HNPLinear, "NPLinear": NPLinear}),
]
# SIRENs of one picture, and the networks of the Small CNN Zoo.
LARGE = [
    (mlp(2, 32, 32, 1), (3, 4), EVERYTHING),
    (cnn((1, 16, 16, 16, 10), (3, 3), (3, 3), (3, 3)), (3, 4), EVERYTHING),
    (cnn((1, 3, 4, 2), (3, 3), (5, 5)), (3, 4), LINEAR),
]


def named(feature):
    """The tensors of a feature, or of what a pool returns, by name."""
    if isinstance(feature, torch.Tensor):
        return {"pooled": feature}
    tensors = {}
    for index, (weight, bias) in enumerate(feature):
        tensors[f"weight.{index}"], tensors[f"bias.{index}"] = weight, bias
    return tensors


def differentiate(module, feature, cotangent, precision):
    """Outputs and gradients of `sum(output * cotangent)`, computed in one precision."""
    module = copy.deepcopy(module).to(precision)
    inputs = feature.map(lambda tensor: tensor.to(precision).requires_grad_())
    outputs = named(module(inputs))
    parameters = dict(module.named_parameters())
    wanted = {f"input.{name}": tensor for name, tensor in named(inputs).items()}
    wanted |= {f"parameter.{name}": tensor for name, tensor in parameters.items()}
    loss = sum((outputs[name] * cotangent[name].to(precision)).sum() for name in outputs)
    gradients = dict(zip(wanted, torch.autograd.grad(loss, list(wanted.values()))))
    return outputs, gradients


def relative_error(found, expected):
    """The largest deviation of any tensor, relative to that tensor's largest entry."""
    errors = []
    for name, truth in expected.items():
        errors.append(((found[name].double() - truth).abs().max() / truth.abs().max()).item())
    return max(errors)


def record(kind, make, space, channels, folder):
    inputs, outputs = channels
    name = f"{kind}-{space.name}-{inputs}to{outputs}"
    seed = zlib.crc32(name.encode())
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    feature = space.random(inputs, generator)
    module = make(network_spec_from_wsfeat(feature), inputs, outputs)
    with torch.no_grad():
        shapes = {key: tensor.shape for key, tensor in named(module(feature)).items()}
    cotangent = {key: torch.randn(shape, generator=generator) for key, shape in shapes.items()}

    truth, gradients = differentiate(module, feature, cotangent, torch.float64)
    single, single_gradients = differentiate(module, feature, cotangent, torch.float32)
    case = {
        "kind": kind,
        "widths": space.widths,
        "kernels": space.kernels,
        "inputChannels": inputs,
        "outputChannels": next(iter(truth.values())).shape[1],
        "batch": BATCH,
        "seed": seed,
        "reference": f"nfn {version('nfn')}, torch {torch.__version__}",
        "referenceFloat32Error": {
            "output": relative_error(single, truth),
            "gradient": relative_error(single_gradients, gradients),
        },
    }
    if kind == "GaussianFourier":
        case["frequencies"] = FREQUENCIES
    if kind == "IOSinusoidal":
        case |= {"maximumFrequency": MAXIMUM_FREQUENCY, "bands": BANDS}

    tensors = {f"input.{key}": tensor for key, tensor in named(feature).items()}
    tensors |= {f"parameter.{key}": tensor for key, tensor in module.named_parameters()}
    tensors |= {f"buffer.{key}": tensor for key, tensor in module.named_buffers()}
    tensors |= {f"cotangent.{key}": tensor for key, tensor in cotangent.items()}
    tensors |= {f"output.{key}": tensor for key, tensor in truth.items()}
    tensors |= {f"gradient.{key}": tensor for key, tensor in gradients.items()}
    tensors = {key: tensor.detach().contiguous() for key, tensor in tensors.items()}
    if not all(tensor.isfinite().all() for tensor in tensors.values()):
        raise SystemExit(f"parity: the reference returned a value that is not finite in {name}")

    path = folder / f"{name}.safetensors"
    partial = path.with_suffix(".partial")
    save_file(tensors, partial, {"case": json.dumps(case)})
    partial.chmod(0o644)
    os.replace(partial, path)
    return path.stat().st_size


def main():
    parser = argparse.ArgumentParser(description="Record what the reference implementation computes.")
    parser.add_argument("folder", type=Path, help="where the cases are written")
    parser.add_argument("--small", action="store_true", help="only the cases that are committed as fixtures")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    sizes = []
    for space, channels, kinds in SMALL if arguments.small else SMALL + LARGE:
        for kind, make in kinds.items():
            sizes.append(record(kind, make, space, channels, arguments.folder))
    print(f"parity: {len(sizes)} cases of nfn {version('nfn')}, {sum(sizes) / 1e6:.2f} MB in {arguments.folder}")


if __name__ == "__main__":
    main()
