#include "Guard.hpp"
#include "InterpolatedChannels.hpp"
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
    auto wide = at::zeros({read, padded(written, panel<T>())}, matrix.options());
    wide.narrow(1, 0, written).copy_(matrix);
    return wide.view({read, -1, panel<T>()}).transpose(0, 1).contiguous();
}

at::Tensor out_of_panels(const at::Tensor &panels, int64_t written) {
    return panels.transpose(0, 1).reshape({panels.size(1), -1}).narrow(1, 0, written);
}

using Grid = std::optional<ct_grid>;

/// Calls `body` with what a kernel that computes in `T` reads of `x` where the weight has `read` rows.
template <typename S, typename T, typename Body>
void with_channels(const at::Tensor &x, int64_t read, const Grid &grid, Body body) {
    if constexpr (std::is_same_v<T, float>)
        if (grid) {
            const int64_t numbers = x.size(3);
            return body(InterpolatedChannels{elements<float>(x), numbers, read / numbers, grid->first, grid->density});
        }
    body(StoredChannels<S, T>{elements<S>(x)});
}

template <typename S, typename T> struct Mixing : torch::autograd::Function<Mixing<S, T>> {
    using Context = torch::autograd::AutogradContext;
    using List = torch::autograd::variable_list;

    struct Form {
        bool rectifies, averages;
        at::ScalarType stored; // of `y`
        Grid grid;
    };

    static MixingSizes sizes_of(const at::Tensor &x, const at::Tensor &weight, bool rectifies, const Grid &grid) {
        const int64_t rows = x.size(1), columns = x.size(2), written = weight.size(1);
        const int64_t held = grid ? (SpreadingKernel::taps + 1) * x.size(3) : x.size(3);
        const int64_t tile = tile_entries(std::max(rows, columns), std::max<int64_t>(held + written, 1));
        return {x.size(0), rows, columns, weight.size(0), written, tile, rectifies};
    }

    /// For a tile's gradients and channels.
    template <typename Channels>
    static at::Tensor room(const Channels &channels, const MixingSizes &sizes, at::TensorOptions options) {
        const int64_t gradients = sizes.tile * padded(sizes.written, panel<T>());
        return at::empty({gradients + channels.room(sizes, panel<T>())}, options);
    }

    static List forward(
        Context *context, const at::Tensor &input, const at::Tensor &weight, const at::Tensor &along_rows,
        const at::Tensor &along_columns, const std::optional<at::Tensor> &everywhere, const Form *form) {
        at::AutoDispatchBelowADInplaceOrView untracked;
        RECORD_FUNCTION(fused_product, c10::ArrayRef<const c10::IValue>());
        auto x = input.contiguous(), columns = along_columns.contiguous();
        auto rows = (everywhere ? along_rows.add(everywhere->unsqueeze(1)) : along_rows).contiguous();
        auto panels = in_panels<T>(weight);
        const MixingSizes sizes = sizes_of(x, weight, form->rectifies, form->grid);
        auto y = at::empty({sizes.batch, sizes.rows, sizes.columns, sizes.written}, x.options().dtype(form->stored));
        at::Tensor row_means, column_means;
        if (form->averages) row_means = at::zeros(rows.sizes(), rows.options()), column_means = at::zeros_like(columns);
        with_channels<S, T>(x, sizes.read, form->grid, [&](auto channels) {
            auto tiles = room(channels, sizes, weight.options());
            run_as<T>(MixingForward<S, T, decltype(channels)>{
                sizes, channels, elements<T>(panels), elements<T>(rows), elements<T>(columns), places<S>(y),
                places<T>(row_means), places<T>(column_means), places<T>(tiles)});
        });
        context->save_for_backward({x, weight, form->rectifies ? y : at::Tensor()});
        context->saved_data["rectifies"] = form->rectifies;
        context->saved_data["has_scalars"] = everywhere.has_value();
        if (form->grid) {
            context->saved_data["first"] = form->grid->first;
            context->saved_data["density"] = static_cast<double>(form->grid->density);
        }
        context->set_materialize_grads(false);
        return form->averages ? List{y, row_means, column_means} : List{y};
    }

    /// Takes the list that libtorch made for it, so that it can overwrite a gradient that nobody else holds.
    static List backward(Context *context, List &gradients) {
        at::AutoDispatchBelowADInplaceOrView untracked;
        RECORD_FUNCTION(fused_product, c10::ArrayRef<const c10::IValue>());
        auto saved = context->get_saved_variables();
        auto &x = saved[0], &weight = saved[1], &y = saved[2];
        for (auto &gradient : gradients)
            if (gradient.defined()) gradient = gradient.contiguous();
        Grid grid;
        if (auto first = context->saved_data.find("first"); first != context->saved_data.end())
            grid = {first->second.toInt(), static_cast<float>(context->saved_data["density"].toDouble())};
        const MixingSizes sizes = sizes_of(x, weight, context->saved_data["rectifies"].toBool(), grid);
        gradients.resize(3);
        at::Tensor x_gradient, panels;
        if (context->needs_input_grad(0)) {
            x_gradient = overwritable(gradients[0], x.sizes(), x.options());
            panels = in_panels<T>(weight.t());
        }
        auto weight_panels = at::zeros(
            {padded(sizes.written, panel<T>()) / panel<T>(), sizes.read, panel<T>()}, weight.options());
        auto row_sums = at::zeros({sizes.batch, sizes.rows, sizes.written}, weight.options());
        auto column_sums = at::zeros({sizes.batch, sizes.columns, sizes.written}, weight.options());
        with_channels<S, T>(x, sizes.read, grid, [&](auto channels) {
            auto tiles = room(channels, sizes, weight.options());
            run_as<T>(MixingBackward<S, T, decltype(channels)>{
                sizes, channels, elements<T>(panels), elements<S>(y), elements<S>(gradients[0]), elements<T>(gradients[1]),
                elements<T>(gradients[2]), places<S>(x_gradient), places<T>(weight_panels), places<T>(row_sums),
                places<T>(column_sums), places<T>(tiles)});
        });
        auto sums = context->saved_data["has_scalars"].toBool() ? row_sums.sum(1) : at::Tensor();
        return {x_gradient, out_of_panels(weight_panels, sizes.written), row_sums, column_sums, sums, at::Tensor()};
    }
};

} // namespace

