// Image classifiers forward and backward, one after the other, on a few images at a time that stay in a core's caches.

#pragma once

#include "CTorchFunctions.h"
#include "ClassifierTile.hpp"
#include "Rooms.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

namespace ctorch {

/// What some classifiers of one architecture compute from some images, and the gradients of their mean losses.
struct ClassifierPass {
    /// One layer; dense layers have a kernel of one, on pictures of one pixel.
    struct Layer {
        int64_t inputs, outputs;
        int64_t rows, columns; // of the input
        ct_convolution shape;

        int64_t padded(int64_t side) const { return side + 2 * shape.zeros; }
        int64_t after(int64_t side) const { return (padded(side) - shape.kernel) / shape.stride + 1; }
        int64_t weights() const { return outputs * inputs * shape.kernel * shape.kernel; }
    };

    std::vector<Layer> layers;
    size_t convolutions; // so many of the layers, whose mean over all places the next one reads,
    bool is_flattened;   // or all places of every channel
    ct_activation activation;
    int64_t networks, parameters, images;
    const float *rows;     // `[networks, parameters]`: weights `[outputs, inputs, kernel, kernel]` and biases by turns
    const float *pictures; // `[images, channels, rows, columns]`
    const float *factors;  // of what hidden neurons compute, `[networks, neurons, images]`, or null
    float *logits;         // `[networks, images, classes]`, or null
    const int64_t *labels; // of each image, or null where no gradients are asked for
    double *losses;        // the mean of `−log p(label)` of each network, to add to
    float *gradients;      // `[networks, parameters]`, to add to

