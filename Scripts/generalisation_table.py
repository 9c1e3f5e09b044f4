"""The reference's trainings beside our runs.

`reference` maps a method and its seed to a training, `ours` a run to its methods; both have records of validations.
"""

import math

MARGIN = 0.01


def table(reference, ours):
    lines = [f"{'':44}     τ          95 %       R²      L₁  seconds"]
    for name, training in reference.items():
        lines.append(row(f"reference {name}", training))
    for run, methods in ours.items():
        lines += [row(f"{run}: {method['name']}", method) for method in methods]
    lines += ["", "Seconds are of training until the best validation; processor time where the reference had one thread."]
    if ours:
        lines += ["", "Seconds until a validation τ: the reference's best, and 0.01 below it", ""]
    return "\n".join(lines + [speed_row(speed) for speed in speeds(reference, ours)])


def row(name, method):
    values = {key: math.nan if value is None else value for key, value in method["agreement"].items()}
    tau, determination, error = (values.get(key, math.nan) for key in ("tau", "determination", "meanAbsoluteError"))
    interval = " to ".join(f"{bound:.3f}" for bound in method.get("tauInterval") or ())
    best = max(method["records"], key=lambda record: record["validation"], default=method).get("seconds", math.nan)
    return f"{name:44} {tau:6.3f} {interval:>16} {determination:7.3f} {error:7.4f} {best:8.1f}"


def speeds(reference, ours):
    """How soon our main methods first had the validation tau that the reference chose its model by."""
    result = []
    for run, methods in ours.items():
        main = next(method for method in methods if not method["isBaseline"])
        for name, training in reference.items():
            best = max(record["validation"] for record in training["records"])
            for level in (best, best - MARGIN):
                seconds = {
                    "reference": reached(training["records"], level),
                    "ours": reached(main["records"], level),
                }
                ratio = seconds["ours"] and seconds["reference"] / seconds["ours"]
                result.append({"run": run, "training": name, "level": level, "ratio": ratio, "seconds": seconds})
    return result


def speed_row(speed):
    ours, reference = speed["seconds"]["ours"], speed["seconds"]["reference"]
    left = f"τ {speed['level']:6.3f}, reference {speed['training']:10} {reference:8.1f} s, {speed['run']}"
    return f"{left} never" if ours is None else f"{left} {ours:.1f} s, reference ÷ ours {speed['ratio']:.2f}"


def reached(records, level):
    return next((record["seconds"] for record in records if record["validation"] >= level), None)