void ct_matrix_mixing(
    ct_tensor x, const ct_grid *grid_or_null, ct_tensor weight, ct_tensor along_rows, ct_tensor along_columns,
    ct_tensor scalars, bool rectifies, bool averages, ct_tensor *results, char **error) {
    guarded(error, [&] {
        auto input = borrow(x), matrix = borrow(weight), rows = borrow(along_rows), columns = borrow(along_columns);
        const auto everywhere = borrow_optional(scalars);
        const Grid grid = grid_or_null ? Grid(*grid_or_null) : std::nullopt;
        const auto type = matrix.scalar_type(), stored = grid ? scalar_type(grid->stored_as) : input.scalar_type();
        for (auto &tensor : {input, matrix, rows, columns})
            TORCH_CHECK(tensor.is_cpu(), "expected tensors on the CPU, got ", tensor.toString());
        TORCH_CHECK(
            rows.scalar_type() == type && columns.scalar_type() == type, "expected vectors of the weight's type, ", type);
        TORCH_CHECK(input.dim() == 4, "expected x [batch, rows, columns, read], got ", input.sizes());
        const int64_t batch = input.size(0), read = input.size(3), written = matrix.size(-1);
        if (grid) {
            TORCH_CHECK(
                input.scalar_type() == at::kFloat && !input.requires_grad(), "expected a constant x in float32, got ",
                input.toString());
            TORCH_CHECK(
                matrix.dim() == 2 && type == at::kFloat && read > 0 && matrix.size(0) % read == 0
                    && matrix.size(0) / read >= SpreadingKernel::taps && matrix.size(0) <= INT32_MAX,
                "expected a float32 table for each of ", read, " numbers, got ", matrix.sizes());
        } else TORCH_CHECK(matrix.sizes().equals({read, written}), "expected weight [read, written], got ", matrix.sizes());
        TORCH_CHECK(
            rows.sizes().equals({batch, input.size(1), written}), "expected one vector per row, got ", rows.sizes());
        TORCH_CHECK(
            columns.sizes().equals({batch, input.size(2), written}), "expected one vector per column, got ",
            columns.sizes());
        TORCH_CHECK(
            !everywhere
                || (everywhere->sizes().equals({batch, written}) && everywhere->scalar_type() == type && everywhere->is_cpu()),
            "expected one vector of the weight's type per sample");
        with_storage(stored, [&]<typename S, typename T>() {
            TORCH_CHECK(type == c10::CppTypeToScalarType<T>::value, "expected a weight that fits ", stored, ", got ", type);
            const typename Mixing<S, T>::Form form{rectifies, averages, stored, grid};
            auto mixed = Mixing<S, T>::apply(input, matrix, rows, columns, everywhere, &form);
            for (size_t i = 0; i < mixed.size(); ++i) results[i] = own(mixed[i]);
        });
    });
}
