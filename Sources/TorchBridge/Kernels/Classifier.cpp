#include "ClassifierPass.hpp"
#include "Guard.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

using namespace ctorch;

namespace {

at::Tensor checked(ct_tensor tensor, at::ScalarType type, at::IntArrayRef shape) {
    auto result = borrow(tensor).detach();
    TORCH_CHECK(
        result.is_cpu() && result.scalar_type() == type && result.sizes().equals(shape), "expected ", type, " ", shape,
        " on the CPU, got ", result.scalar_type(), " ", result.sizes());
    return result.contiguous();
}

/// The layers, in which everything has the sizes it needs.
ClassifierPass classifier(const ct_classifier &from) {
    ClassifierPass pass{};
    TORCH_CHECK(from.image.count == 3 && from.dense.count > 0, "expected pictures and a dense layer");
    int64_t inputs = from.image.data[0], rows = from.image.data[1], columns = from.image.data[2];
    const auto add = [&](const ct_convolution &shape) {
        const ClassifierPass::Layer layer{inputs, shape.channels, rows, columns, shape};
        TORCH_CHECK(
            inputs > 0 && shape.channels > 0 && shape.kernel > 0 && shape.stride > 0 && shape.zeros >= 0 &&
                layer.padded(std::min(rows, columns)) >= shape.kernel,
            "expected layers that fit together");
        const int64_t before = layer.padded(rows) * layer.padded(columns) * inputs;
        TORCH_CHECK(before < (int64_t(1) << 22) && layer.weights() < (int64_t(1) << 28), "expected smaller layers");
        inputs = shape.channels;
        rows = layer.after(rows);
        columns = layer.after(columns);
        TORCH_CHECK(
            !shape.has_skip || (inputs == layer.inputs && rows == layer.rows && columns == layer.columns),
            "expected the same shape before and after a skip");
        pass.parameters += layer.weights() + layer.outputs;
        pass.layers.push_back(layer);
    };
    for (size_t i = 0; i < from.convolution_count; ++i) add(from.convolutions[i]);
    pass.convolutions = pass.layers.size();
    if (pass.convolutions > 0) {
        if (from.is_flattened) inputs *= rows * columns;
        rows = columns = 1;
    }
    for (size_t i = 0; i < from.dense.count; ++i) add({from.dense.data[i], 1, 1, 0, false});
    TORCH_CHECK(rows == 1 && columns == 1, "expected the pixels in a row where there are no convolutions");
    pass.is_flattened = from.is_flattened;
    pass.activation = from.activation;
    return pass;
}

/// A classifier's pass with what it reads; the tensors have to outlive it.
struct Inputs {
    at::Tensor rows, pictures;
    ClassifierPass pass;

    Inputs(const ct_classifier &from, ct_tensor parameters, ct_tensor images) : pass(classifier(from)) {
        TORCH_CHECK(ct_rank(parameters) == 2 && ct_rank(images) == 4, "expected rows of parameters, and images");
        pass.networks = ct_size(parameters, 0);
        pass.images = ct_size(images, 0);
        rows = checked(parameters, at::kFloat, {pass.networks, pass.parameters});
        const auto *image = from.image.data;
        pictures = checked(images, at::kFloat, {pass.images, image[0], image[1], image[2]});
        pass.rows = rows.const_data_ptr<float>();
        pass.pictures = pictures.const_data_ptr<float>();
    }

    int64_t classes() const { return pass.layers.back().outputs; }
};

} // namespace

ct_tensor ct_classifier_logits(ct_classifier from, ct_tensor parameters, ct_tensor images, char **error) {
    return make(error, [&] {
        Inputs inputs(from, parameters, images);
        auto logits =
            at::empty({inputs.pass.networks, inputs.pass.images, inputs.classes()}, inputs.rows.options());
        inputs.pass.logits = logits.mutable_data_ptr<float>();
        run_vectorized(inputs.pass);
        return logits;
    });
}

void ct_classifier_gradients(
    ct_classifier from, ct_tensor parameters, ct_tensor images, ct_tensor labels, ct_tensor factors,
    ct_tensor *results, char **error) {
    guarded(error, [&] {
        Inputs inputs(from, parameters, images);
        ClassifierPass &pass = inputs.pass;
        auto classes = checked(labels, at::kLong, {pass.images});
        pass.labels = classes.const_data_ptr<int64_t>();
        for (int64_t i = 0; i < pass.images; ++i)
            TORCH_CHECK(
                pass.labels[i] >= 0 && pass.labels[i] < inputs.classes(), "expected one of ", inputs.classes(),
                " labels, got ", pass.labels[i]);
        at::Tensor chosen;
        if (factors) {
            int64_t neurons = -inputs.classes();
            for (const auto &layer : pass.layers) neurons += layer.outputs;
            chosen = checked(factors, at::kFloat, {pass.networks, neurons, pass.images});
            pass.factors = chosen.const_data_ptr<float>();
        }
        auto losses = at::zeros({pass.networks}, at::TensorOptions(at::kDouble));
        auto gradients = at::zeros(inputs.rows.sizes(), inputs.rows.options());
        pass.losses = losses.mutable_data_ptr<double>();
        pass.gradients = gradients.mutable_data_ptr<float>();
        run_vectorized(pass);
        results[0] = own(losses);
        results[1] = own(gradients);
        return true;
    });
}
