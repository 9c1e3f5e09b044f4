#include "Guard.hpp"

using namespace ctorch;

ct_tensor ct_sum(ct_tensor tensor, ct_sizes dimensions, bool keep, char **error) {
    return make(error, [&] { return borrow(tensor).sum(sizes(dimensions), keep); });
}

ct_tensor ct_mean(ct_tensor tensor, ct_sizes dimensions, bool keep, char **error) {
    return make(error, [&] { return borrow(tensor).mean(sizes(dimensions), keep); });
}

ct_tensor ct_maximum(ct_tensor tensor, ct_sizes dimensions, bool keep, char **error) {
    return make(error, [&] { return borrow(tensor).amax(sizes(dimensions), keep); });
}

ct_tensor ct_argmax(ct_tensor tensor, int64_t dimension, char **error) {
    return make(error, [&] { return borrow(tensor).argmax(dimension); });
}

bool ct_all_finite(ct_tensor tensor, char **error) {
    return guarded(error, [&] { return borrow(tensor).isfinite().all().item().toBool(); });
}
