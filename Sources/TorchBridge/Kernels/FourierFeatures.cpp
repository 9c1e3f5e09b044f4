#include "MatrixStorage.hpp"
#include "Panels.hpp"
#include "SineTile.hpp"
#include "SpreadingKernel.hpp"

#include <ATen/ops/aminmax.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

using namespace ctorch;

namespace {

/// `[x, sin π x w, cos π x w]` for `x` `[count, channels]` and `w` `[channels, frequencies]`.
struct Lifting {
    int64_t count, channels, frequencies;
    const float *x, *w;
    float *y;

    template <int bytes> INLINE void run() const {
        for (int64_t i = 0; i < count; ++i) lift<bytes>(x + i * channels, y + i * (channels + 2 * frequencies));
    }

    template <int bytes> INLINE void lift(const float *from, float *to) const {
        constexpr int side_by_side = 4;
        constexpr int64_t lanes = Vector<float, bytes>::lanes;
        for (int64_t c = 0; c < channels; ++c) *to++ = from[c];
        int64_t f = 0;
        for (; f + side_by_side * lanes <= frequencies; f += side_by_side * lanes) lift<side_by_side, bytes>(from, to, f);
        for (; f < frequencies; f += lanes) lift<1, bytes>(from, to, f);
    }

    template <int vectors, int bytes> INLINE void lift(const float *from, float *to, int64_t f) const {
        using V = Vector<float, bytes>;
        typename V::Lanes sines[vectors] = {}, cosines[vectors];
        UNROLLED for (int v = 0; v < vectors; ++v)
            for (int64_t c = 0; c < channels; ++c)
                sines[v] += from[c] * V::load(w + c * frequencies + f + v * V::lanes, frequencies - f - v * V::lanes);
        SineTile<bytes>::sines_and_cosines(sines, cosines);
        UNROLLED for (int v = 0; v < vectors; ++v) {
            const int64_t start = f + v * V::lanes, valid = frequencies - start;
            V::store(to + start, sines[v], valid);
            V::store(to + frequencies + start, cosines[v], valid);
        }
    }
};

/// The means of what `lifting` makes of `[batch, rows, columns, positions]`, of which it keeps one at a time.
struct LiftedMeans {
    Lifting lifting;
    int64_t batch, rows, columns, positions;
    float *room; // zeros: one that is lifted, the sums of a row, and those of all columns
    float *row_means, *column_means;

    /// Elements from one sum to the next.
    static int64_t stride(int64_t frequencies) { return padded(1 + 2 * frequencies, 16); }

    template <int bytes> INLINE void run() const {
        using V = Vector<float, bytes>;
        const int64_t width = 1 + 2 * lifting.frequencies, stride = LiftedMeans::stride(lifting.frequencies);
        float *lifted = room, *across = lifted + stride, *all_along = across + positions * stride;
        for (int64_t b = 0; b < batch; ++b) {
            for (int64_t row = b * rows; row < (b + 1) * rows; ++row) {
                for (int64_t column = 0; column < columns; ++column)
                    for (int64_t p = 0; p < positions; ++p) {
                        lifting.lift<bytes>(lifting.x + (row * columns + column) * positions + p, lifted);
                        float *sum = across + p * stride, *along = all_along + (column * positions + p) * stride;
                        for (int64_t c = 0; c < stride; c += V::lanes) {
                            const auto value = V::load(lifted + c);
                            V::store(sum + c, V::load(sum + c) + value);
                            V::store(along + c, V::load(along + c) + value);
                        }
                    }
                take(across, positions, columns, row_means + row * positions * width);
            }
            take(all_along, columns * positions, rows, column_means + b * columns * positions * width);
        }
    }

