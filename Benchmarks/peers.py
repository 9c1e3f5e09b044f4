"""A worker that the benchmark drives: the reference implementation, matrix products alone, or a batched SIREN fitter.

Sets the case up, warms up, and prints a line of JSON. Then, for each line `step N`, it does N steps and prints the
seconds of each; at the line `end` it prints its peak memory beyond the loaded libraries, and ends.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import torch


def memory(field):
    """A field of this process's status, in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"/proc/self/status has no {field}")


def answer(**fields):
    print(json.dumps(fields), flush=True)


class Products:
    """Matrix products `[rows, read] × [read, written]`, and those of their gradients, into memory that is there."""

    parameters = None

    def __init__(self, products):
        self.calls = []
        for product in products:
            rows, read, written = product["rows"], product["read"], product["written"]
            x, weight, slope = torch.randn(rows, read), torch.randn(read, written), torch.randn(rows, written)
            results = torch.empty(rows * max(read, written))
            self.calls.append((x, weight, results[: rows * written].view(rows, written)))
            if product["needs_input_gradient"]:
                self.calls.append((slope, weight.T, results[: rows * read].view(rows, read)))
            self.calls.append((x.T, slope, torch.empty(read, written)))

    def step(self):
        for a, b, result in self.calls:
            torch.mm(a, b, out=result)


def main():
    parser = argparse.ArgumentParser(description="Step through one case of the benchmark.")
    parser.add_argument("case", help="a case of the reference, 'products' (listed on standard input), or 'fitting-N'")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--compile", action="store_true", help="under torch.compile")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)

    if arguments.case == "products":
        bare = memory("VmRSS")
        case = Products(json.loads(sys.stdin.readline()))
    elif arguments.case.startswith("fitting-"):
        from siren_fitter import Fitting

        bare = memory("VmRSS")
        case = Fitting(int(arguments.case.removeprefix("fitting-")))
    else:
        from reference_cases import CASES

        bare = memory("VmRSS")
        case = CASES[arguments.case](arguments.compile)

    def step():
        start = time.perf_counter()
        case.step()
        return time.perf_counter() - start

    warm_up = [step() for _ in range(getattr(case, "warm_up", 3))]
    answer(parameters=case.parameters, seconds=warm_up)
    for line in sys.stdin:
        words = line.split()
        if words == ["end"]:
            break
        answer(seconds=[step() for _ in range(int(words[1]))])
    answer(peak_mb=memory("VmHWM") - bare, psnr=getattr(case, "psnr", None))


if __name__ == "__main__":
    try:
        main()
    except Exception as error:
        answer(failure=f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else ''}")
