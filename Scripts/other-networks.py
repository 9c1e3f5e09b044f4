"""Writes networks of architectures that nobody had in mind when the symmetry rules were written.

    python other-networks.py FOLDER [NAME ...]

It runs in the environment that Scripts/networks makes. Every name stands for NAME.onnx (by torch.export) and
NAME.legacy.onnx (by tracing), where that works. The networks are small, in evaluation mode, with random weights, and
nothing in them is constant, so that a permutation of any axis can be noticed. Documentation/other-architectures.md says
what nfn finds in them.
"""

import contextlib
import functools
import io
import logging
import pathlib
import sys
import warnings

import numpy
import onnxruntime
import torch
from torch import nn

import networks  # noqa: F401; its import makes torchvision load beside any torch

import other_architectures as own
import other_transformers as others
import torchvision.models
import transformers


class Function(nn.Module):
    """A model and how it is called, as a function of tensors that gives one tensor."""

    def __init__(self, model, call):
        super().__init__()
        self.model = model
        self.call = call

    def forward(self, *inputs):
        return self.call(self.model, *inputs)


picture = torch.randn, (1, 3, 64, 64)
small_picture = torch.randn, (1, 3, 32, 32)
tokens = functools.partial(torch.randint, 3, others.vocabulary), (1, 10)
sequence = torch.randn, (2, 12, 9)
models = torchvision.models


def plain(model, *inputs):
    return model(*inputs)


cases = {
    "convnext": (own.convnext, plain, [picture]),
    "swin": (own.swin, plain, [picture]),
    "maxvit": (own.maxvit, plain, [picture]),
    "resnext": (own.resnext, plain, [picture]),
    "regnet": (own.regnet, plain, [picture]),
    "googlenet": (own.googlenet, plain, [picture]),
    "shufflenet": (lambda: models.shufflenet_v2_x0_5(num_classes=10), plain, [picture]),
    "squeezenet": (lambda: models.squeezenet1_1(num_classes=10), plain, [picture]),
    "mnasnet": (lambda: models.mnasnet0_5(num_classes=10), plain, [picture]),
    "diffusion": (own.DiffusionUNet, plain, [(torch.randn, (2, 3, 16, 16)), (torch.rand, (2,))]),
    "generator": (own.generator, plain, [(torch.randn, (2, 20))]),
    "super_resolution": (own.SuperResolution, plain, [(torch.randn, (1, 3, 12, 12))]),
    "mlp_mixer": (own.MLPMixer, plain, [small_picture]),
    "pointnet": (own.PointNet, plain, [(torch.randn, (2, 3, 30))]),
    "deep_sets": (own.DeepSets, plain, [(torch.randn, (2, 9, 6))]),
    "wavenet": (own.WaveNet, plain, [(torch.randn, (2, 4, 20))]),
    "siamese": (own.Siamese, plain, [small_picture, small_picture]),
    "maxout": (own.Maxout, plain, [(torch.randn, (3, 10))]),
    "experts": (own.MixtureOfExperts, plain, [(torch.randn, (6, 8))]),
    "expert_list": (own.ExpertList, plain, [(torch.randn, (6, 16))]),
    "cross_attention": (own.CrossAttention, plain, [sequence]),
    "einsum_attention": (own.EinsumAttention, plain, [sequence]),
    "birnn": (own.BidirectionalRNN, plain, [(torch.randn, (2, 12, 10))]),
    "normalized_weights": (own.normalized_weights, plain, [small_picture]),
    "half": (own.small_cnn, plain, [small_picture]),
    "quantized": (own.small_cnn, plain, [small_picture]),
    "t5": (others.hugging_face["t5"], others.translation, [tokens, tokens]),
    "bart": (others.hugging_face["bart"], others.translation, [tokens, tokens]),
    "distilbert": (others.hugging_face["distilbert"], others.logits, [tokens]),
    "roberta": (others.hugging_face["roberta"], others.logits, [tokens]),
    "albert": (others.hugging_face["albert"], others.logits, [tokens]),
    "deberta": (others.hugging_face["deberta"], others.logits, [tokens]),
    "gpt_neox": (others.hugging_face["gpt_neox"], others.causal, [tokens]),
    "bloom": (others.hugging_face["bloom"], others.causal, [tokens]),
    "opt": (others.hugging_face["opt"], others.causal, [tokens]),
    "falcon": (others.hugging_face["falcon"], others.causal, [tokens]),
    "qwen3": (others.hugging_face["qwen3"], others.causal, [tokens]),
    "gemma2": (others.hugging_face["gemma2"], others.causal, [tokens]),
    "mixtral": (others.hugging_face["mixtral"], others.causal, [tokens]),
    "mamba": (others.hugging_face["mamba"], lambda model, x: model(input_ids=x, use_cache=False).logits, [tokens]),
    "whisper": (
        others.hugging_face["whisper"],
        lambda model, x, y: model(input_features=x, decoder_input_ids=y, use_cache=False).logits,
        [(torch.randn, (1, 8, 32)), tokens],
    ),
    "wav2vec2": (others.hugging_face["wav2vec2"], lambda model, x: model(x).logits, [(torch.randn, (1, 300))]),
    "clip": (
        others.hugging_face["clip"],
        lambda model, x, y: model(input_ids=x, pixel_values=y).logits_per_text,
        [tokens, small_picture],
    ),
}


