"""Fits SIRENs to pictures with PyTorch, in the layouts of two published data sets, and compares with what nfn makes of them.

    foreign_sirens.py fit LAYOUT IMAGES FOLDER [--count 60] [--seed 0]
    foreign_sirens.py compare LAYOUT IMAGES FOLDER [--psnr CSV] [--against FOLDER]

LAYOUT is dws or nfn; IMAGES is a folder of MNIST's IDX files, or the digits that Scripts/digits finds. `fit` writes
state dictionaries; `compare` draws them in PyTorch: the quality of each must be the fact psnr of nfn's table (file, psnr)
to 0.01 dB, and the networks in another folder must have the same weights, and draw the same.
"""

import argparse
import csv
import gzip
import math
import pathlib
import re
import struct
import sys

import torch
from torch import nn

VALIDATION, TEST, TRAINING = 45_000, 50_000, 60_000


class Sine(nn.Module):
    """sin(30 (W x + b))"""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.linear = nn.Linear(inputs, outputs)

    def forward(self, x):
        return torch.sin(30 * self.linear(x))


class SineLinear(nn.Linear):
    """The same, with its parameters directly in it."""

    def forward(self, x):
        return torch.sin(30 * super().forward(x))


class DWS(nn.Module):
    """Pixels in [0, 1] are f(column, row) + 0.5."""

    ending, low, high = "model_final.pth", 0.0, 1.0

    def __init__(self, hidden=32):
        super().__init__()
        self.seq = nn.Sequential(SineLinear(2, hidden), SineLinear(hidden, hidden), nn.Linear(hidden, 1))
        for layer in self.seq:
            if isinstance(layer, SineLinear):
                bound = math.sqrt(6 / layer.in_features) / 30
                nn.init.uniform_(layer.weight, -bound, bound)
                nn.init.zeros_(layer.bias)

    def forward(self, x):
        return self.seq(x) + 0.5

    @staticmethod
    def grid(height, width):
        rows, columns = torch.meshgrid(
            torch.linspace(-1, 1, height), torch.linspace(-1, 1, width), indexing="ij")
        return torch.stack([columns, rows], dim=-1).reshape(-1, 2)

    @staticmethod
    def path(image, label):
        kind, number = ("testing", image - TRAINING) if image >= TRAINING else ("training", image)
        return f"mnist_png_{kind}_{label}_{number}/checkpoints/model_final.pth"

    @staticmethod
    def image(path):
        kind, _, number = re.search(r"(training|testing)_(\d+)_(\d+)", path).groups()
        return int(number) + (TRAINING if kind == "testing" else 0)


class NFN(nn.Module):
    """Pixels in [-1, 1] are f(row, column)."""

    ending, low, high = ".pth", -1.0, 1.0

    def __init__(self, hidden=32):
        super().__init__()
        self.net = nn.Sequential(Sine(2, hidden), Sine(hidden, hidden), nn.Linear(hidden, 1))
        with torch.no_grad():
            self.net[0].linear.weight.uniform_(-1 / 2, 1 / 2)
            bound = math.sqrt(6 / hidden) / 30
            self.net[1].linear.weight.uniform_(-bound, bound)
            self.net[2].weight.uniform_(-bound, bound)

    def forward(self, x):
        return self.net(x)

    @staticmethod
    def grid(height, width):
        axes = torch.meshgrid(torch.linspace(-1, 1, height), torch.linspace(-1, 1, width), indexing="ij")
        return torch.stack(axes, dim=-1).reshape(-1, 2)

    @staticmethod
    def path(image, label):
        split = "train" if image < VALIDATION else "val" if image < TEST else "test"
        return f"randinit_{split}_{label}s/net{image}.pth"

    @staticmethod
    def image(path):
        return int(re.search(r"net(\d+)", path).group(1))


LAYOUTS = {"dws": DWS, "nfn": NFN}


def opened(path):
    return gzip.open(path, "rb") if path.suffix == ".gz" else open(path, "rb")


