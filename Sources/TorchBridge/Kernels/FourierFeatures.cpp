#include "MatrixStorage.hpp"
#include "SineTile.hpp"

#include <ATen/ops/empty.h>

using namespace ctorch;

namespace {

/// `[x, sin π x w, cos π x w]` for `x` `[count, channels]` and `w` `[channels, frequencies]`.
struct Lifting {
    int64_t count, channels, frequencies;
    const float *x, *w;
    float *y;

    template <int bytes> INLINE void run() const {
        constexpr int side_by_side = 4;
        constexpr int64_t lanes = Vector<float, bytes>::lanes;
        for (int64_t i = 0; i < count; ++i) {
            const float *from = x + i * channels;
            float *to = y + i * (channels + 2 * frequencies);
            for (int64_t c = 0; c < channels; ++c) *to++ = from[c];
            int64_t f = 0;
            for (; f + side_by_side * lanes <= frequencies; f += side_by_side * lanes) lift<side_by_side, bytes>(from, to, f);
            for (; f < frequencies; f += lanes) lift<1, bytes>(from, to, f);
        }
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

} // namespace

ct_tensor ct_fourier_features(ct_tensor x, ct_tensor half_turns, char **error) {
    return make(error, [&] {
        auto input = borrow(x).detach().contiguous(), projection = borrow(half_turns).detach().contiguous();
        for (auto &tensor : {input, projection})
            TORCH_CHECK(tensor.is_cpu() && tensor.scalar_type() == at::kFloat, "expected float32 on the CPU");
        TORCH_CHECK(
            input.dim() == 2 && projection.dim() == 2 && input.size(1) == projection.size(0),
            "expected x [count, channels] and half turns [channels, frequencies]");
        const int64_t count = input.size(0), channels = input.size(1), frequencies = projection.size(1);
        auto result = at::empty({count, channels + 2 * frequencies}, input.options());
        run_vectorized(Lifting{
            count, channels, frequencies, elements<float>(input), elements<float>(projection), places<float>(result)});
        return result;
    });
}
