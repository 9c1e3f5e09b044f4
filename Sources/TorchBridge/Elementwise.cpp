#include "Guard.hpp"

#include <ATen/ops/gelu.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/silu.h>

using namespace ctorch;

ct_tensor ct_add(ct_tensor a, ct_tensor b, char **error) {
    return make(error, [&] { return borrow(a).add(borrow(b)); });
}

ct_tensor ct_subtract(ct_tensor a, ct_tensor b, char **error) {
    return make(error, [&] { return borrow(a).sub(borrow(b)); });
}

ct_tensor ct_multiply(ct_tensor a, ct_tensor b, char **error) {
    return make(error, [&] { return borrow(a).mul(borrow(b)); });
}

ct_tensor ct_divide(ct_tensor a, ct_tensor b, char **error) {
    return make(error, [&] { return borrow(a).div(borrow(b)); });
}

ct_tensor ct_less(ct_tensor a, ct_tensor b, char **error) {
    return make(error, [&] { return borrow(a).lt(borrow(b)); });
}

ct_tensor ct_equal(ct_tensor a, ct_tensor b, char **error) {
    return make(error, [&] { return borrow(a).eq(borrow(b)); });
}

ct_tensor ct_add_scalar(ct_tensor a, double b, char **error) {
    return make(error, [&] { return borrow(a).add(b); });
}

ct_tensor ct_multiply_scalar(ct_tensor a, double b, char **error) {
    return make(error, [&] { return borrow(a).mul(b); });
}

ct_tensor ct_negate(ct_tensor a, char **error) { return make(error, [&] { return borrow(a).neg(); }); }

ct_tensor ct_exp(ct_tensor a, char **error) { return make(error, [&] { return borrow(a).exp(); }); }

ct_tensor ct_log(ct_tensor a, char **error) { return make(error, [&] { return borrow(a).log(); }); }

ct_tensor ct_sqrt(ct_tensor a, char **error) { return make(error, [&] { return borrow(a).sqrt(); }); }

ct_tensor ct_sin(ct_tensor a, char **error) { return make(error, [&] { return borrow(a).sin(); }); }

ct_tensor ct_cos(ct_tensor a, char **error) { return make(error, [&] { return borrow(a).cos(); }); }

ct_tensor ct_tanh(ct_tensor a, char **error) { return make(error, [&] { return borrow(a).tanh(); }); }

ct_tensor ct_abs(ct_tensor a, char **error) { return make(error, [&] { return borrow(a).abs(); }); }

ct_tensor ct_relu(ct_tensor a, char **error) { return make(error, [&] { return borrow(a).relu(); }); }

ct_tensor ct_gelu(ct_tensor a, char **error) { return make(error, [&] { return at::gelu(borrow(a)); }); }

ct_tensor ct_silu(ct_tensor a, char **error) { return make(error, [&] { return at::silu(borrow(a)); }); }
