"""Networks that are no plain chains, or are flattened otherwise, though their state dicts look like chains.

    python guessed_networks.py table NFN FOLDER      certifies and permutes each state dict, and computes with the copies
    python guessed_networks.py fixtures FILE.zip     keeps graphs, weights and what is true of each for the tests

Scripts/guessed-networks runs the first. No state dict may be called certified whose permuted copy computes something
else; where nothing is certified, the copy may differ only where the network is none that shapes could show (`hidden`).
"""

import contextlib
import io
import json
import pathlib
import re
import subprocess
import sys
import warnings
import zipfile

import torch

from guessed_cases import cases

tolerance = 1e-9


def made(name):
    """The network in float64 with random weights, none of them constant, and an input."""
    torch.manual_seed(sum(name.encode()))
    net = cases[name].make().double().eval()
    with torch.no_grad():
        for entry, tensor in net.state_dict().items():
            if tensor.dim() > 1:
                tensor.normal_(0, (1.5 / tensor[0].numel()) ** 0.5)
            elif tensor.is_floating_point() and (entry.endswith("var") or "norm" in entry or "bn" in entry):
                tensor.uniform_(0.6, 1.4)
            elif tensor.is_floating_point():
                tensor.normal_(0, 0.3)
    return net, torch.randn(cases[name].shape, dtype=torch.float64)


def change(net, x, state):
    """How far the outputs move, relative to the largest, when the network is given other weights."""
    with torch.no_grad():
        before = net(x)
        net.load_state_dict(state)
        return ((net(x) - before).abs().max() / before.abs().max()).item()


def judged(nfn, path, net, x, options):
    """What certify says, and how far the permuted copy is from the network."""
    original = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    certified = subprocess.run([nfn, "certify", path, *options], capture_output=True, text=True)
    copy = path.with_suffix(".permuted.pt")
    permuted = subprocess.run([nfn, "permute", path, *options, "--out", copy, "--seed", "1"], capture_output=True)
    if permuted.returncode:
        return "refused", None
    error = change(net, x, torch.load(copy))
    net.load_state_dict(original)
    verdict = re.search(r"^(certified|holds if|nothing to certify)", certified.stdout, re.MULTILINE)
    return verdict.group(1) if verdict else "not certified", error


def table(nfn, folder):
    folder.mkdir(parents=True, exist_ok=True)
    wrong = []
    print(f"{'network':26} {'state dict alone':20} {'change':>8}  what is true, stated")
    for name, case in cases.items():
        net, x = made(name)
        path = folder / f"{name}.pt"
        torch.save(net.state_dict(), path)
        verdict, error = judged(nfn, path, net, x, [])
        line = f"{name:26} {verdict:20} {'' if error is None else f'{error:.0e}':>8}"
        if error is not None and error > tolerance and (verdict == "certified" or not case.hidden):
            wrong.append(name)
        if case.stated:
            verdict, error = judged(nfn, path, net, x, case.stated)
            line += f"  {' '.join(case.stated)}: {verdict}, {error:.0e}"
            if verdict != "certified" or error > tolerance:
                wrong.append(name)
        print(line, flush=True)
    print(f"{len(cases)} networks; wrong: {', '.join(wrong) or 'none'}")
    sys.exit(1 if wrong else 0)


def fixtures(out):
    facts = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:

        def add(name, content):
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)

        for name, case in cases.items():
            net, x = made(name)
            net, x = net.float(), x.float()
            buffer, settings = io.BytesIO(), dict(do_constant_folding=False, opset_version=17)
            with contextlib.redirect_stdout(io.StringIO()):
                torch.onnx.export(
                    net, (x,), buffer, dynamo=False, training=torch.onnx.TrainingMode.PRESERVE, **settings
                )
            add(f"{name}.onnx", buffer.getvalue())
            places = {}
            aliases = {
                entry: places.setdefault(tensor.data_ptr(), entry)
                for entry, tensor in net.state_dict().items()
                if tensor.numel() and tensor.is_floating_point()
            }
            tensors = [
                dict(name=entry, shape=list(tensor.shape), storedAs=aliases[entry])
                for entry, tensor in net.state_dict().items()
                if entry in aliases
            ]
            facts.append(dict(name=name, isHidden=case.hidden, stated=list(case.stated), tensors=tensors))
        add("networks.json", json.dumps(facts, indent=1))


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    if sys.argv[1] == "table":
        table(sys.argv[2], pathlib.Path(sys.argv[3]))
    else:
        fixtures(sys.argv[2])