# MARK: Weights


@torch.no_grad()
def randomize(model, inputs):
    """Leaves nothing constant, and keeps activations near unit scale through any depth."""
    embeddings = {module.weight for module in model.modules() if isinstance(module, nn.Embedding)}
    transposed = (nn.ConvTranspose1d, nn.ConvTranspose2d)
    spread = {module.weight: module for module in model.modules() if isinstance(module, transposed)}
    matrices = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.RNNBase)
    weights = {p for module in model.modules() if isinstance(module, matrices) for p in module.parameters(False)}
    for name, parameter in model.named_parameters():
        if parameter.dim() < 2 and name.endswith("weight"):
            parameter.uniform_(0.6, 1.4)
        elif parameter.dim() < 2:
            parameter.normal_(0, 0.1)
        elif parameter in embeddings:
            parameter.normal_(0, 0.5)
        elif parameter in spread:
            inputs_per_output = parameter[:, 0].numel() / numpy.prod(spread[parameter].stride)
            parameter.normal_(0, inputs_per_output**-0.5)
        elif parameter in weights:
            parameter.normal_(0, 1.3 * parameter[0].numel() ** -0.5)
        else:
            parameter.normal_(0, 0.3)
    normalizations = [module for module in model.modules() if isinstance(module, nn.modules.batchnorm._BatchNorm)]
    for module in normalizations:
        module.train()
        module.momentum = 1.0
    if normalizations:
        model(*[torch.randn(8, *value.shape[1:]) for value in inputs])
    for module in normalizations:
        module.eval()
        module.momentum = 0.1
        module.running_mean += 0.1 * module.running_var.sqrt() * torch.randn_like(module.running_mean)
        module.running_var *= torch.empty_like(module.running_var).uniform_(0.7, 1.4)


# MARK: Files


def export(function, inputs, path, dynamo):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        names = ["input", "second"][: len(inputs)]
        settings = dict(external_data=False) if dynamo else {}
        torch.onnx.export(
            function, tuple(inputs), path, input_names=names, output_names=["output"], dynamo=dynamo, **settings
        )


def quantize(path, inputs):
    """Quantises weights and activations of the file, with one scale for each output channel."""
    from onnxruntime import quantization

    class Reader(quantization.CalibrationDataReader):
        def __init__(self):
            self.samples = iter([{"input": torch.randn(inputs[0].shape).numpy()} for _ in range(8)])

        def get_next(self):
            return next(self.samples, None)

    quantization.quantize_static(path, path, Reader(), per_channel=True)


def deviation(path, inputs, expected):
    """How far the exported file is from the model, relative to the largest output."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    names = [value.name for value in session.get_inputs()]
    found = session.run(None, dict(zip(names, [value.numpy() for value in inputs])))[0]
    return (torch.from_numpy(found) - expected).abs().max().item() / expected.abs().max().item()


def write(name, folder):
    make, call, shapes = cases[name]
    torch.manual_seed(sum(name.encode()))
    model = make().eval()
    inputs = [source(shape) if source is not tokens[0] else source(size=shape) for source, shape in shapes]
    randomize(model, inputs)
    function = Function(model, call).eval()
    if name == "half":
        model.half()
        inputs = [value.half() for value in inputs]
    with torch.no_grad():
        expected = function(*inputs)
    notes = []
    for suffix, dynamo in [("", True), (".legacy", False)]:
        path = folder / f"{name}{suffix}.onnx"
        try:
            export(function, inputs, path, dynamo)
            if name == "quantized":
                quantize(path, inputs)
            error = deviation(path, inputs, expected)
        except Exception as failure:
            path.unlink(missing_ok=True)
            notes.append(f"{path.name}: {type(failure).__name__} {str(failure).strip().splitlines()[0][:200]}")
            continue
        notes.append(f"{path.name}: {error:.0e} from the model")
    count = sum(parameter.numel() for parameter in model.parameters())
    print(f"{name:18} {count:>9} parameters, outputs {list(expected.shape)} of deviation {expected.std():.2g}")
    print(*[f"    {note}" for note in notes], sep="\n", flush=True)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    transformers.utils.logging.disable_progress_bar()
    for name in sys.argv[2:] or cases:
        try:
            write(name, folder)
        except Exception as failure:
            print(f"{name:18} cannot be made: {type(failure).__name__} {failure}", flush=True)


if __name__ == "__main__":
    main()