    /// Sums as means, and zero again.
    INLINE void take(float *sums, int64_t count, int64_t divisor, float *means) const {
        const int64_t width = 1 + 2 * lifting.frequencies, stride = LiftedMeans::stride(lifting.frequencies);
        for (int64_t i = 0; i < count; ++i)
            for (int64_t c = 0; c < width; ++c) {
                means[i * width + c] = sums[i * stride + c] / static_cast<float>(divisor);
                sums[i * stride + c] = 0;
            }
    }
};

at::Tensor constant(ct_tensor handle) {
    auto tensor = borrow(handle);
    TORCH_CHECK(
        tensor.is_cpu() && tensor.scalar_type() == at::kFloat && !tensor.requires_grad(),
        "expected constants in float32 on the CPU, got ", tensor.toString());
    return tensor.contiguous();
}

void check_matrices(const at::Tensor &x, const at::Tensor &half_turns) {
    TORCH_CHECK(
        x.dim() == 4 && half_turns.dim() == 2 && half_turns.size(0) == 1,
        "expected x [batch, rows, columns, positions] and half turns [1, frequencies]");
}

at::Tensor lifted(const at::Tensor &x, const at::Tensor &half_turns) {
    TORCH_CHECK(
        x.dim() == 2 && half_turns.dim() == 2 && x.size(1) == half_turns.size(0),
        "expected x [count, channels] and half turns [channels, frequencies]");
    const int64_t count = x.size(0), channels = x.size(1), frequencies = half_turns.size(1);
    auto result = at::empty({count, channels + 2 * frequencies}, x.options());
    run_vectorized(
        Lifting{count, channels, frequencies, elements<float>(x), elements<float>(half_turns), places<float>(result)});
    return result;
}

} // namespace

ct_tensor ct_fourier_features(ct_tensor x, ct_tensor half_turns, char **error) {
    return make(error, [&] { return lifted(constant(x), constant(half_turns)); });
}

void ct_fourier_means(ct_tensor x, ct_tensor half_turns, ct_tensor *results, char **error) {
    guarded(error, [&] {
        auto input = constant(x), projection = constant(half_turns);
        check_matrices(input, projection);
        const int64_t batch = input.size(0), rows = input.size(1), columns = input.size(2), positions = input.size(3);
        const int64_t frequencies = projection.size(1), width = 1 + 2 * frequencies;
        auto room = at::zeros({(1 + positions + columns * positions) * LiftedMeans::stride(frequencies)}, input.options());
        auto row_means = at::empty({batch, rows, positions * width}, input.options());
        auto column_means = at::empty({batch, columns, positions * width}, input.options());
        run_vectorized(LiftedMeans{
            {input.numel(), 1, frequencies, elements<float>(input), elements<float>(projection), nullptr}, batch, rows, columns,
            positions, places<float>(room), places<float>(row_means), places<float>(column_means)});
        results[0] = own(row_means);
        results[1] = own(column_means);
    });
}

ct_tensor ct_fourier_grid(ct_tensor x, ct_tensor half_turns, ct_grid *grid, char **error) {
    return guarded(error, [&]() -> ct_tensor {
        auto numbers = constant(x), projection = constant(half_turns);
        check_matrices(numbers, projection);
        const int64_t positions = numbers.size(3), frequencies = projection.size(1);
        if (numbers.numel() == 0 || frequencies == 0) return nullptr;

        const auto [lowest, highest] = at::aminmax(numbers);
        const float density = 2 * projection.abs().max().item<float>();
        const double from = lowest.item<double>() * density, to = highest.item<double>() * density;
        constexpr double exact = 1 << 20; // so far float32 tells a place from the next, and something between them
        if (!(to - from >= SpreadingKernel::taps && std::fmax(-from, to) < exact)) return nullptr;
        const auto first = static_cast<int64_t>(std::floor(from)) - SpreadingKernel::below;
        const auto count = static_cast<int64_t>(std::floor(to)) + SpreadingKernel::taps - SpreadingKernel::below - first;
        if (4 * count * positions > numbers.numel()) return nullptr;
        *grid = {first, density, CT_FLOAT32};

        auto scales = at::empty({1 + 2 * frequencies}, projection.options());
        const auto &kernel = SpreadingKernel::shared();
        float *scale = places<float>(scales);
        for (int64_t f = 0; f < frequencies; ++f) {
            const double angle = M_PI * elements<float>(projection)[f] / density; // from place to place
            scale[1 + f] = scale[1 + frequencies + f] = static_cast<float>(1 / kernel.transform(angle));
        }
        scale[0] = static_cast<float>(1 / kernel.transform(0));
        auto at_places = at::arange(first, first + count, at::kDouble).div(static_cast<double>(density)).to(at::kFloat);
        return own(lifted(at_places.unsqueeze(1), projection).mul_(scales));
    });
}
