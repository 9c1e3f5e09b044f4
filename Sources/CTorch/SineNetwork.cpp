// The mean squared error of batches of small sine networks, with its gradients, in one pass over the pixels.
//
// A tile of pixels goes through a network forward and backward while everything about it lies in the first caches:
// nothing larger than a tile is ever stored. Rows of a tile are neurons, columns are pixels.

#include "Guard.hpp"
#include "Vectorized.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <array>

using namespace ctorch;

namespace {

constexpr int64_t tile = 64;
constexpr int64_t lanes = 8;

typedef float Floats __attribute__((vector_size(lanes * sizeof(float))));
typedef int32_t Ints __attribute__((vector_size(lanes * sizeof(int32_t))));

/// A weight matrix, read as it is or transposed.
struct Matrix {
    const float *elements;
    int64_t row_stride, column_stride, columns;
};

/// `count` consecutive rows of `y = m x + bias`.
template <int count>
INLINE void multiply_rows(const Matrix &m, int64_t row, const float *bias, const float *x, float *y, int64_t pixels) {
    const float *weights = m.elements + row * m.row_stride;
    for (int64_t pixel = 0; pixel < pixels; pixel += 2 * lanes) {
        Floats sums[count][2];
        for (int r = 0; r < count; ++r) sums[r][0] = sums[r][1] = (Floats){} + (bias ? bias[row + r] : 0.0f);
        for (int64_t k = 0; k < m.columns; ++k) {
            auto values = reinterpret_cast<const Floats *>(x + k * tile + pixel);
            for (int r = 0; r < count; ++r) {
                float weight = weights[r * m.row_stride + k * m.column_stride];
                sums[r][0] += weight * values[0];
                sums[r][1] += weight * values[1];
            }
        }
        for (int r = 0; r < count; ++r) {
            auto results = reinterpret_cast<Floats *>(y + (row + r) * tile + pixel);
            results[0] = sums[r][0];
            results[1] = sums[r][1];
        }
    }
}

/// `y = m x + bias`, without a bias when it is null.
INLINE void multiply(const Matrix &m, int64_t rows, const float *bias, const float *x, float *y, int64_t pixels) {
    int64_t row = 0;
    for (; row + 4 <= rows; row += 4) multiply_rows<4>(m, row, bias, x, y, pixels);
    for (; row < rows; ++row) multiply_rows<1>(m, row, bias, x, y, pixels);
}

INLINE float horizontal_sum(const Floats &v) {
    return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}

/// A block of `m += e hᵀ`, where `m` has `columns` columns in all.
template <int rows, int width>
INLINE void add_outer_block(const float *e, const float *h, float *m, int64_t columns, int64_t pixels) {
    Floats sums[rows][width] = {};
    for (int64_t pixel = 0; pixel < pixels; pixel += lanes) {
        Floats right[width];
        for (int k = 0; k < width; ++k) right[k] = *reinterpret_cast<const Floats *>(h + k * tile + pixel);
        for (int r = 0; r < rows; ++r) {
            Floats left = *reinterpret_cast<const Floats *>(e + r * tile + pixel);
            for (int k = 0; k < width; ++k) sums[r][k] += left * right[k];
        }
    }
    for (int r = 0; r < rows; ++r)
        for (int k = 0; k < width; ++k) m[r * columns + k] += horizontal_sum(sums[r][k]);
}

/// `m += e hᵀ`, summed over pixels.
INLINE void add_outer(const float *e, int64_t rows, const float *h, int64_t columns, float *m, int64_t pixels) {
    int64_t row = 0;
    for (; row + 4 <= rows; row += 4) {
        int64_t k = 0;
        for (; k + 2 <= columns; k += 2)
            add_outer_block<4, 2>(e + row * tile, h + k * tile, m + row * columns + k, columns, pixels);
        for (; k < columns; ++k)
            add_outer_block<4, 1>(e + row * tile, h + k * tile, m + row * columns + k, columns, pixels);
    }
    for (; row < rows; ++row)
        for (int64_t k = 0; k < columns; ++k)
            add_outer_block<1, 1>(e + row * tile, h + k * tile, m + row * columns + k, columns, pixels);
}

/// `s = sin(ω z)` and `c = ω cos(ω z)`, in place of `z` and beside it.
///
/// The argument is brought to ±π/4 by a three-part π/2; there, minimax polynomials in its square are good to 1e-8.
INLINE void sine_and_slope(float *z, float *slope, int64_t rows, int64_t pixels, float omega) {
    for (int64_t row = 0; row < rows; ++row) {
        for (int64_t pixel = 0; pixel < pixels; pixel += lanes) {
            auto place = reinterpret_cast<Floats *>(z + row * tile + pixel);
            Floats x = *place * omega;
            const float rounding = 12582912.0f; // 1.5 · 2²³: adding it leaves the nearest integer in the low bits
            Floats shifted = x * 0.636619772f + rounding;
            Ints quadrant = (Ints)shifted;
            Floats turns = shifted - rounding;
            Floats r = x - turns * 1.5703125f - turns * 4.837512969970703e-4f - turns * 7.549790126404332e-8f;
            Floats u = r * r;
            Floats sine = r + r * u * (-1.666666467e-1f + u * (8.332748998e-3f + u * -1.958800886e-4f));
            Floats cosine =
                1.0f - 0.5f * u + u * u * (4.166666466e-2f + u * (-1.388830364e-3f + u * 2.454804054e-5f));
            Ints exchanged = ((Ints)sine ^ (Ints)cosine) & -(quadrant & 1); // in odd quadrants sine is cosine
            *place = (Floats)(((Ints)sine ^ exchanged) ^ ((quadrant & 2) << 30));
            Floats turned = (Floats)(((Ints)cosine ^ exchanged) ^ (((quadrant + 1) & 2) << 30));
            *reinterpret_cast<Floats *>(slope + row * tile + pixel) = turned * omega;
        }
    }
}

struct Layer {
    int64_t inputs, outputs;
    float omega; // zero for the last layer, which is linear
    const float *weights, *biases;
    float *weight_gradients, *bias_gradients;
    float *values, *slopes; // of a tile, `[outputs, tile]`
};

struct Pixels {
    int64_t count, coordinates, channels;
    const float *points;  // `[coordinates, count]`
    const float *targets; // `[channels, count]`
};

/// Adds one network's gradients of the mean squared error to zeroed places, and returns that error.
///
/// `errors` are two buffers of `[widest layer, tile]`, `input` is `[coordinates, tile]`.
VECTORIZED float network_gradients(
    Layer *layers, int64_t layer_count, const Pixels &pixels, float *input, float *errors, float *next_errors) {
    const float scale = 2.0f / static_cast<float>(pixels.count * pixels.channels);
    float sum = 0;
    for (int64_t start = 0; start < pixels.count; start += tile) {
        const int64_t real = std::min(tile, pixels.count - start);
        const int64_t padded = (real + 2 * lanes - 1) / (2 * lanes) * (2 * lanes);
        for (int64_t k = 0; k < pixels.coordinates; ++k) {
            std::memset(input + k * tile, 0, tile * sizeof(float));
            std::memcpy(input + k * tile, pixels.points + k * pixels.count + start, real * sizeof(float));
        }
        const float *x = input;
        for (int64_t l = 0; l < layer_count; ++l) {
            Layer &layer = layers[l];
            Matrix weights{layer.weights, layer.inputs, 1, layer.inputs};
            multiply(weights, layer.outputs, layer.biases, x, layer.values, padded);
            if (layer.omega != 0) sine_and_slope(layer.values, layer.slopes, layer.outputs, padded, layer.omega);
            x = layer.values;
        }
        std::memset(errors, 0, pixels.channels * tile * sizeof(float));
        for (int64_t channel = 0; channel < pixels.channels; ++channel) {
            for (int64_t pixel = 0; pixel < real; ++pixel) {
                float error = x[channel * tile + pixel] - pixels.targets[channel * pixels.count + start + pixel];
                sum += error * error;
                errors[channel * tile + pixel] = scale * error;
            }
        }
        for (int64_t l = layer_count - 1; l >= 0; --l) {
            Layer &layer = layers[l];
            add_outer(errors, layer.outputs, l > 0 ? layers[l - 1].values : input, layer.inputs, layer.weight_gradients,
                padded);
            for (int64_t o = 0; o < layer.outputs; ++o) {
                Floats total = {};
                for (int64_t p = 0; p < padded; p += lanes)
                    total += *reinterpret_cast<const Floats *>(errors + o * tile + p);
                layer.bias_gradients[o] += horizontal_sum(total);
            }
            if (l == 0) break;
            Matrix transposed{layer.weights, 1, layer.inputs, layer.outputs};
            multiply(transposed, layer.inputs, nullptr, errors, next_errors, padded);
            for (int64_t k = 0; k < layer.inputs; ++k)
                for (int64_t p = 0; p < padded; p += lanes)
                    *reinterpret_cast<Floats *>(next_errors + k * tile + p) *=
                        *reinterpret_cast<const Floats *>(layers[l - 1].slopes + k * tile + p);
            std::swap(errors, next_errors);
        }
    }
    return 0.5f * scale * sum;
}

} // namespace

