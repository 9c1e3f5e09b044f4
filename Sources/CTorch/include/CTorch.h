// The functions of CTorchFunctions.h as a table. Loading libtorch takes a quarter of a second, so a program looks for the
// table, and gets libtorch with it, when it calls the first of them.

#pragma once

#include "CTorchFunctions.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CT_FUNCTIONS(F) \
    F(version_compiled) F(version_loaded) F(thread_count) F(use_one_thread) F(cuda_device_count) F(reuse_memory) \
    F(begin_counting) F(end_counting) \
    F(tensor_release) F(rank) F(size) F(tensor_dtype) F(tensor_device) F(from_bytes) F(copy_bytes) F(full) \
    F(clone) F(owns_storage) F(to) \
    F(add) F(subtract) F(multiply) F(divide) F(less) F(equal) F(add_scalar) F(multiply_scalar) F(negate) F(exp) F(log) \
    F(sqrt) F(sin) F(cos) F(tanh) F(abs) F(relu) F(gelu) F(silu) \
    F(reshape) F(permute) F(expand) F(narrow) F(split) F(index_select) F(concatenate) F(diagonal) F(diagonal_embedding) \
    F(sum) F(mean) F(maximum) F(argmax) F(all_finite) \
    F(matmul) F(affine) F(batched_affine) F(layer_norm) F(cross_entropy) \
    F(detached) F(requires_gradient) F(gradients) F(gradient_mode) F(set_gradient_mode) \
    F(gradient_sum_create) F(gradient_sum_release) F(contributing) F(add_gradients) F(gradient_total) \
    F(square_sum) F(adamw_update) F(adamw_step) \
    F(matrix_mixing) F(matrix_means) F(view_mixing) F(vector_sum) F(fourier_features) F(fourier_means) F(fourier_grid) \
    F(sine_network_descent) F(classifier_logits) F(classifier_gradients) F(call) F(uniform) F(normal)

/// `add` is `ct_add`, and so on; `bytes` is the size of the table.
typedef struct ct_table {
    size_t bytes;
#define CT_MEMBER(name) __typeof__(ct_##name) *_Nonnull name;
    CT_FUNCTIONS(CT_MEMBER)
#undef CT_MEMBER
} ct_table;

/// The table of a program that is linked with `TorchBridge`, else null.
const ct_table *_Nullable ct_bridge(void);

/// That table, else the one in the library libTorchBridge beside the program. Where that cannot be loaded, ends the program
/// as the dynamic linker would: with a sentence and status 127.
const ct_table *_Nonnull ct_open(void);

#ifdef __cplusplus
}
#endif
