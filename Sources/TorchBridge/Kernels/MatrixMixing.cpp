#include "Guard.hpp"
#include "MatrixMixing.hpp"
#include "MatrixStorage.hpp"

#include <ATen/record_function.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

using namespace ctorch;

namespace {

template <typename T> int64_t panel() { return 2 * width<T>() / static_cast<int64_t>(sizeof(T)); }

/// A matrix `[read, written]` in panels of so many columns, the last one filled up with zeros.
template <typename T> at::Tensor in_panels(const at::Tensor &matrix) {
    const int64_t read = matrix.size(0), written = matrix.size(1);
    auto padded = at::zeros({read, MixingTile::padded(written, panel<T>())}, matrix.options());
    padded.narrow(1, 0, written).copy_(matrix);
    return padded.view({read, -1, panel<T>()}).transpose(0, 1).contiguous();
}

at::Tensor out_of_panels(const at::Tensor &panels, int64_t written) {
    return panels.transpose(0, 1).reshape({panels.size(1), -1}).narrow(1, 0, written);
}

template <typename S, typename T> struct Mixing : torch::autograd::Function<Mixing<S, T>> {
    using Context = torch::autograd::AutogradContext;
    using List = torch::autograd::variable_list;

    static MixingSizes sizes_of(const at::Tensor &x, const at::Tensor &weight, bool rectifies) {
        return {x.size(0), x.size(1), x.size(2), x.size(3), weight.size(1), rectifies};
    }

    static List forward(
        Context *context, const at::Tensor &input, const at::Tensor &weight, const at::Tensor &along_rows,
        const at::Tensor &along_columns, const std::optional<at::Tensor> &everywhere, bool rectifies, bool averages) {
        at::AutoDispatchBelowADInplaceOrView untracked;
        RECORD_FUNCTION(fused_product, c10::ArrayRef<const c10::IValue>());
        auto x = input.contiguous(), columns = along_columns.contiguous();
        auto rows = (everywhere ? along_rows.add(everywhere->unsqueeze(1)) : along_rows).contiguous();
        auto panels = in_panels<T>(weight);
        const MixingSizes sizes = sizes_of(x, weight, rectifies);
        auto y = at::empty({sizes.batch, sizes.rows, sizes.columns, sizes.written}, x.options());
        auto tiles = at::empty({MixingTile::room(sizes, panel<T>())}, weight.options());
        at::Tensor row_means, column_means;
        if (averages) row_means = at::zeros(rows.sizes(), rows.options()), column_means = at::zeros_like(columns);
        run_as<T>(MixingForward<S, T>{
            sizes, elements<S>(x), elements<T>(panels), elements<T>(rows), elements<T>(columns), places<S>(y),
            places<T>(row_means), places<T>(column_means), places<T>(tiles)});
        context->save_for_backward({x, weight, rectifies ? y : at::Tensor()});
        context->saved_data["rectifies"] = rectifies;
        context->saved_data["has_scalars"] = everywhere.has_value();
        context->set_materialize_grads(false);
        return averages ? List{y, row_means, column_means} : List{y};
    }

    static List backward(Context *context, List gradients) {
        at::AutoDispatchBelowADInplaceOrView untracked;
        RECORD_FUNCTION(fused_product, c10::ArrayRef<const c10::IValue>());
        auto saved = context->get_saved_variables();
        auto &x = saved[0], &weight = saved[1], &y = saved[2];
        for (auto &gradient : gradients)
            if (gradient.defined()) gradient = gradient.contiguous();
        const MixingSizes sizes = sizes_of(x, weight, context->saved_data["rectifies"].toBool());
        gradients.resize(3);
        auto panels = in_panels<T>(weight.t());
        at::Tensor x_gradient;
        if (context->needs_input_grad(0)) x_gradient = at::empty(x.sizes(), x.options());
        auto weight_panels = at::zeros(
            {MixingTile::padded(sizes.written, panel<T>()) / panel<T>(), sizes.read, panel<T>()}, weight.options());
        auto row_sums = at::zeros({sizes.batch, sizes.rows, sizes.written}, weight.options());
        auto column_sums = at::zeros({sizes.batch, sizes.columns, sizes.written}, weight.options());
        auto tiles = at::empty({MixingTile::room(sizes, panel<T>())}, weight.options());
        run_as<T>(MixingBackward<S, T>{
            sizes, elements<S>(x), elements<T>(panels), elements<S>(y), elements<S>(gradients[0]),
            elements<T>(gradients[1]), elements<T>(gradients[2]), places<S>(x_gradient), places<T>(weight_panels),
            places<T>(row_sums), places<T>(column_sums), places<T>(tiles)});
        auto sums = context->saved_data["has_scalars"].toBool() ? row_sums.sum(1) : at::Tensor();
        return {
            x_gradient, out_of_panels(weight_panels, sizes.written), row_sums, column_sums, sums, at::Tensor(), at::Tensor()};
    }
};

} // namespace

void ct_matrix_mixing(
    ct_tensor x, ct_tensor weight, ct_tensor along_rows, ct_tensor along_columns, ct_tensor scalars, bool rectifies,
    bool averages, ct_tensor *results, char **error) {
    guarded(error, [&] {
        auto input = borrow(x), matrix = borrow(weight), rows = borrow(along_rows), columns = borrow(along_columns);
        const auto everywhere = scalars ? std::optional(borrow(scalars)) : std::nullopt;
        const auto type = matrix.scalar_type(), stored = input.scalar_type();
        for (auto &tensor : {input, matrix, rows, columns})
            TORCH_CHECK(tensor.is_cpu(), "expected tensors on the CPU, got ", tensor.toString());
        TORCH_CHECK(
            rows.scalar_type() == type && columns.scalar_type() == type, "expected vectors of the weight's type, ", type);
        TORCH_CHECK(input.dim() == 4, "expected x [batch, rows, columns, read], got ", input.sizes());
        const int64_t batch = input.size(0), written = matrix.size(-1);
        TORCH_CHECK(matrix.sizes().equals({input.size(3), written}), "expected weight [read, written], got ", matrix.sizes());
        TORCH_CHECK(rows.sizes().equals({batch, input.size(1), written}), "expected one vector per row, got ", rows.sizes());
        TORCH_CHECK(
            columns.sizes().equals({batch, input.size(2), written}), "expected one vector per column, got ", columns.sizes());
        TORCH_CHECK(
            !everywhere
                || (everywhere->sizes().equals({batch, written}) && everywhere->scalar_type() == type && everywhere->is_cpu()),
            "expected one vector of the weight's type per sample");
        with_storage(stored, [&]<typename S, typename T>() {
            TORCH_CHECK(type == c10::CppTypeToScalarType<T>::value, "expected a weight that fits ", stored, ", got ", type);
            auto mixed = Mixing<S, T>::apply(input, matrix, rows, columns, everywhere, rectifies, averages);
            for (size_t i = 0; i < mixed.size(); ++i) results[i] = own(mixed[i]);
        });
    });
}
