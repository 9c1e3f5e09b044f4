"""Trains ours and the reference on zoos of CNNs that flatten and that pool, and measures what three CNNs cost."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from flatten_networks import NETWORKS, write_networks
from flatten_page import page

ROOT = Path(__file__).resolve().parents[2]
CONDITION = "epoch > 1"


def full():
    return {"networks": 1000, "steps": 3000, "epochs": 50, "seeds": [0, 1, 2], "costSteps": 20}


def quick():
    return {"networks": 48, "steps": 200, "epochs": 1, "seeds": [0], "costSteps": 10}


def run(command, threads=None, log=None):
    """Runs a command; the seconds and the peak of memory, in bytes, that it took."""
    environment = dict(os.environ)
    if threads:
        environment["OMP_NUM_THREADS"] = str(threads)
    print("+", " ".join(map(str, command)), file=sys.stderr, flush=True)
    output = open(log, "wb") if log else None
    process = subprocess.Popen(
        list(map(str, command)), env=environment, stderr=output, stdout=output and subprocess.PIPE
    )
    if output:
        process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} {command[1]} ended with {process.returncode}")
    return {"processorSeconds": usage.ru_utime + usage.ru_stime, "peakBytes": usage.ru_maxrss * 1024}


class Results:
    """What is known so far, in a file."""

    def __init__(self, file, settings):
        self.file = file
        self.values = {"settings": settings}
        if file.exists():
            self.values = json.loads(file.read_text())
            if self.values["settings"] != settings:
                raise SystemExit(f"{file} was made with other settings; give another folder as --out")

    def once(self, key, make):
        if key not in self.values:
            self.values[key] = make()
            self.write()
        return self.values[key]

    def write(self):
        unfinished = self.file.with_suffix(".part")
        unfinished.write_text(json.dumps(self.values, indent=2))
        unfinished.replace(self.file)


def zoo(nfn, head, arguments, settings, folder):
    """The zoo of a head, split."""
    target = folder / f"zoo-{head}"
    if not (target / "split").exists():
        run(
            [nfn, "zoo", "train-cnns", arguments.images, "--count", settings["networks"], "--head", head]
            + ["--out", target / "zoo"]
        )
        run([nfn, "zoo", "split", target / "zoo"])
        (target / "split").touch()
    return target / "zoo"


def study(nfn, zoo, target, seed, settings):
    """One of our studies on one core: its methods, and what it took."""
    took = run(
        [nfn, "train", "generalisation", zoo, "--where", CONDITION, "--steps", settings["steps"], "--seed", seed]
        + ["--out", target, "--resume"],
        threads=1,
    )
    result = json.loads((target / "result.json").read_text())
    keys = ("name", "isBaseline", "agreement", "tauInterval", "seconds")
    methods = [{key: method.get(key) for key in keys} for method in result["methods"]]
    return {"methods": methods, "test": result["test"], "weights": result["parameterCounts"], **took}


def reference(zoo, folder, settings):
    """HNP of the reference, for each seed."""
    file = folder / "reference.json"
    run(
        [sys.executable, ROOT / "Scripts" / "reference-generalisation.py", zoo, "--where", CONDITION]
        + ["--methods", "HNP", "--epochs", settings["epochs"], "--threads", 1, "--out", file, "--seeds"]
        + settings["seeds"]
    )
    trainings = json.loads(file.read_text())["reference"]
    keys = ("agreement", "tauInterval", "parameters", "seconds")
    return [{key: training[key] for key in keys} for training in trainings.values()]


def cost(nfn, network, folder, settings):
    """What a whole training on random networks of an architecture takes on one core, and a step of it."""
    files, log = folder / network["key"], folder / f"{network['key']}.log"
    if not (folder / f"{network['key']}-zoo" / "catalog.crc32").exists():
        write_networks(network, files, count=160)
        run([nfn, "zoo", "import", files, "--out", folder / f"{network['key']}-zoo"])
    target = folder / f"{network['key']}-run"
    steps = settings["costSteps"]
    took = run(
        [nfn, "train", "generalisation", folder / f"{network['key']}-zoo", "--target", "test_accuracy"]
        + ["--steps", steps, "--batch", 16, "--out", target, "--resume"],
        threads=1,
        log=log,
    )
    methods = {method["name"]: method for method in json.loads((target / "result.json").read_text())["methods"]}
    records = methods["ensemble"]["records"]
    first, last = records[0], records[-1]
    words = log.read_text().split("the functional has ", 1)[1]
    return {
        "name": network["name"],
        "weights": network["weights"],
        "parameters": int(words.split(" ", 1)[0].replace(",", "")),
        "estimate": words.split("\n", 1)[0],
        "secondsPerStep": (last["seconds"] - first["seconds"]) / (last["step"] - first["step"]),
        "peakBytes": took["peakBytes"],
    }


def main():
    parser = argparse.ArgumentParser(description="Tau and costs for CNNs whose dense layer reads a flattened map.")
    parser.add_argument("--quick", action="store_true", help="a small form, in ten minutes at most")
    parser.add_argument("--images", type=Path, default=Path(os.environ.get("NFN_DATA", "data")) / "cifar10")
    parser.add_argument("--nfn", type=Path, default=ROOT / ".build/release/nfn")
    parser.add_argument("--before", type=Path, help="another nfn, to be trained on the control too")
    parser.add_argument("--out", type=Path, default=ROOT / "out/results")
    arguments = parser.parse_args()
    if not arguments.images.exists():
        raise SystemExit(f"{arguments.images} is missing; give CIFAR-10's folder as --images, its parent as NFN_DATA")
    if not arguments.nfn.exists():
        raise SystemExit(f"{arguments.nfn} is missing; type 'make build' first")

    settings = quick() if arguments.quick else full()
    folder = arguments.out / ("flatten-quick" if arguments.quick else "flatten")
    folder.mkdir(parents=True, exist_ok=True)
    results = Results(folder / "measured.json", settings)
    for network in NETWORKS:
        results.once(f"cost {network['key']}", lambda: cost(arguments.nfn, network, folder, settings))
    for head in ("flatten", "pool"):
        networks = zoo(arguments.nfn, head, arguments, settings, folder)
        for seed in settings["seeds"]:
            target = folder / f"{head}-{seed}"
            results.once(f"{head} {seed}", lambda: study(arguments.nfn, networks, target, seed, settings))
        if head == "flatten":
            results.once("reference", lambda: reference(networks, folder, settings))
    if arguments.before:
        for seed in settings["seeds"]:
            target = folder / f"before-{seed}"
            results.once(f"before {seed}", lambda: study(arguments.before, networks, target, seed, settings))

    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "flatten.json").write_text(json.dumps(results.values, indent=2) + "\n")
    text = page(results.values)
    (arguments.out / "flatten.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
