// The products of a layer, convolution or dense, on a tile of images.
//
// The lanes of a vector are images. So a weight is one number for all lanes, whatever the layer's shape, and a channel is
// a plane of vectors. An output at a place is a sum over taps, `y[o, p] = Σₜ w[o, t] · x[bases[p] + taps[t]]`: a product
// of matrices, one of which is read through two lists. A block of sums is in registers at a time.

#pragma once

#include "Vectorized.hpp"

#include <cstdint>
#include <vector>

namespace ctorch {

/// Where a layer finds what it multiplies, in floats.
struct Taps {
    std::vector<int32_t> bases; // of each place at which the layer is computed
    std::vector<int32_t> taps;  // from there, of each input channel at each position of the kernel
};

template <int bytes> struct ClassifierTile {
    using Floats = typename Vector<float, bytes>::Lanes;
    typedef int32_t Ints __attribute__((vector_size(bytes)));

    static constexpr int64_t lanes = Vector<float, bytes>::lanes;
    static constexpr int rows = bytes == 64 ? 4 : 2; // by six columns; with 64 bytes there are twice as many registers

    static INLINE Floats &at(float *place) { return *reinterpret_cast<Floats *>(place); }
    static INLINE const Floats &at(const float *place) { return *reinterpret_cast<const Floats *>(place); }

    /// Calls `body` for blocks of the given sizes, as many of each as fit.
    template <int... sizes, typename Body> static INLINE void for_each_block(int64_t count, const Body &body) {
        int64_t start = 0;
        const auto run = [&]<int size>() INLINE_LAMBDA {
            for (; start + size <= count; start += size) body.template operator()<size>(start);
        };
        (run.template operator()<sizes>(), ...);
    }

    /// Calls `store(o, p, y[o, p] + biases[o])`.
    template <typename Store>
    static INLINE void forward(
        const Taps &layer, const float *x, const float *weights, const float *biases, int64_t outputs,
        const Store &store) {
        const int64_t taps = layer.taps.size();
        for_each_block<6, 2, 1>(layer.bases.size(), [&]<int P>(int64_t p) INLINE_LAMBDA {
            const float *source[P];
            UNROLLED for (int j = 0; j < P; ++j) source[j] = x + layer.bases[p + j];
            for_each_block<rows, 1>(outputs, [&]<int O>(int64_t o) INLINE_LAMBDA {
                const float *w = weights + o * taps;
                Floats sums[O][P];
                UNROLLED for (int i = 0; i < O; ++i)
                    UNROLLED for (int j = 0; j < P; ++j) sums[i][j] = Floats{} + biases[o + i];
                for (int64_t t = 0; t < taps; ++t) {
                    Floats right[P];
                    UNROLLED for (int j = 0; j < P; ++j) right[j] = at(source[j] + layer.taps[t]);
                    UNROLLED for (int i = 0; i < O; ++i)
                        UNROLLED for (int j = 0; j < P; ++j) sums[i][j] += w[i * taps + t] * right[j];
                }
                UNROLLED for (int i = 0; i < O; ++i)
                    UNROLLED for (int j = 0; j < P; ++j) store(o + i, p + j, sums[i][j]);
            });
        });
    }

    /// Adds the weights' gradients, summed over places and lanes. `errors` is `[outputs, places]`.
    static INLINE void add_weight_gradients(
        const Taps &layer, const float *x, const float *errors, int64_t outputs, float *gradients) {
        const int64_t taps = layer.taps.size(), places = layer.bases.size();
        for_each_block<6, 2, 1>(taps, [&]<int T>(int64_t t) INLINE_LAMBDA {
            int64_t offsets[T];
            UNROLLED for (int j = 0; j < T; ++j) offsets[j] = layer.taps[t + j];
            for_each_block<rows, 1>(outputs, [&]<int O>(int64_t o) INLINE_LAMBDA {
                const float *error = errors + o * places * lanes;
                Floats sums[O][T] = {};
                for (int64_t p = 0; p < places; ++p) {
                    const float *source = x + layer.bases[p];
                    Floats right[T];
                    UNROLLED for (int j = 0; j < T; ++j) right[j] = at(source + offsets[j]);
                    UNROLLED for (int i = 0; i < O; ++i) {
                        const Floats left = at(error + (i * places + p) * lanes);
                        UNROLLED for (int j = 0; j < T; ++j) sums[i][j] += left * right[j];
                    }
                }
                UNROLLED for (int i = 0; i < O; ++i)
                    UNROLLED for (int j = 0; j < T; ++j)
                        gradients[(o + i) * taps + t + j] += Vector<float, bytes>::sum(sums[i][j]);
            });
        });
    }

    /// Adds the inputs' gradients where the inputs are. `errors` is `[outputs, places]`.
    static INLINE void add_input_gradients(
        const Taps &layer, const float *errors, const float *weights, int64_t outputs, float *gradients) {
        const int64_t taps = layer.taps.size(), places = layer.bases.size();
        for_each_block<6, 2, 1>(places, [&]<int P>(int64_t p) INLINE_LAMBDA {
            float *target[P];
            UNROLLED for (int j = 0; j < P; ++j) target[j] = gradients + layer.bases[p + j];
            for_each_block<rows, 1>(taps, [&]<int T>(int64_t t) INLINE_LAMBDA {
                Floats sums[T][P] = {};
                for (int64_t o = 0; o < outputs; ++o) {
                    Floats right[P];
                    UNROLLED for (int j = 0; j < P; ++j) right[j] = at(errors + (o * places + p + j) * lanes);
                    UNROLLED for (int i = 0; i < T; ++i)
                        UNROLLED for (int j = 0; j < P; ++j) sums[i][j] += weights[o * taps + t + i] * right[j];
                }
                UNROLLED for (int i = 0; i < T; ++i)
                    UNROLLED for (int j = 0; j < P; ++j) at(target[j] + layer.taps[t + i]) += sums[i][j];
            });
        });
    }

    /// `eˣ` to 2e-7 of itself, within what a float holds.
    static INLINE Floats exponential(Floats x) {
        constexpr float rounding = 12582912.0f; // 1.5 · 2²³: adding it leaves the nearest integer in the low bits
        constexpr float taylor[] = {1.0f / 720, 1.0f / 120, 1.0f / 24, 1.0f / 6, 0.5f, 1, 1};
        x = x < Floats{} - 87.0f ? Floats{} - 87.0f : x;
        x = x > Floats{} + 88.0f ? Floats{} + 88.0f : x;
        const Floats shifted = x * 1.44269504f + rounding, power = shifted - rounding;
        const Floats rest = (x - power * 0.693145752f) - power * 1.42860677e-6f;
        Floats result = Floats{} + taylor[0];
        UNROLLED for (int k = 1; k < 7; ++k) result = result * rest + taylor[k];
        return (Floats)((Ints)result + ((Ints)shifted << 23));
    }
};

} // namespace ctorch
