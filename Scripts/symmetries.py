"""Tells what nfn finds in ONNX files, one row of a table each.

    .venv-networks/bin/python Scripts/symmetries.py NFN FILE.onnx ...

NFN is the program. Each file is inspected and certified, and permuted by random elements of all its groups; ONNX
Runtime compares the result with the original. What nfn printed stays beside the file, in FILE.txt.
"""

import collections
import json
import pathlib
import re
import subprocess
import sys


def run(*command):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True)


def sizes(groups):
    """Sizes in order, repeated ones counted: `3×12, 24`."""
    counts = collections.Counter(group["size"] for group in groups)
    return ", ".join(f"{count}×{size}" if count > 1 else f"{size}" for size, count in sorted(counts.items()))


def row(nfn, path):
    inspected, report = run(nfn, "inspect", "--json", path), run(nfn, "inspect", path).stdout
    if inspected.returncode != 0:
        return [path.stem, "", "", "", "", "", f"refused: {inspected.stderr.strip()}"]
    findings = json.loads(inspected.stdout)
    certified = run(nfn, "certify", path)
    path.with_suffix(".txt").write_text(report + certified.stdout + certified.stderr)
    errors = [float(error) for error in re.findall(r"neurons +error (\S+)", certified.stdout)]
    controls = [float(change) for change in re.findall(r"the outputs change by (\S+)", certified.stdout)]
    remarks = re.findall(r"no rule for .*", certified.stdout)
    if certified.returncode != 0:
        remarks.append(certified.stderr.strip().splitlines()[-1])
    permuted = path.with_suffix(".permuted.onnx")
    written = run(nfn, "permute", path, "--seed", 1, "--out", permuted)
    agreement = run(sys.executable, pathlib.Path(__file__).with_name("agree.py"), path, permuted)
    permuted.unlink(missing_ok=True)
    error = re.search(r"error (\S+),", agreement.stdout)
    if not error:
        remarks += (written.stderr or agreement.stderr).strip().splitlines()[-1:]
    groups = findings.get("groups", [])
    count = re.search(r"([\d,]+) weights", report)
    return [
        *[path.stem, count[1] if count else "", f"{len(groups)}: {sizes(groups)}"],
        *[f"{max(errors):.0e}" if errors else "", f"{min(controls):.0e}" if controls else ""],
        *[error[1] if error else "", "; ".join(remarks)],
    ]


def main():
    print("| file | weights | groups | largest error | smallest control | under ONNX Runtime | remarks |")
    print("|---|---:|---|---:|---:|---:|---|")
    for path in sys.argv[2:]:
        print("|", " | ".join(row(sys.argv[1], pathlib.Path(path))), "|", flush=True)


main()
