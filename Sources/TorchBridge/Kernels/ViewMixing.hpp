#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <vector>

namespace ctorch {

/// What `ct_view_mixing` says.
std::vector<at::Tensor> mixed_views(
    const std::vector<at::Tensor> &views, int64_t axes, const at::Tensor &weight, const std::optional<at::Tensor> &bias,
    const std::vector<int64_t> &widths);

} // namespace ctorch
