"""Writes test networks with random weights, each as ONNX (both exporters), PyTorch state dict and safetensors.

    python networks.py FOLDER [NAME ...]

Scripts/networks makes the environment for it. Every name stands for NAME.onnx (by torch.export), NAME.legacy.onnx (by
tracing, where that works), NAME.pt and NAME.safetensors; models of Hugging Face also get the folder NAME. All are in
evaluation mode and give logits. Nothing in them is constant, so that a permutation of any axis can be noticed.
"""

import contextlib
import io
import logging
import pathlib
import sys
import warnings

import onnxruntime
import safetensors.torch
import torch
from torch import nn

# The wheel of torchvision expects compiled operators that a CPU torch beside it cannot load. Nothing here calls them,
# but the import looks for their schemas.
compiled = torch.library.Library("torchvision", "DEF")
for schema in [
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
]:
    compiled.define(schema)
for operator in ["roi_align", "roi_pool", "ps_roi_align", "ps_roi_pool", "deform_conv2d"]:
    compiled.define(f"{operator}(Tensor input) -> Tensor")
    compiled.define(f"_{operator}_backward(Tensor input) -> Tensor")

import torchvision.models  # noqa: E402
import transformers  # noqa: E402

picture = torch.float32, (1, 3, 64, 64)
tokens = torch.int64, (1, 12)
vocabulary = 500


class UNet(nn.Module):
    """Three scales, joined by concatenation; up by transposed convolution."""

    def __init__(self, widths=(12, 20, 36), classes=5):
        super().__init__()
        self.down = nn.ModuleList(self.block(*pair) for pair in zip((3, *widths), widths))
        self.up = nn.ModuleList(
            nn.ConvTranspose2d(wide, narrow, 2, stride=2) for narrow, wide in zip(widths, widths[1:])
        )
        self.join = nn.ModuleList(self.block(2 * width, width) for width in widths[:-1])
        self.head = nn.Conv2d(widths[0], classes, 1)

    @staticmethod
    def block(inputs, outputs):
        return nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, padding=1),
            nn.LeakyReLU(0.1),
        )

    def forward(self, x):
        skipped = []
        for block in self.down[:-1]:
            skipped.append(block(x))
            x = nn.functional.max_pool2d(skipped[-1], 2)
        x = self.down[-1](x)
        for up, join, skip in reversed(list(zip(self.up, self.join, skipped))):
            x = join(torch.cat([skip, up(x)], dim=1))
        return self.head(x)


class Recurrent(nn.Module):
    """Classifies a sequence by the last state of a recurrent layer."""

    def __init__(self, kind, width, classes=5, **settings):
        super().__init__()
        self.recurrent = kind(10, width, batch_first=True, **settings)
        self.head = nn.Linear(width * (2 if settings.get("bidirectional") else 1), classes)

    def forward(self, x):
        return self.head(self.recurrent(x)[0][:, -1])