def idx(folder, name):
    [path] = [p for p in folder.iterdir() if p.name in (name, name + ".gz")]
    with opened(path) as file:
        _, rank = struct.unpack(">HxB", file.read(4))
        shape = struct.unpack(f">{rank}I", file.read(4 * rank))
        return torch.frombuffer(bytearray(file.read()), dtype=torch.uint8).reshape(shape)


def read_images(source):
    """Pictures `[images, height, width]` in [0, 1], training before test, and their classes."""
    if source.is_dir():
        parts = [
            (idx(source, f"{kind}-images-idx3-ubyte"), idx(source, f"{kind}-labels-idx1-ubyte"))
            for kind in ("train", "t10k")
        ]
        return torch.cat([p[0] for p in parts]).float() / 255, torch.cat([p[1] for p in parts]).long()
    with opened(source) as file:
        table = torch.tensor([[float(x) for x in line.split(b",")] for line in file])
    # As nfn reads them: sixteen steps of grey, in bytes.
    pixels = (table[:, :64] * 255 / 16).round().clamp(0, 255)
    return pixels.reshape(-1, 8, 8) / 255, table[:, 64].long()


def quality(drawn, picture, layout):
    error = ((drawn - picture * (layout.high - layout.low) - layout.low) ** 2).mean() / (layout.high - layout.low) ** 2
    return -10 * math.log10(error.item())


def fit(layout, source, folder, count, seed):
    torch.manual_seed(seed)
    pictures, labels = read_images(source)
    tested = count // 6 if len(pictures) > TRAINING else 0
    chosen = list(range(count - tested)) + [TRAINING + k for k in range(tested)]
    grid = layout.grid(*pictures.shape[1:])
    for image in chosen:
        network = layout()
        target = (pictures[image] * (layout.high - layout.low) + layout.low).reshape(-1, 1)
        optimizer = torch.optim.Adam(network.parameters(), lr=5e-3 if layout is DWS else 1e-3)
        for _ in range(150):
            optimizer.zero_grad()
            nn.functional.mse_loss(network(grid), target).backward()
            optimizer.step()
        path = folder / layout.path(image, labels[image].item())
        path.parent.mkdir(parents=True, exist_ok=True)
        torch.save(network.state_dict(), path)
    print(f"{folder}: {len(chosen)} networks")


def compare(layout, source, folder, table, against):
    pictures, _ = read_images(source)
    grid = layout.grid(*pictures.shape[1:])
    stated = {}
    if table:
        with open(table, newline="") as file:
            stated = {row["file"]: float(row["psnr"]) for row in csv.DictReader(file)}
    worst, changed, count = 0.0, 0.0, 0
    for path in sorted(folder.rglob("*.pth")):
        name = path.relative_to(folder).as_posix()
        network = layout()
        network.load_state_dict(torch.load(path, weights_only=True))
        with torch.no_grad():
            drawn = network(grid)
        count += 1
        if table:
            picture = pictures[layout.image(name)].reshape(-1, 1)
            worst = max(worst, abs(quality(drawn, picture, layout) - stated[name.removesuffix(".pth")]))
        if against:
            other = layout()
            other.load_state_dict(torch.load(against / name, weights_only=True))
            for a, b in zip(network.state_dict().items(), other.state_dict().items()):
                assert a[0] == b[0] and torch.equal(a[1], b[1]), f"{name}: {a[0]} differs"
            with torch.no_grad():
                changed = max(changed, (other(grid) - drawn).abs().max().item())
    if count == 0:
        sys.exit(f"{folder}: no networks")
    if table:
        print(f"{count} networks, largest difference of PSNR {worst:.6f} dB")
    if against:
        print(f"{count} networks, the same weights, largest difference of pixels {changed:.1e}")
    if worst > 0.01 or changed > 0:
        sys.exit("they differ")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("action", choices=["fit", "compare"])
    parser.add_argument("layout", choices=LAYOUTS)
    parser.add_argument("images", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--psnr", type=pathlib.Path)
    parser.add_argument("--against", type=pathlib.Path)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    layout = LAYOUTS[asked.layout]
    if asked.action == "fit":
        fit(layout, asked.images, asked.folder, asked.count, asked.seed)
    else:
        compare(layout, asked.images, asked.folder, asked.psnr, asked.against)


main()
