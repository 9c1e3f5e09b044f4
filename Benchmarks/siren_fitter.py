"""A batched SIREN fitter in PyTorch: one bmm per layer for all networks, autograd, Adam; the recipe is `nfn fit`'s paper
recipe, in initialisation, steps and schedule."""

import gzip
import math
import os
from pathlib import Path

import torch

WIDTHS, OMEGA, STEPS, RATE, SIDE, PICTURES = [2, 32, 32, 1], 30, 200, 5e-3, 28, 512


def mnist(count):
    """The first training pictures as a network sees them, `[pictures, 1, pixels]` in [-1, 1]."""
    file = Path(os.environ["NFN_DATA"]) / "mnist" / "train-images-idx3-ubyte"
    compressed = file.with_name(file.name + ".gz")
    data = gzip.open(compressed).read() if compressed.exists() else file.read_bytes()
    pixels = torch.frombuffer(bytearray(data[16 : 16 + count * SIDE * SIDE]), dtype=torch.uint8)
    return pixels.reshape(count, 1, SIDE * SIDE) / 127.5 - 1


def uniform(bound, *shape):
    return bound * (2 * torch.rand(shape) - 1)


class Fitting:
    """Each step fits all pictures from scratch, `batch` of them in each product."""

    warm_up = 1

    def __init__(self, batch):
        self.pictures = mnist(PICTURES).split(batch)
        side = torch.linspace(-1, 1, SIDE)
        self.points = torch.stack(torch.meshgrid(side, side, indexing="ij")).reshape(1, 2, -1)
        self.parameters = sum(o * (i + 1) for i, o in zip(WIDTHS, WIDTHS[1:]))
        self.psnr = None

    def start(self, batch):
        """SIREN's initialisation (arXiv:2006.09661, section 3.2): weights `[batch, outputs, inputs]` and biases."""
        parameters = []
        for layer, (inputs, outputs) in enumerate(zip(WIDTHS, WIDTHS[1:])):
            bound = 1 / inputs if layer == 0 else math.sqrt(6 / inputs) / OMEGA
            parameters += [uniform(bound, batch, outputs, inputs), uniform(1 / math.sqrt(inputs), batch, outputs, 1)]
        return [parameter.requires_grad_() for parameter in parameters]

    def draw(self, parameters):
        hidden = self.points.expand(len(parameters[0]), -1, -1)
        for layer in range(0, len(parameters), 2):
            weight, bias = parameters[layer], parameters[layer + 1]
            if layer == len(parameters) - 2:
                return torch.baddbmm(bias, weight, hidden)
            hidden = torch.sin(torch.baddbmm(OMEGA * bias, OMEGA * weight, hidden))

    def fit(self, pictures):
        parameters = self.start(len(pictures))
        optimizer = torch.optim.Adam(parameters, betas=(0.9, 0.99), fused=True)
        for step in range(STEPS):
            cosine = 0.5 + 0.5 * math.cos(math.pi * (step + 1) / STEPS)
            optimizer.param_groups[0]["lr"] = RATE * min(1, (step + 1) / 10) * (0.02 + 0.98 * cosine)
            loss = (self.draw(parameters) - pictures).square().mean((1, 2)).sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            return 10 * torch.log10(4 / (self.draw(parameters) - pictures).square().mean((1, 2)))

    def step(self):
        self.psnr = torch.cat([self.fit(pictures) for pictures in self.pictures]).median().item()