    template <int bytes> INLINE void run() const;
};

/// What `ClassifierPass` needs to run.
template <int bytes> class ClassifierRun {
    using Tile = ClassifierTile<bytes>;
    using Floats = typename Tile::Floats;
    static constexpr int64_t lanes = Tile::lanes;

    /// What lies between two layers: a plane for each channel, with zeros around it where the next layer wants them.
    struct Planes {
        int64_t channels, size; // a plane's size in floats
        std::vector<int32_t> inside;
        float *values, *errors;

        INLINE float *value(int64_t channel, int64_t place) const { return values + channel * size + inside[place]; }
        INLINE float *error(int64_t channel, int64_t place) const { return errors + channel * size + inside[place]; }
    };

    struct Layer {
        const ClassifierPass::Layer &shape;
        Taps taps;
        const Planes &input, &output;
        int64_t weights, biases, neurons; // where they begin among all
        float *slopes;                    // `[outputs, places]`; become the errors before the nonlinearity

        INLINE int64_t places() const { return taps.bases.size(); }
    };

    const ClassifierPass &task;
    int64_t groups; // vectors of images in a chunk, a power of two
    Rooms rooms;
    std::vector<Planes> planes;
    std::vector<Layer> layers;
    float *scales; // the factors of a layer, `[outputs, groups]`

    void add_planes(int64_t channels, int64_t rows, int64_t columns, int64_t zeros) {
        const int64_t width = columns + 2 * zeros, size = (rows + 2 * zeros) * width * groups * lanes;
        float *values = zeros > 0 ? rooms.zeros(channels * size) : rooms.uninitialized(channels * size);
        Planes result{channels, size, {}, values, rooms.uninitialized(channels * size)};
        for (int64_t row = zeros; row < rows + zeros; ++row)
            for (int64_t column = zeros; column < columns + zeros; ++column)
                for (int64_t group = 0; group < groups; ++group)
                    result.inside.push_back(((row * width + column) * groups + group) * lanes);
        planes.push_back(std::move(result));
    }

    /// Every place of the last planes as a channel of its own, where they lie.
    void flatten_planes() {
        const Planes &last = planes.back();
        const int64_t size = groups * lanes;
        Planes result{last.channels * last.size / size, size, {}, last.values, last.errors};
        for (int64_t group = 0; group < groups; ++group) result.inside.push_back(group * lanes);
        planes.push_back(std::move(result));
    }

    Taps taps(const ClassifierPass::Layer &layer, int64_t size) const {
        Taps result;
        const int64_t width = layer.padded(layer.columns), stride = layer.shape.stride, kernel = layer.shape.kernel;
        for (int64_t row = 0; row < layer.after(layer.rows); ++row)
            for (int64_t column = 0; column < layer.after(layer.columns); ++column)
                for (int64_t group = 0; group < groups; ++group)
                    result.bases.push_back(((row * width + column) * stride * groups + group) * lanes);
        for (int64_t input = 0; input < layer.inputs; ++input)
            for (int64_t row = 0; row < kernel; ++row)
                for (int64_t column = 0; column < kernel; ++column)
                    result.taps.push_back(input * size + (row * width + column) * groups * lanes);
        return result;
    }

    INLINE void read_pictures(int64_t first, int64_t count) {
        const Planes &target = planes[0];
        const int64_t pixels = task.layers[0].rows * task.layers[0].columns;
        for (int64_t channel = 0; channel < target.channels; ++channel)
            for (int64_t pixel = 0; pixel < pixels; ++pixel)
                for (int64_t i = 0; i < groups * lanes; ++i)
                    target.value(channel, pixel * groups)[i] =
                        i < count ? task.pictures[((first + i) * target.channels + channel) * pixels + pixel] : 0;
    }

    INLINE void read_factors(const Layer &layer, int64_t network, int64_t first, int64_t count) {
        const int64_t neurons = layers.back().neurons;
        for (int64_t o = 0; o < layer.shape.outputs; ++o)
            for (int64_t i = 0; i < groups * lanes; ++i)
                scales[o * groups * lanes + i] =
                    !task.factors ? 1
                    : i < count ? task.factors[(network * neurons + layer.neurons + o) * task.images + first + i]
                                : 0;
    }

    /// `φ(x)` and its slope.
    INLINE Floats activate(Floats x, Floats &slope) const {
        const Floats zero = {}, one = zero + 1.0f;
        switch (task.activation) {
        case CT_RELU: slope = x > zero ? one : zero; return Vector<float, bytes>::rectified(x);
        case CT_LEAKY_RELU: slope = x > zero ? one : zero + 0.01f; return x * slope;
        case CT_TANH: {
            const Floats value = 1.0f - 2.0f / (Tile::exponential(2.0f * x) + 1.0f);
            slope = 1.0f - value * value;
            return value;
        }
        case CT_SIGMOID: {
            const Floats value = 1.0f / (Tile::exponential(-x) + 1.0f);
            slope = value * (1.0f - value);
            return value;
        }
        case CT_GELU: {
            // erf to 1.5e-7: Abramowitz and Stegun 1964, 7.1.26.
            constexpr float erf[] = {1.061405429f, -1.453152027f, 1.421413741f, -0.284496736f, 0.254829592f};
            const Floats size = (x < zero ? -x : x) * 0.707106781f, bell = Tile::exponential(-size * size);
            const Floats t = 1.0f / (0.3275911f * size + 1.0f);
            Floats tail = zero;
            UNROLLED for (int k = 0; k < 5; ++k) tail = (tail + erf[k]) * t;
            tail *= 0.5f * bell;
            const Floats below = x < zero ? tail : 1.0f - tail;
            slope = below + x * bell * 0.398942280f;
            return x * below;
        }
        }
    }

    INLINE void forward(const Layer &layer, const float *row) {
        const Planes &input = layer.input, &output = layer.output;
        const int64_t places = layer.places();
        const bool is_last = &layer == &layers.back(), has_skip = layer.shape.shape.has_skip;
        Tile::forward(
            layer.taps, input.values, row + layer.weights, row + layer.biases, layer.shape.outputs,
            [&](int64_t o, int64_t p, Floats sum) INLINE_LAMBDA {
                Floats &result = Tile::at(output.value(o, p));
                if (is_last) {
                    result = sum;
                    return;
                }
                Floats slope;
                const Floats value = activate(sum, slope);
                const Floats scale = Tile::at(scales + (o * groups + (p & (groups - 1))) * lanes);
                Tile::at(layer.slopes + (o * places + p) * lanes) = slope * scale;
                result = has_skip ? Tile::at(input.value(o, p)) + value * scale : value * scale;
            });
    }

    /// The mean over all places of what the convolutions compute.
    INLINE void mean() {
        const Planes &from = planes[task.convolutions], &to = planes[task.convolutions + 1];
        const int64_t places = from.inside.size() / groups;
        for (int64_t channel = 0; channel < from.channels; ++channel)
            for (int64_t group = 0; group < groups; ++group) {
                Floats sum = {};
                for (int64_t p = 0; p < places; ++p) sum += Tile::at(from.value(channel, p * groups + group));
                Tile::at(to.value(channel, group)) = sum / static_cast<float>(places);
            }
    }

    INLINE void mean_backward() {
        const Planes &from = planes[task.convolutions], &to = planes[task.convolutions + 1];
        const int64_t places = from.inside.size() / groups;
        for (int64_t channel = 0; channel < from.channels; ++channel)
            for (int64_t p = 0; p < places; ++p)
                for (int64_t group = 0; group < groups; ++group)
                    Tile::at(from.error(channel, p * groups + group)) =
                        Tile::at(to.error(channel, group)) / static_cast<float>(places);
    }

    /// The losses of a chunk, and the errors of its logits.
    INLINE void lose(int64_t network, int64_t first, int64_t count) {
        const Planes &output = planes.back();
        for (int64_t group = 0; group < groups; ++group) {
            Floats largest = Tile::at(output.value(0, group)), sum = {};
            for (int64_t c = 1; c < output.channels; ++c) {
                const Floats logit = Tile::at(output.value(c, group));
                largest = logit > largest ? logit : largest;
            }
            for (int64_t c = 0; c < output.channels; ++c)
                sum += Tile::at(output.error(c, group)) =
                    Tile::exponential(Tile::at(output.value(c, group)) - largest);
            for (int64_t c = 0; c < output.channels; ++c) Tile::at(output.error(c, group)) /= sum;
            for (int64_t lane = 0; lane < lanes; ++lane) {
                const int64_t image = group * lanes + lane;
                const bool is_real = image < count;
                if (is_real) {
                    const int64_t label = task.labels[first + image];
                    const float logit = output.value(label, group)[lane] - largest[lane];
                    task.losses[network] += (std::log(sum[lane]) - logit) / static_cast<double>(task.images);
                    output.error(label, group)[lane] -= 1;
                }
                for (int64_t c = 0; c < output.channels; ++c)
                    output.error(c, group)[lane] *= is_real ? 1.0f / static_cast<float>(task.images) : 0;
            }
        }
    }

    INLINE void backward(const Layer &layer, const float *row, float *gradients) {
        const int64_t places = layer.places(), outputs = layer.shape.outputs;
        const Planes &input = layer.input, &output = layer.output;
        const bool is_last = &layer == &layers.back();
        float *errors = is_last ? output.errors : layer.slopes;
        for (int64_t o = 0; o < outputs; ++o) {
            Floats sum = {};
            for (int64_t p = 0; p < places; ++p) {
                Floats &error = Tile::at(errors + (o * places + p) * lanes);
                if (!is_last) error *= Tile::at(output.error(o, p));
                sum += error;
            }
            gradients[layer.biases + o] += Vector<float, bytes>::sum(sum);
        }
        Tile::add_weight_gradients(layer.taps, input.values, errors, outputs, gradients + layer.weights);
        if (&layer == &layers.front()) return;
        std::memset(input.errors, 0, input.channels * input.size * sizeof(float));
        Tile::add_input_gradients(layer.taps, errors, row + layer.weights, outputs, input.errors);
        if (!layer.shape.shape.has_skip) return;
        for (int64_t o = 0; o < outputs; ++o)
            for (int64_t p = 0; p < places; ++p) Tile::at(input.error(o, p)) += Tile::at(output.error(o, p));
    }

    INLINE void run(int64_t network, int64_t first, int64_t count) {
        const float *row = task.rows + network * task.parameters;
        for (size_t l = 0; l < layers.size(); ++l) {
            if (l == task.convolutions && l > 0 && !task.is_flattened) mean();
            if (l + 1 < layers.size()) read_factors(layers[l], network, first, count);
            forward(layers[l], row);
        }
        const Planes &output = planes.back();
        if (task.logits)
            for (int64_t i = 0; i < count; ++i)
                for (int64_t c = 0; c < output.channels; ++c)
                    task.logits[(network * task.images + first + i) * output.channels + c] = output.value(c, 0)[i];
        if (!task.labels) return;
        lose(network, first, count);
        for (size_t l = layers.size(); l-- > 0;) {
            if (l + 1 == task.convolutions && !task.is_flattened) mean_backward();
            backward(layers[l], row, task.gradients + network * task.parameters);
        }
    }

public:
    explicit ClassifierRun(const ClassifierPass &task) : task(task), groups(1) {
        // What a convolution computes from one vector of images fills the caches; dense layers would reread weights.
        while (task.convolutions == 0 && groups < 8 && groups * lanes < task.images) groups *= 2;
        planes.reserve(task.layers.size() + 2);
        int64_t widest = 0;
        for (size_t l = 0; l < task.layers.size(); ++l) {
            const auto &layer = task.layers[l];
            if (l > 0 && l == task.convolutions && task.is_flattened)
                flatten_planes();
            else
                add_planes(layer.inputs, layer.rows, layer.columns, layer.shape.zeros);
            if (l + 1 == task.convolutions)
                add_planes(layer.outputs, layer.after(layer.rows), layer.after(layer.columns), 0);
            widest = std::max(widest, layer.outputs);
        }
        add_planes(task.layers.back().outputs, 1, 1, 0);
        scales = rooms.uninitialized(widest * groups * lanes);
        int64_t parameters = 0, neurons = 0;
        for (size_t l = 0; l < task.layers.size(); ++l) {
            const auto &layer = task.layers[l];
            const size_t before = l + (l >= task.convolutions && task.convolutions > 0);
            const Planes &input = planes[before];
            auto taps = this->taps(layer, input.size);
            float *slopes = rooms.uninitialized(layer.outputs * taps.bases.size() * lanes);
            layers.push_back(
                {layer, std::move(taps), input, planes[before + 1], parameters, parameters + layer.weights(), neurons,
                 slopes});
            parameters += layer.weights() + layer.outputs;
            neurons += layer.outputs;
        }
    }

    INLINE void run() {
        for (int64_t first = 0; first < task.images; first += groups * lanes) {
            const int64_t count = std::min(groups * lanes, task.images - first);
            read_pictures(first, count);
            for (int64_t n = 0; n < task.networks; ++n) run(n, first, count);
        }
    }
};

template <int bytes> INLINE void ClassifierPass::run() const { ClassifierRun<bytes>(*this).run(); }

} // namespace ctorch