ct_tensor ct_sine_network_gradients(
    ct_tensors parameters, ct_tensor points, ct_tensor targets, double first_omega, double hidden_omega,
    ct_tensor *gradients, char **error) {
    return make(error, [&] {
        const int64_t layer_count = static_cast<int64_t>(parameters.count / 2);
        std::vector<at::Tensor> values, results;
        for (auto &parameter : list(parameters)) {
            TORCH_CHECK(parameter.is_cpu() && parameter.scalar_type() == at::kFloat, "expected float32 on the CPU");
            values.push_back(parameter.detach().contiguous());
            results.push_back(at::zeros(parameter.sizes(), parameter.options()));
        }
        auto columns = borrow(points).detach().t().contiguous();
        auto colours = borrow(targets).detach().transpose(1, 2).contiguous();
        const int64_t networks = colours.size(0), channels = colours.size(1), pixels = colours.size(2);
        int64_t widest = columns.size(0), rows = 0;
        for (int64_t l = 0; l < layer_count; ++l) {
            widest = std::max(widest, values[2 * l].size(1));
            rows += 2 * values[2 * l].size(1);
        }
        auto options = values[0].options();
        auto losses = at::empty({networks}, options);
        auto scratch = at::empty({rows + columns.size(0) + 2 * widest, tile}, options);
        std::vector<Layer> layers(layer_count);
        for (int64_t n = 0; n < networks; ++n) {
            float *room = scratch.mutable_data_ptr<float>();
            for (int64_t l = 0; l < layer_count; ++l) {
                const int64_t outputs = values[2 * l].size(1), inputs = values[2 * l].size(2);
                const bool is_last = l == layer_count - 1;
                layers[l] = {
                    inputs, outputs, static_cast<float>(is_last ? 0 : l == 0 ? first_omega : hidden_omega),
                    values[2 * l].const_data_ptr<float>() + n * outputs * inputs,
                    values[2 * l + 1].const_data_ptr<float>() + n * outputs,
                    results[2 * l].mutable_data_ptr<float>() + n * outputs * inputs,
                    results[2 * l + 1].mutable_data_ptr<float>() + n * outputs, room, room + outputs * tile};
                room += 2 * outputs * tile;
            }
            float *input = room, *errors = input + columns.size(0) * tile;
            Pixels seen{
                pixels, columns.size(0), channels, columns.const_data_ptr<float>(),
                colours.const_data_ptr<float>() + n * channels * pixels};
            losses.mutable_data_ptr<float>()[n] =
                network_gradients(layers.data(), layer_count, seen, input, errors, errors + widest * tile);
        }
        for (size_t i = 0; i < results.size(); ++i) gradients[i] = own(results[i]);
        return losses;
    });
}
