#pragma once

#include <cmath>
#include <cstdint>

// Curves of limited frequency from values at equally spaced places: `f(u) = Σ ψ(u − k) g(k)` over the eight places nearest to
// `u`, where `g` is `f` with its part of each frequency `ω` divided by `ψ̂(ω)`; `ω`, in radians from place to place, is at most
// `π / 2`. The error is 2e-7 of the largest value.
//
// Source: Barnett, Magland and af Klinteberg 2019, arXiv:1808.06736: `ψ` is their kernel, of width 8, for twice as many
// places as the highest frequency needs; the sum is the last step of their transform of type 2.

namespace ctorch {

struct SpreadingKernel {
    static constexpr int64_t taps = 8;
    static constexpr int degree = 8;
    /// How many places before `⌊u⌋` are read.
    static constexpr int64_t below = taps / 2 - 1;

    /// `ψ(t + below − k)` for the taps `k` and `t` from 0 to 1, as Chebyshev series in `2 t − 1`.
    float series[taps][degree + 1];

    static const SpreadingKernel &shared() {
        static const SpreadingKernel kernel;
        return kernel;
    }

    /// `ψ̂`, the integral of `ψ(u) cos ωu`.
    double transform(double frequency) const {
        double sum = 0;
        for (int i = 0; i < nodes; ++i) sum += weights[i] * std::cos(frequency * places[i]);
        return sum;
    }

private:
    static constexpr double radius = taps / 2.0, beta = 2.3 * taps;

    // Of the integral from 0 on, twice, with `u = radius · sin θ`, at equally spaced `θ`.
    static constexpr int nodes = 24;
    double places[nodes], weights[nodes];

    SpreadingKernel() {
        for (int i = 0; i < nodes; ++i) {
            const double angle = M_PI / 2 * i / nodes, step = radius * M_PI / (2 * nodes);
            places[i] = radius * std::sin(angle);
            weights[i] = (i == 0 ? 1 : 2) * step * std::exp(beta * (std::cos(angle) - 1)) * std::cos(angle);
        }
        for (int64_t tap = 0; tap < taps; ++tap)
            for (int order = 0; order <= degree; ++order) {
                double sum = 0;
                for (int node = 0; node <= degree; ++node) {
                    const double angle = M_PI * (node + 0.5) / (degree + 1);
                    const double u = ((std::cos(angle) + 1) / 2 + below - tap) / radius;
                    const double value = std::exp(beta * (std::sqrt(std::fmax(0, 1 - u * u)) - 1));
                    sum += value * std::cos(order * angle);
                }
                series[tap][order] = static_cast<float>(sum * (order == 0 ? 1 : 2) / (degree + 1));
            }
    }
};

} // namespace ctorch
