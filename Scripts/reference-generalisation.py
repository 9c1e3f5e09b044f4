"""Trains PyPI `nfn` 0.1.2 to predict test accuracies from a zoo's weights, and tabulates it beside our runs.

Models, loss, optimizer and batch are those of the authors' `predict_gen` experiment: three HNP or NP layers or
statistics of the weights, a perceptron with two hidden layers of 1000, binary cross-entropy on a sigmoid, Adam, 8
networks a step, and the epoch with the best validation tau. It is faster than the authors' script: the networks lie in
memory, Adam is fused, and numbers below 1e-38 are zero, for moments that small take a third of the time on some
processors. The split is the one that the zoo stores.
"""

import argparse
import copy
import json
import time
from pathlib import Path

import torch
from torch import nn

from agreement import agreement, kendall_tau, tau_interval
from generalisation_table import speeds, table
from reference_predictors import METHODS, predictor, prepared
from zoo_networks import read_zoo

TARGET = "test_accuracy"
BATCH = 8
LEARNING_RATE = 1e-3


def trained(method, seed, zoo, arguments):
    torch.manual_seed(seed)
    networks, targets = prepared(method, zoo), zoo.targets.float()
    train, validation, test = (zoo.split[side] for side in ("train", "validation", "test"))
    model = predictor(method, networks(train[:2]))
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE, fused=True)
    loss_function = nn.BCELoss()

    def predictions(numbers):
        model.eval()
        with torch.no_grad():
            result = torch.cat([model(networks(part)).squeeze(-1) for part in numbers.split(64)])
        model.train()
        return result

    # What one thread computes for is not lengthened by other work on the machine.
    clock = time.process_time if arguments.threads == 1 else time.perf_counter
    step, seconds, records, best = 0, 0.0, [], None
    limit = 60 * arguments.minutes
    for epoch in range(arguments.epochs):
        start, losses = clock(), []
        for batch in train[torch.randperm(len(train))].split(BATCH):
            optimizer.zero_grad()
            loss = loss_function(model(networks(batch)).squeeze(-1), targets[batch])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            step += 1
            if seconds + clock() - start > limit:
                break
        seconds += clock() - start
        tau = kendall_tau(predictions(validation), zoo.targets[validation]).nan_to_num(0).item()
        records.append({"step": step, "seconds": seconds, "loss": sum(losses) / len(losses), "validation": tau})
        print(f"{method} {seed}: epoch {epoch + 1}, {seconds:.0f} s, validation tau {tau:.4f}", flush=True)
        if best is None or tau > best[0]:
            best = (tau, copy.deepcopy(model.state_dict()))
        if seconds > limit:
            break
    model.load_state_dict(best[1])
    predicted = predictions(test)
    return {
        "agreement": agreement(predicted, zoo.targets[test]),
        "tauInterval": tau_interval(predicted, zoo.targets[test], zoo.runs[test]),
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "seconds": seconds,
        "millisecondsPerStep": 1000 * seconds / step,
        "records": records,
        "predictions": predicted.tolist(),
    }


def methods_of(run, zoo):
    """What our run found, which must be about the same test networks."""
    result = json.loads((run / "result.json").read_text())
    test = zoo.split["test"]
    if result["networks"] != zoo.numbers[test].tolist() or result["targets"] != zoo.targets[test].tolist():
        raise SystemExit(f"{run} was tested on other networks; give the --where that it had")
    return result["methods"]


def write(result, file):
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".part")
    unfinished.write_text(json.dumps(result, indent=2))
    unfinished.replace(file)


def main():
    parser = argparse.ArgumentParser(description="Train the reference implementation on a zoo, beside our runs.")
    parser.add_argument("zoo", type=Path)
    parser.add_argument("runs", type=Path, nargs="*", help="of nfn train generalisation")
    parser.add_argument("--where", help="which networks, an expression in SQL")
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=METHODS)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--epochs", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="of each training, validations not counted")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("out/compare-generalisation.json"))
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.set_flush_denormal(True)

    zoo = read_zoo(arguments.zoo, TARGET, arguments.where)
    ours = {str(run): methods_of(run, zoo) for run in arguments.runs}
    options = {name: str(getattr(arguments, name)) for name in ("zoo", "where", "epochs", "minutes", "threads")}
    options["networks"] = {side: len(numbers) for side, numbers in zoo.split.items()}
    reference = {}
    if arguments.out.exists():
        stored = json.loads(arguments.out.read_text())
        if stored["options"] != options:
            raise SystemExit(f"{arguments.out} was made with other options; give another file as --out")
        reference = stored["reference"]
    for seed in arguments.seeds:
        for method in arguments.methods:
            if f"{method} {seed}" not in reference:
                reference[f"{method} {seed}"] = trained(method, seed, zoo, arguments)
                write({"options": options, "reference": reference}, arguments.out)
    comparison = {"ours": ours, "speeds": speeds(reference, ours)}
    write({"options": options, "reference": reference, **comparison}, arguments.out)
    print(table(reference, ours))


if __name__ == "__main__":
    main()