class Logits(nn.Module):
    """A model of Hugging Face as a function of tensors."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        if x.is_floating_point():
            return self.model(pixel_values=x).logits
        return self.model(input_ids=x, attention_mask=torch.ones_like(x)).logits


def mlp():
    return nn.Sequential(nn.Linear(20, 48), nn.ReLU(), nn.Linear(48, 40), nn.Tanh(), nn.Linear(40, 10))


def lenet():
    return nn.Sequential(
        *[nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2)],
        *[nn.Flatten(), nn.Linear(16 * 5 * 5, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)],
    )


def vgg11():
    """Convolutions at their real widths; the classifier is narrower, and reads 2×2 positions instead of 7×7."""
    model = torchvision.models.vgg11(num_classes=10)
    model.avgpool = nn.AdaptiveAvgPool2d(2)
    model.classifier = nn.Sequential(
        *[nn.Linear(512 * 2 * 2, 768), nn.ReLU(True), nn.Dropout()],
        *[nn.Linear(768, 640), nn.ReLU(True), nn.Dropout(), nn.Linear(640, 100)],
    )
    return model


def vit_torchvision():
    return torchvision.models.VisionTransformer(
        image_size=64, patch_size=16, num_layers=3, num_heads=4, hidden_dim=72, mlp_dim=104, num_classes=10
    )


def vit():
    return transformers.ViTForImageClassification(
        transformers.ViTConfig(
            **dict(hidden_size=96, num_hidden_layers=3, num_attention_heads=4, intermediate_size=136),
            **dict(image_size=64, patch_size=16, num_labels=10),
        )
    )


def bert_mini():
    return transformers.BertForSequenceClassification(
        transformers.BertConfig(
            **dict(hidden_size=80, num_hidden_layers=3, num_attention_heads=5, intermediate_size=112),
            **dict(vocab_size=vocabulary, max_position_embeddings=32, num_labels=7),
        )
    )


def gpt2_mini():
    return transformers.GPT2LMHeadModel(
        transformers.GPT2Config(
            **dict(n_embd=72, n_layer=3, n_head=6, n_inner=104, vocab_size=vocabulary, n_positions=32),
            **dict(bos_token_id=0, eos_token_id=0, use_cache=False),
        )
    )


def llama_mini():
    return transformers.LlamaForCausalLM(
        transformers.LlamaConfig(
            **dict(hidden_size=96, num_hidden_layers=3, num_attention_heads=6, num_key_value_heads=2),
            **dict(intermediate_size=136, vocab_size=vocabulary, max_position_embeddings=32, use_cache=False),
        )
    )


sequence = torch.float32, (2, 12, 10)
networks = {
    "mlp": (mlp, torch.float32, (2, 20)),
    "lenet": (lenet, torch.float32, (2, 3, 32, 32)),
    "vgg11": (vgg11, *picture),
    "resnet18": (torchvision.models.resnet18, *picture),
    "resnet50": (torchvision.models.resnet50, *picture),
    "mobilenet_v2": (torchvision.models.mobilenet_v2, *picture),
    "densenet121": (torchvision.models.densenet121, *picture),
    "efficientnet_b0": (torchvision.models.efficientnet_b0, *picture),
    "unet": (UNet, *picture),
    "vit": (vit, *picture),
    "vit_torchvision": (vit_torchvision, *picture),
    "bert_mini": (bert_mini, *tokens),
    "gpt2_mini": (gpt2_mini, *tokens),
    "llama_mini": (llama_mini, *tokens),
    "lstm": (lambda: Recurrent(nn.LSTM, 24), *sequence),
    "gru": (lambda: Recurrent(nn.GRU, 28), *sequence),
    "bilstm": (lambda: Recurrent(nn.LSTM, 18, num_layers=2, bidirectional=True), *sequence),
}
batch_left_open = {"mlp", "lenet", "unet", "gpt2_mini"}


@torch.no_grad()
def randomize(model, example):
    """Leaves nothing constant, and keeps activations near unit scale through any depth."""
    is_transformer = isinstance(model, (transformers.PreTrainedModel, torchvision.models.VisionTransformer))
    for name, parameter in model.named_parameters():
        if parameter.dim() == 1 and name.endswith("weight"):
            parameter.uniform_(0.6, 1.4)
        elif parameter.dim() == 1:
            parameter.normal_(0, 0.1)
        elif is_transformer and ("embed" in name or "token" in name or "wte" in name or "wpe" in name):
            parameter.normal_(0, 0.5)
        elif is_transformer:
            inputs = parameter.shape[0] if "h." in name else parameter[0].numel()  # GPT-2 stores [inputs, outputs]
            parameter.normal_(0, inputs**-0.5)

    normalizations = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    model.eval()
    for module in normalizations:
        module.train()
        module.momentum = 1.0
    if normalizations:
        model(torch.randn(8, *example.shape[1:]))
    for module in normalizations:
        module.eval()
        module.momentum = 0.1
        module.running_mean += 0.1 * module.running_var.sqrt() * torch.randn_like(module.running_mean)
        module.running_var *= torch.empty_like(module.running_var).uniform_(0.7, 1.4)


def example_input(dtype, shape):
    return torch.randn(shape) if dtype.is_floating_point else torch.randint(0, vocabulary, shape)


def export(function, example, path, dynamo, leave_batch_open):
    """Writes the ONNX file, and says what stops it where that is impossible."""
    with contextlib.redirect_stdout(io.StringIO()):
        if dynamo:
            batch = ({0: torch.export.Dim.DYNAMIC},) if leave_batch_open else None
            large = sum(parameter.numel() for parameter in function.parameters()) > 1 << 20
            settings = dict(dynamo=True, dynamic_shapes=batch, external_data=large)
        else:
            settings = dict(dynamo=False, dynamic_axes={"input": {0: "batch"}} if leave_batch_open else None)
        torch.onnx.export(function, (example,), path, input_names=["input"], output_names=["logits"], **settings)


def deviation(path, example, logits):
    """How far the exported file is from the model, relative to the largest output."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    found = torch.from_numpy(session.run(None, {"input": example.numpy()})[0])
    return ((found - logits).abs().max() / logits.abs().max()).item()


def write(name, folder):
    make, dtype, shape = networks[name]
    torch.manual_seed(sum(name.encode()))
    model = make()
    example = example_input(dtype, (2, *shape[1:]) if name in batch_left_open else shape)
    randomize(model, example)
    is_of_hugging_face = isinstance(model, transformers.PreTrainedModel)
    function = Logits(model).eval() if is_of_hugging_face else model
    with torch.no_grad():
        logits = function(example)
    torch.save(model.state_dict(), folder / f"{name}.pt")
    safetensors.torch.save_model(model, folder / f"{name}.safetensors")
    if is_of_hugging_face:
        model.save_pretrained(folder / name)
    for suffix, dynamo in [("", True), (".legacy", False)]:
        path = folder / f"{name}{suffix}.onnx"
        try:
            export(function, example, path, dynamo, name in batch_left_open)
        except Exception as error:
            path.unlink(missing_ok=True)
            print(f"{path.name} cannot be exported: {str(error).splitlines()[0]}")
            continue
        error = deviation(path, example, logits)
        if not error < 1e-3:
            sys.exit(f"{path.name} is {error} away from the model that it was exported from")
    count = sum(parameter.numel() for parameter in model.parameters())
    print(f"{name:16} {count:>10} parameters, logits {list(logits.shape)} of deviation {logits.std():.2g}", flush=True)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    transformers.utils.logging.disable_progress_bar()
    for name in sys.argv[2:] or networks:
        write(name, folder)


if __name__ == "__main__":
    main()
