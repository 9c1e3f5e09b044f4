"""What the authors of PyPI `nfn` predict generalisation with, as their `predict_gen` experiment configures it."""

import torch
from nfn.common import WeightSpaceFeatures, network_spec_from_wsfeat
from nfn.layers import HNPLinear, HNPPool, NPLinear, StatFeaturizer, TupleOp
from torch import nn

METHODS = ("HNP", "NP", "StatNN")
HIDDEN = 1000


def predictor(method, example):
    """A fresh model whose output is an accuracy, `[networks, 1]`."""
    spec = network_spec_from_wsfeat(example)
    if method == "StatNN":
        return nn.Sequential(StatFeaturizer(), *head(StatFeaturizer.get_num_outs(spec)))
    layers, inputs = [], 1
    for channels in (16, 16, 5):
        hnp = method == "HNP"
        layer = HNPLinear(spec, inputs, channels) if hnp else NPLinear(spec, inputs, channels, io_embed=True)
        layers += [layer, TupleOp(nn.ReLU())]
        inputs = channels
    return nn.Sequential(*layers, HNPPool(spec), *head(inputs * HNPPool.get_num_outs(spec)))


def head(inputs):
    return [
        nn.Flatten(), nn.Linear(inputs, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 1),
        nn.Sigmoid(),
    ]  # fmt: skip


def prepared(method, zoo):
    """The networks of given numbers as a method reads them; for NP each weight is normalised over those for training."""

    def normalized(tensor):
        train = tensor[zoo.split["train"]]
        deviation = train.std(dim=0, correction=0)
        return (tensor - train.mean(dim=0)) / torch.where(deviation < 1e-5, 1, deviation)

    tensors = (zoo.weights, zoo.biases)
    if method == "NP":
        tensors = [[normalized(tensor) for tensor in part] for part in tensors]
    return lambda numbers: WeightSpaceFeatures(*([tensor[numbers] for tensor in part] for part in tensors))
