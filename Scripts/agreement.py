"""How well predictions agree with what is true, as `nfn train generalisation` measures it."""

import math

import torch


def kendall_tau(predictions, targets, counts=None):
    """Kendall's tau-b, NaN where one side is constant.

    `counts`, `[samples, networks]`, says how often each network is in each of some samples; each has its tau then.
    """
    counts = torch.ones(1, len(targets)) if counts is None else counts.float()
    concordance, untied_predictions, untied_targets = (torch.zeros(len(counts), dtype=torch.float64) for _ in range(3))

    def pairs(values, rows):
        return (values[rows, None] - values).sign().float()

    for rows in torch.arange(len(targets)).split(512):
        first, second = pairs(predictions, rows), pairs(targets, rows)
        for total, matrix in (
            (concordance, first * second),
            (untied_predictions, first.abs()),
            (untied_targets, second.abs()),
        ):
            total += (counts[:, rows].double() * (counts @ matrix.T).double()).sum(1)
    return concordance / (untied_predictions * untied_targets).sqrt()


def tau_interval(predictions, targets, runs, resamples=1000):
    """Where 95 of 100 resamples of the runs have their tau."""
    distinct, run = runs.unique(return_inverse=True)
    drawn = torch.randint(len(distinct), (resamples, len(distinct)), generator=torch.Generator().manual_seed(0))
    times = torch.zeros(resamples, len(distinct)).scatter_add_(1, drawn, torch.ones(drawn.shape))
    taus = kendall_tau(predictions, targets, times[:, run])
    taus = taus[~taus.isnan()]
    return taus.quantile(torch.tensor([0.025, 0.975], dtype=torch.float64)).tolist() if len(taus) else None


def agreement(predictions, targets):
    errors = (targets - predictions).double()
    tau = kendall_tau(predictions, targets).item()
    return {
        "tau": None if math.isnan(tau) else tau,
        "determination": 1 - (errors.square().sum() / (targets - targets.mean()).double().square().sum()).item(),
        "meanAbsoluteError": errors.abs().mean().item(),
    }
