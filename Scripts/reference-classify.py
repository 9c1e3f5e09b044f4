"""Trains PyPI `nfn` 0.1.2 to read classes from a zoo's weights, for as long as ours was trained on the same networks.

The model is the authors' classifier: Gaussian Fourier features, HNP layers with ReLU, HNP pooling and a perceptron with
two hidden layers of 1000. Weights come in normalised per tensor, and the optimizer, its schedule, the clipping and the
batch are ours. The test networks are the last of the zoo, as with `nfn train --test-last`.
"""

import argparse
import json
import math
import time
from pathlib import Path

import torch
import torch.nn.functional as functional
from nfn.common import WeightSpaceFeatures, network_spec_from_wsfeat
from nfn.layers import GaussianFourierFeatureTransform, HNPLinear, HNPPool, SimpleLayerNorm, TupleOp
from safetensors.torch import load_file
from torch import nn


def load(folder):
    """Weights `[networks, 1, outputs, inputs]`, biases `[networks, 1, outputs]`, labels `[networks]`."""
    shards = [load_file(path) for path in sorted(folder.glob("shard-*.safetensors"))]
    layers = sum(name.endswith(".weight") for name in shards[0])

    def joined(name):
        tensor = torch.cat([shard[name] for shard in shards])
        return (tensor - tensor.mean()) / tensor.std() if name != "label" else tensor

    weights = [joined(f"{layer}.weight").unsqueeze(1) for layer in range(layers)]
    biases = [joined(f"{layer}.bias").unsqueeze(1) for layer in range(layers)]
    return weights, biases, joined("label")


class Classifier(nn.Module):
    def __init__(self, example, arguments):
        super().__init__()
        spec = network_spec_from_wsfeat(example)
        self.encoder = GaussianFourierFeatureTransform(
            spec, 1, mapping_size=arguments.frequencies, scale=arguments.frequency_scale
        )
        layers, channels = [], 2 * arguments.frequencies
        for _ in range(arguments.depth):
            layers += [HNPLinear(spec, channels, arguments.channels)]
            layers += [SimpleLayerNorm(spec, arguments.channels)] if arguments.norm else []
            layers += [TupleOp(nn.ReLU())]
            channels = arguments.channels
        self.layers = nn.Sequential(*layers)
        self.pool = HNPPool(spec)
        with torch.no_grad():
            pooled = self.pool(self.layers(self.encoder(example))).flatten(1).shape[1]
        self.head = nn.Sequential(
            nn.Linear(pooled, 1000), nn.ReLU(), nn.Dropout(arguments.dropout),
            nn.Linear(1000, 1000), nn.ReLU(), nn.Dropout(arguments.dropout), nn.Linear(1000, 10),
        )  # fmt: skip

    def forward(self, feature):
        return self.head(self.pool(self.layers(self.encoder(feature))).flatten(1))


def main():
    parser = argparse.ArgumentParser(description="Train the reference implementation on a zoo.")
    parser.add_argument("zoo", type=Path)
    parser.add_argument("--seconds", type=float, required=True, help="of training, validations not counted")
    parser.add_argument("--test", type=int, required=True, help="networks at the zoo's end to test on")
    parser.add_argument("--validation", type=int, default=600, help="networks to choose the best model by")
    parser.add_argument("--channels", type=int, default=64)
    parser.add_argument("--depth", type=int, default=3)
    parser.add_argument("--frequencies", type=int, default=128)
    parser.add_argument("--frequency-scale", type=float, default=3)
    parser.add_argument("--norm", action="store_true", help="normalise channels after each layer")
    parser.add_argument("--dropout", type=float, default=0.5, help="in the head")
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True, help="where the result goes, as JSON")
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)

    weights, biases, labels = load(arguments.zoo)
    learned = len(labels) - arguments.test
    order = torch.randperm(learned)
    validation, train = order[: arguments.validation], order[arguments.validation :]
    test = torch.arange(learned, len(labels))

    def networks(numbers):
        return WeightSpaceFeatures([w[numbers] for w in weights], [b[numbers] for b in biases])

    def accuracy(numbers):
        model.eval()
        with torch.no_grad():
            right = sum((model(networks(p)).argmax(1) == labels[p]).sum().item() for p in numbers.split(64))
        model.train()
        return right / len(numbers)

    model = Classifier(networks(train[:2]), arguments)
    optimizer = torch.optim.AdamW(model.parameters(), lr=arguments.learning_rate, weight_decay=0.01, fused=True)
    step, seconds, best, records = 0, 0.0, (-1.0, None), []
    batches = iter(())
    while seconds < arguments.seconds:
        start = time.perf_counter()
        batch = next(batches, None)
        if batch is None or len(batch) < 32:
            batches = iter(train[torch.randperm(len(train))].split(32))
            batch = next(batches)
        fall = 0.01 + 0.99 * (1 + math.cos(math.pi * min(1, seconds / arguments.seconds))) / 2
        optimizer.param_groups[0]["lr"] = arguments.learning_rate * min(1, (step + 1) / 50) * fall
        loss = functional.cross_entropy(model(networks(batch)), labels[batch])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1)
        optimizer.step()
        step += 1
        seconds += time.perf_counter() - start
        if step % 200 == 0 or seconds >= arguments.seconds:
            value = accuracy(validation)
            records.append({"step": step, "seconds": seconds, "loss": loss.item(), "validation": value})
            print(f"step {step}, {seconds:.0f} s, loss {loss.item():.4f}, validation accuracy {value:.4f}", flush=True)
            if value > best[0]:
                best = (value, {name: tensor.clone() for name, tensor in model.state_dict().items()})
    model.load_state_dict(best[1])
    result = {
        "accuracy": accuracy(test),
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "steps": step,
        "records": records,
        "options": {name: str(value) for name, value in vars(arguments).items()},
    }
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(result, indent=2))
    print(f"reference: {step} steps, test accuracy {100 * result['accuracy']:.1f} %")


if __name__ == "__main__":
    main()
