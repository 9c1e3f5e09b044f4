// Adam on sine networks that draw pictures; each stays in a core's first caches from its first step to its last.
//
// Padding is zero and stays zero: a padded neuron's sine is zero, and so are the weights that lead away from it.

#pragma once

#include "Rooms.hpp"
#include "SineTile.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace ctorch {

/// Steps of Adam on the mean squared errors of some networks, one network after the other.
struct SineDescent {
    /// One step is `θ -= step · m / (root · √v + ε)`.
    struct Rate {
        float step, root;
    };

    std::vector<int64_t> widths; // from two coordinates to colours
    float first_omega, hidden_omega;
    float beta1, beta2, epsilon;
    std::vector<Rate> rates;     // one for each step
    int64_t networks;
    int64_t height, width;
    const float *rows, *columns; // coordinates, `[height]` and `[width]`
    const float *targets;        // `[networks, height, width, colours]`
    int64_t seen;                // pixels that a step sees
    const int64_t *samples;      // which they are, `[steps, seen]`, or null for all in order
    float *state;                // `[networks, 3, parameters]`: weights and biases by turns, then both moments

    template <int bytes> INLINE void run() const;
};

/// What `SineDescent` needs to run.
template <int bytes> class SineDescentRun {
    using Tile = SineTile<bytes>;
    using Floats = typename Tile::Floats;

    struct Layer {
        int64_t inputs, outputs;
        bool is_last;
        float omega;             // one for the last layer, which is linear
        int64_t weights, biases; // where they begin among the padded parameters
        int64_t stride;          // of the weights `[inputs, outputs]`, in the last layer `[outputs, inputs]`
        Matrix transposed;       // ω W, `[outputs, inputs]`
        Matrix sines, slopes;    // of a tile; slopes, without the factor ω, become errors
    };

    struct Pixel {
        int32_t row, column, place;
    };

    const SineDescent &task;
    Rooms rooms;
    std::vector<Layer> layers;
    std::vector<int64_t> places; // of the parameters among the padded ones
    int64_t padded_count = 0;
    float *values, *first, *second, *gradients;
    float *phases; // the hidden layers' parameters times ω/π, for phases in half turns
    Matrix waves;  // of the first layer, for each row and each column of the picture: sines, then cosines
    Matrix errors; // of a tile of colours
    Matrix points; // coordinates of the pixels that are seen, for each step
    std::vector<Pixel> pixels;
    int64_t pixels_per_step; // rounded up to whole blocks

    Matrix matrix(int64_t rows, int64_t columns) {
        const int64_t stride = Tile::padded(columns);
        return {rooms.zeros(rows * stride), stride};
    }

    INLINE Matrix weights(const Layer &layer, float *parameters) const {
        return {parameters + layer.weights, layer.stride};
    }

    void place_parameters() {
        const int64_t count = static_cast<int64_t>(task.widths.size()) - 1;
        for (int64_t l = 0; l < count; ++l) {
            Layer layer{task.widths[l], task.widths[l + 1], l == count - 1};
            layer.omega = layer.is_last ? 1 : l == 0 ? task.first_omega : task.hidden_omega;
            layer.stride = Tile::padded(layer.is_last ? layer.inputs : layer.outputs);
            layer.weights = padded_count;
            layer.biases = layer.weights + (layer.is_last ? layer.outputs : layer.inputs) * layer.stride;
            padded_count = layer.biases + Tile::padded(layer.outputs);
            for (int64_t o = 0; o < layer.outputs; ++o)
                for (int64_t i = 0; i < layer.inputs; ++i)
                    places.push_back(
                        layer.weights + (layer.is_last ? o * layer.stride + i : i * layer.stride + o));
            for (int64_t o = 0; o < layer.outputs; ++o) places.push_back(layer.biases + o);
            if (!layer.is_last) {
                layer.transposed = matrix(layer.outputs, layer.inputs);
                layer.sines = matrix(Tile::pixels, layer.outputs);
                layer.slopes = matrix(Tile::pixels, layer.outputs);
            }
            layers.push_back(layer);
        }
        for (float **parameters : {&values, &first, &second, &gradients, &phases}) *parameters = rooms.zeros(padded_count);
    }

    void place_pixels() {
        const int64_t steps = task.samples ? static_cast<int64_t>(task.rates.size()) : 1;
        pixels_per_step = (task.seen + Tile::block - 1) / Tile::block * Tile::block;
        pixels.resize(steps * pixels_per_step);
        points = matrix(steps * pixels_per_step, 2);
        for (int64_t s = 0; s < steps; ++s) {
            for (int64_t p = 0; p < task.seen; ++p) {
                const int64_t index = s * pixels_per_step + p;
                const int32_t place = task.samples ? task.samples[s * task.seen + p] : p;
                const int32_t row = place / task.width, column = place % task.width;
                pixels[index] = {row, column, place};
                points.row(index)[0] = task.rows[row];
                points.row(index)[1] = task.columns[column];
            }
        }
    }

    INLINE void prepare_weights() {
        for (const Layer &layer : layers) {
            if (layer.is_last) continue;
            const float half_turns = layer.omega * 0.318309886f;
            for (int64_t i = layer.weights; i < layer.biases + layer.stride; i += Tile::lanes)
                Tile::at(phases + i) = Tile::at(values + i) * half_turns;
            const Matrix w = weights(layer, values);
            for (int64_t o = 0; o < layer.outputs; ++o)
                for (int64_t i = 0; i < layer.inputs; ++i) layer.transposed.row(o)[i] = layer.omega * w.row(i)[o];
        }
    }

    /// On a grid, a phase in the first layer is one of the row plus one of the column, and the sine and cosine of a sum
    /// are made of products: so there are only as many to compute as rows and columns.
    INLINE void prepare_waves() {
        const Layer &layer = layers[0];
        const Matrix w = weights(layer, phases);
        for (int64_t i = 0; i < task.height + task.width; ++i) {
            const bool is_row = i < task.height;
            const float coordinate = is_row ? task.rows[i] : task.columns[i - task.height];
            for (int64_t v = 0; v < layer.stride; v += Tile::lanes) {
                Floats z[1] = {coordinate * Tile::at(w.row(is_row ? 0 : 1) + v)}, cosine[1];
                if (is_row) z[0] += Tile::at(phases + layer.biases + v);
                Tile::template sines_and_cosines<1>(z, cosine);
                Tile::at(waves.row(i) + v) = z[0];
                Tile::at(waves.row(i) + layer.stride + v) = cosine[0];
            }
        }
    }

    INLINE void first_layer(const Pixel *seen, int64_t count) {
        const Matrix sines = layers[0].sines, slopes = layers[0].slopes, table = waves;
        const int64_t stride = sines.stride, height = task.height;
        for (int64_t p = 0; p < count; ++p) {
            const float *row = table.row(seen[p].row), *column = table.row(height + seen[p].column);
            float *sine = sines.row(p), *slope = slopes.row(p);
            for (int64_t v = 0; v < stride; v += Tile::lanes) {
                const Floats row_sine = Tile::at(row + v), row_cosine = Tile::at(row + stride + v);
                const Floats column_sine = Tile::at(column + v), column_cosine = Tile::at(column + stride + v);
                Tile::at(sine + v) = row_sine * column_cosine + row_cosine * column_sine;
                Tile::at(slope + v) = row_cosine * column_cosine - row_sine * column_sine;
            }
        }
    }

    INLINE void hidden_layer(const Layer &layer, Matrix x, int64_t count) {
        const Matrix w = weights(layer, phases);
        const auto compute = [&]<int vectors>(int64_t column) INLINE_LAMBDA {
            Tile::template forward<vectors>(
                x, layer.inputs, w.from_column(column), phases + layer.biases + column,
                layer.sines.from_column(column), layer.slopes.from_column(column), count);
        };
        Tile::template for_each_column<2>(layer.stride, compute);
    }

    /// The gradients of the mean squared error with respect to a tile's colours, and with respect to their biases.
    INLINE void last_layer(Matrix x, const float *targets, const Pixel *seen, int64_t real, int64_t count) {
        const Layer &layer = layers.back();
        const Matrix e = errors;
        const int64_t stride = layer.stride, colours = layer.outputs;
        const float scale = 2.0f / static_cast<float>(task.seen * colours);
        for (int64_t o = 0; o < colours; ++o) {
            const float *w = weights(layer, values).row(o), bias = values[layer.biases + o];
            float total = 0;
            for (int64_t pixel = 0; pixel < count; pixel += Tile::block) {
                Floats sums[Tile::block] = {};
                for (int64_t v = 0; v < stride; v += Tile::lanes)
                    UNROLLED for (int p = 0; p < Tile::block; ++p)
                        sums[p] += Tile::at(x.row(pixel + p) + v) * Tile::at(w + v);
                for (int64_t p = 0; p < Tile::block; ++p) {
                    const float colour = Vector<float, bytes>::sum(sums[p]) + bias;
                    const float target = targets[seen[pixel + p].place * colours + o];
                    const float error = pixel + p < real ? scale * (colour - target) : 0;
                    e.row(pixel + p)[o] = error;
                    total += error;
                }
            }
            gradients[layer.biases + o] += total;
        }
    }

    INLINE void add_outer(Matrix a, int64_t rows, Matrix b, Matrix m, int64_t count) {
        const auto add = [&]<int vectors>(int64_t column) INLINE_LAMBDA {
            Tile::template add_outer<vectors>(a, rows, b.from_column(column), m.from_column(column), count);
        };
        if (rows < 4) Tile::template for_each_column<4>(m.stride, add);
        else Tile::template for_each_column<2>(m.stride, add);
    }

    /// From the errors after a layer, `[pixels, outputs]`, to those inside the layer below.
    INLINE void go_back(Matrix e, int64_t outputs, Matrix w, const Layer &below, int64_t count) {
        const auto compute = [&]<int vectors>(int64_t column) INLINE_LAMBDA {
            Tile::template backward<vectors>(
                e, outputs, w.from_column(column), below.slopes.from_column(column), gradients + below.biases + column,
                count);
        };
        Tile::template for_each_column<2>(below.stride, compute);
    }

    /// Adds a tile's part of the gradients; those of a hidden layer lack the factor ω.
    INLINE void add_gradients(const float *targets, const Pixel *seen, Matrix input, int64_t real) {
        const int64_t count = (real + Tile::block - 1) / Tile::block * Tile::block;
        Matrix x = input;
        for (const Layer &layer : layers) {
            if (layer.is_last) break;
            if (waves.elements && &layer == &layers[0]) first_layer(seen, count);
            else hidden_layer(layer, x, count);
            x = layer.sines;
        }
        last_layer(x, targets, seen, real, count);
        const Layer &last = layers.back();
        add_outer(errors, last.outputs, x, weights(last, gradients), count);
        for (int64_t l = static_cast<int64_t>(layers.size()) - 2; l >= 0; --l) {
            const Layer &layer = layers[l], &above = layers[l + 1];
            const Matrix before = l > 0 ? layers[l - 1].sines : input;
            if (above.is_last) go_back(errors, above.outputs, weights(above, values), layer, count);
            else go_back(above.slopes, above.outputs, above.transposed, layer, count);
            add_outer(before, layer.inputs, layer.slopes, weights(layer, gradients), count);
        }
    }

    INLINE void move(const SineDescent::Rate &rate) {
        for (const Layer &layer : layers) {
            for (int64_t i = layer.weights; i < layer.biases + Tile::padded(layer.outputs); i += Tile::lanes) {
                const Floats gradient = Tile::at(gradients + i) * layer.omega;
                Floats &mean = Tile::at(first + i), &square = Tile::at(second + i);
                mean = task.beta1 * mean + (1 - task.beta1) * gradient;
                square = task.beta2 * square + (1 - task.beta2) * (gradient * gradient);
                Tile::at(values + i) -=
                    rate.step * mean / (rate.root * __builtin_elementwise_sqrt(square) + task.epsilon);
                Tile::at(gradients + i) = Floats{};
            }
        }
    }

public:
    explicit SineDescentRun(const SineDescent &task) : task(task) {
        place_parameters();
        place_pixels();
        errors = matrix(Tile::pixels, task.widths.back());
        const bool pays = layers.size() > 1 && task.height + task.width <= task.seen;
        const int64_t stride = 2 * layers[0].stride;
        waves = {pays ? rooms.zeros((task.height + task.width) * stride) : nullptr, stride};
    }

    INLINE void run() {
        const int64_t count = static_cast<int64_t>(places.size());
        for (int64_t n = 0; n < task.networks; ++n) {
            const float *targets = task.targets + n * task.height * task.width * task.widths.back();
            float *state = task.state + n * 3 * count, *parts[] = {values, first, second};
            for (int64_t part = 0; part < 3; ++part)
                for (int64_t i = 0; i < count; ++i) parts[part][places[i]] = state[part * count + i];
            for (size_t step = 0; step < task.rates.size(); ++step) {
                const int64_t begin = task.samples ? step * pixels_per_step : 0;
                prepare_weights();
                if (waves.elements) prepare_waves();
                for (int64_t start = 0; start < task.seen; start += Tile::pixels)
                    add_gradients(
                        targets, pixels.data() + begin + start, {points.row(begin + start), points.stride},
                        std::min(Tile::pixels, task.seen - start));
                move(task.rates[step]);
            }
            for (int64_t part = 0; part < 3; ++part)
                for (int64_t i = 0; i < count; ++i) state[part * count + i] = parts[part][places[i]];
        }
    }
};

template <int bytes> INLINE void SineDescent::run() const { SineDescentRun<bytes>(*this).run(); }

} // namespace ctorch
