#include "Guard.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/diag_embed.h>

using namespace ctorch;

ct_tensor ct_reshape(ct_tensor tensor, ct_sizes shape, char **error) {
    return make(error, [&] { return borrow(tensor).reshape(sizes(shape)); });
}

ct_tensor ct_permute(ct_tensor tensor, ct_sizes order, char **error) {
    return make(error, [&] { return borrow(tensor).permute(sizes(order)); });
}

ct_tensor ct_expand(ct_tensor tensor, ct_sizes shape, char **error) {
    return make(error, [&] { return borrow(tensor).expand(sizes(shape)); });
}

ct_tensor ct_narrow(ct_tensor tensor, int64_t dimension, int64_t start, int64_t length, char **error) {
    return make(error, [&] { return borrow(tensor).narrow(dimension, start, length); });
}

void ct_split(ct_tensor tensor, int64_t dimension, ct_sizes lengths, ct_tensor *parts, char **error) {
    guarded(error, [&] {
        auto pieces = borrow(tensor).split_with_sizes(sizes(lengths), dimension);
        for (size_t i = 0; i < pieces.size(); ++i) parts[i] = own(pieces[i]);
    });
}

ct_tensor ct_index_select(ct_tensor tensor, int64_t dimension, ct_tensor indices, char **error) {
    return make(error, [&] { return borrow(tensor).index_select(dimension, borrow(indices)); });
}

ct_tensor ct_concatenate(ct_tensors tensors, int64_t dimension, char **error) {
    return make(error, [&] { return at::cat(list(tensors), dimension); });
}

ct_tensor ct_diagonal(ct_tensor tensor, int64_t first, int64_t second, char **error) {
    return make(error, [&] { return borrow(tensor).diagonal(0, first, second); });
}

ct_tensor ct_diagonal_embedding(ct_tensor tensor, int64_t first, int64_t second, char **error) {
    return make(error, [&] { return at::diag_embed(borrow(tensor), 0, first, second); });
}
