"""The page that tells what was measured."""

SIMPLE = ("linear on statistics", "perceptron on statistics", "perceptron on spectra", "perceptron on weights")
OURS = ("ensemble", "functional alone")


def tau(method):
    low, high = method["tauInterval"] or (float("nan"),) * 2
    return f"{method['agreement']['tau'] or float('nan'):.3f} ({low:.3f} to {high:.3f})"


def mean(methods):
    values = [method["agreement"]["tau"] or 0 for method in methods]
    return sum(values) / len(values)


def by_name(results, prefix):
    """The methods of all seeds of a study, by name."""
    found = {}
    for key, study in results.items():
        if key.split(" ")[0] == prefix and "methods" in study:
            for method in study["methods"]:
                found.setdefault(method["name"], []).append(method)
    return found


def rows(methods, prefix=""):
    return [f"| {prefix}{name} | " + " | ".join(map(tau, found)) + " |" for name, found in methods.items()]


def head(results):
    seeds = results["settings"]["seeds"]
    columns = [f"seed {seed}" for seed in seeds]
    return ["| Kendall’s τ | " + " | ".join(columns) + " |", "| --- |" + " --- |" * len(seeds)]


def verdict(methods):
    """Which method orders networks best; said first where it is a simple one."""
    ranked = sorted(methods, key=lambda name: -mean(methods[name]))
    simple = next((name for name in ranked if name in SIMPLE), None)
    ours = next((name for name in ranked if name in OURS), None)
    if simple is None or ours is None:
        return ""
    first, second = sorted((simple, ours), key=lambda name: -mean(methods[name]))
    values = f"{mean(methods[first]):.3f} and {mean(methods[second]):.3f}"
    return f"On networks with a flatten the {first} is better than the {second}: mean τ {values}."


def page(results):
    settings = results["settings"]
    flatten, pool, before = (by_name(results, prefix) for prefix in ("flatten", "pool", "before"))
    reference = results["reference"]
    lines = ["# CNNs that flatten", "", verdict(flatten), ""]
    lines += [
        f"Zoos of {settings['networks']:,} small CNNs on CIFAR-10, made by `nfn zoo train-cnns --head flatten` (the map of "
        "3 × 3 positions is flattened) and `--head pool` (its mean); predicted is the test accuracy of checkpoints after 3 "
        f"and 10 epochs. {settings['steps']:,} steps; in brackets a 95 % interval by resampling networks.",
        "",
        *head(results),
        *rows(flatten),
        "| HNP of PyPI `nfn` 0.1.2 | " + " | ".join(map(tau, reference)) + " |",
        "",
        f"HNP had {settings['epochs']} epochs and has {reference[0]['parameters']:,} parameters. It knows no flatten; it reads "
        "the dense layer as the convolution over the whole map that it is, which has the same symmetries.",
        "",
        "The control, networks that are pooled:",
        "",
        *head(results),
        *rows({name: found for name, found in pool.items() if name in OURS}),
        *rows({name: found for name, found in before.items() if name in OURS}, prefix="earlier version: "),
        "",
        "What functionals of networks with a flatten cost, on one core:",
        "",
        "| networks | weights | parameters | seconds for a step of 16 | peak memory of the whole training |",
        "| --- | --- | --- | --- | --- |",
    ]
    for key, cost in results.items():
        if key.startswith("cost "):
            lines.append(
                f"| {cost['name']} | {cost['weights']:,} | {cost['parameters']:,} | {cost['secondsPerStep']:.3f} "
                f"| {cost['peakBytes'] / 1e6:,.0f} MB |"
            )
    return "\n".join(lines) + "\n"
