#include "ThinProduct.hpp"
#include "MatrixStorage.hpp"
#include "Panels.hpp"

#include <ATen/record_function.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/empty.h>

using namespace ctorch;

namespace {

/// `y = x w + bias` for `x` `[rows, read]` and `w` `[read, written]`.
struct ThinProduct {
    int64_t rows, read, written;
    const float *x, *w, *bias; // no bias is null
    float *y;

    template <int bytes> INLINE void run() const {
        constexpr int64_t depth = 16; // rows of the weight at a time, so that sums need not be loaded for each
        for (int64_t r = 0; r < rows; ++r)
            for (int64_t c = 0; c < written; ++c) y[r * written + c] = bias ? bias[c] : 0;
        for (int64_t k = 0; k < read; k += depth)
            for_each_piece(rows, [&]<int count>(int64_t row) INLINE_LAMBDA {
                int64_t c = 0;
                constexpr int64_t panel = Panel<float, bytes>::size;
                for (; c + panel <= written; c += panel) add<count, 2, bytes>(row, k, std::min(k + depth, read), c);
                for (; c < written; c += panel / 2) add<count, 1, bytes>(row, k, std::min(k + depth, read), c);
            });
    }

    /// `y += x w` for some rows, and a few vectors of columns from `c` on.
    template <int count, int vectors, int bytes>
    INLINE void add(int64_t row, int64_t first, int64_t last, int64_t c) const {
        using V = Vector<float, bytes>;
        const int64_t valid = vectors == 1 ? written - c : V::lanes;
        typename V::Lanes sums[count][vectors];
        UNROLLED for (int r = 0; r < count; ++r)
            UNROLLED for (int v = 0; v < vectors; ++v)
                sums[r][v] = V::load(y + (row + r) * written + c + v * V::lanes, valid);
        for (int64_t k = first; k < last; ++k) {
            typename V::Lanes right[vectors];
            UNROLLED for (int v = 0; v < vectors; ++v) right[v] = V::load(w + k * written + c + v * V::lanes, valid);
            UNROLLED for (int r = 0; r < count; ++r)
                UNROLLED for (int v = 0; v < vectors; ++v) sums[r][v] += x[(row + r) * read + k] * right[v];
        }
        UNROLLED for (int r = 0; r < count; ++r)
            UNROLLED for (int v = 0; v < vectors; ++v)
                V::store(y + (row + r) * written + c + v * V::lanes, sums[r][v], valid);
    }
};

/// `y = x wᵀ` for `x` `[rows, written]` and `w` `[read, written]`.
struct ThinProductWithTransposed {
    int64_t rows, read, written;
    const float *x, *w;
    float *y;

    template <int bytes> INLINE void run() const {
        int64_t k = 0;
        for (; k + 2 <= read; k += 2)
            for_each_piece(rows, [&]<int count>(int64_t row) INLINE_LAMBDA {
                sum<count, 2, bytes>(row, k);
            });
        if (k < read)
            for_each_piece(rows, [&]<int count>(int64_t row) INLINE_LAMBDA {
                sum<count, 1, bytes>(row, k);
            });
    }

    /// Some rows and columns of `y`.
    template <int count, int columns, int bytes> INLINE void sum(int64_t row, int64_t k) const {
        using V = Vector<float, bytes>;
        typename V::Lanes sums[count][columns] = {};
        int64_t c = 0;
        const auto step = [&](int64_t valid) INLINE_LAMBDA {
            typename V::Lanes right[columns];
            UNROLLED for (int i = 0; i < columns; ++i) right[i] = V::load(w + (k + i) * written + c, valid);
            UNROLLED for (int r = 0; r < count; ++r) {
                const auto left = V::load(x + (row + r) * written + c, valid);
                UNROLLED for (int i = 0; i < columns; ++i) sums[r][i] += left * right[i];
            }
        };
        for (; c + V::lanes <= written; c += V::lanes) step(V::lanes);
        if (c < written) step(written - c);
        for (int r = 0; r < count; ++r)
            for (int i = 0; i < columns; ++i) y[(row + r) * read + k + i] = V::sum(sums[r][i]);
    }
};

/// With more rows, a product takes libtorch longer than to arrange the weight.
constexpr int64_t most_rows = 32;

bool is_plain(const at::Tensor &tensor) { return tensor.is_cpu() && tensor.scalar_type() == at::kFloat; }

bool is_thin(const at::Tensor &x, const at::Tensor &weight) {
    return x.size(0) <= most_rows && is_plain(x) && is_plain(weight) && weight.is_contiguous();
}

} // namespace

at::Tensor ctorch::product(const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias) {
    if (!is_thin(x, weight) || (bias && !(is_plain(*bias) && bias->is_contiguous())))
        return bias ? at::addmm(*bias, x, weight) : x.mm(weight);
    RECORD_FUNCTION(fused_product, c10::ArrayRef<const c10::IValue>());
    const int64_t rows = x.size(0), read = weight.size(0), written = weight.size(1);
    auto left = x.contiguous();
    auto result = at::empty({rows, written}, x.options());
    run_vectorized(ThinProduct{
        rows, read, written, elements<float>(left), elements<float>(weight), bias ? elements<float>(*bias) : nullptr,
        places<float>(result)});
    return result;
}

at::Tensor ctorch::product_with_transposed(const at::Tensor &x, const at::Tensor &weight) {
    if (!is_thin(x, weight)) return x.mm(weight.t());
    RECORD_FUNCTION(fused_product, c10::ArrayRef<const c10::IValue>());
    const int64_t rows = x.size(0), read = weight.size(0), written = weight.size(1);
    auto left = x.contiguous();
    auto result = at::empty({rows, read}, x.options());
    run_vectorized(ThinProductWithTransposed{
        rows, read, written, elements<float>(left), elements<float>(weight), places<float>(result)});
    return result;
}
