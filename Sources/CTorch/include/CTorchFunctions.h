// A C interface to the part of libtorch that the Swift module `Torch` uses. The files named below are those of this target
// and of TorchBridge.
//
// Every fallible function takes `error` last: on failure the result is null (or zero) and `*error` is a message that
// the caller frees with `ct_free`. No C++ exception leaves the library. A returned `ct_tensor` is owned by the caller
// and given back with `ct_tensor_release`; arguments are borrowed. Sizes are int64, dimensions may be negative.

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ct_tensor_impl *ct_tensor;

typedef enum ct_dtype {
    CT_FLOAT32, CT_FLOAT64, CT_FLOAT16, CT_BFLOAT16, CT_INT64, CT_INT32, CT_INT16, CT_INT8, CT_UINT8, CT_BOOL
} ct_dtype;

/// `index` is -1 for the CPU, -2 for the meta device, else the number of the CUDA device.
typedef struct ct_device { int32_t index; } ct_device;

typedef struct ct_sizes { const int64_t *data; size_t count; } ct_sizes;

typedef struct ct_tensors { const ct_tensor *data; size_t count; } ct_tensors;

// Table.c
void ct_free(void *pointer);

// BlockCache.cpp
/// From now on keeps the memory of tensors for the next ones instead of returning it to the system.
void ct_reuse_memory(void);

// Runtime.cpp
uint64_t ct_version_compiled(void);
uint64_t ct_version_loaded(void);
/// Threads that libtorch uses for one operator.
int32_t ct_thread_count(void);
/// Makes every operator run on the thread that calls it; for threads that have not computed yet.
void ct_use_one_thread(void);
int32_t ct_cuda_device_count(void);

// Counting.cpp
/// What one thread asked of libtorch: operators called, those inside others and fused kernels included; products of
/// matrices among them; and memory taken for tensors.
typedef struct ct_counts { int64_t operators, products, allocations, allocated_bytes; } ct_counts;

/// Counts what the calling thread does until `ct_end_counting` is called there.
void ct_begin_counting(char **error);
ct_counts ct_end_counting(void);

// Tensor.cpp
void ct_tensor_release(ct_tensor tensor);
int32_t ct_rank(ct_tensor tensor);
/// The size of one of the dimensions from 0 to the rank, not included.
int64_t ct_size(ct_tensor tensor, int32_t dimension);
ct_dtype ct_tensor_dtype(ct_tensor tensor);
ct_device ct_tensor_device(ct_tensor tensor);
ct_tensor ct_from_bytes(const void *bytes, ct_sizes shape, ct_dtype dtype, ct_device device, char **error);
/// Writes the elements in row-major order; `capacity` is the room at `bytes`.
void ct_copy_bytes(ct_tensor tensor, void *bytes, size_t capacity, char **error);
ct_tensor ct_full(ct_sizes shape, double value, ct_dtype dtype, ct_device device, char **error);
/// A copy with storage of its own, row-major.
ct_tensor ct_clone(ct_tensor tensor, char **error);
/// Whether the elements lie row-major and fill storage that no other tensor sees.
bool ct_owns_storage(ct_tensor tensor);
ct_tensor ct_to(ct_tensor tensor, ct_dtype dtype, ct_device device, char **error);

// Elementwise.cpp
ct_tensor ct_add(ct_tensor a, ct_tensor b, char **error);
ct_tensor ct_subtract(ct_tensor a, ct_tensor b, char **error);
ct_tensor ct_multiply(ct_tensor a, ct_tensor b, char **error);
ct_tensor ct_divide(ct_tensor a, ct_tensor b, char **error);
ct_tensor ct_less(ct_tensor a, ct_tensor b, char **error);
ct_tensor ct_equal(ct_tensor a, ct_tensor b, char **error);
ct_tensor ct_add_scalar(ct_tensor a, double b, char **error);
ct_tensor ct_multiply_scalar(ct_tensor a, double b, char **error);
ct_tensor ct_negate(ct_tensor a, char **error);
ct_tensor ct_exp(ct_tensor a, char **error);
ct_tensor ct_log(ct_tensor a, char **error);
ct_tensor ct_sqrt(ct_tensor a, char **error);
ct_tensor ct_sin(ct_tensor a, char **error);
ct_tensor ct_cos(ct_tensor a, char **error);
ct_tensor ct_tanh(ct_tensor a, char **error);
ct_tensor ct_abs(ct_tensor a, char **error);
ct_tensor ct_relu(ct_tensor a, char **error);
ct_tensor ct_gelu(ct_tensor a, char **error);
ct_tensor ct_silu(ct_tensor a, char **error);

// Shape.cpp
ct_tensor ct_reshape(ct_tensor tensor, ct_sizes shape, char **error);
ct_tensor ct_permute(ct_tensor tensor, ct_sizes order, char **error);
ct_tensor ct_expand(ct_tensor tensor, ct_sizes shape, char **error);
ct_tensor ct_narrow(ct_tensor tensor, int64_t dimension, int64_t start, int64_t length, char **error);
/// Fills one place of `parts` per length.
void ct_split(ct_tensor tensor, int64_t dimension, ct_sizes lengths, ct_tensor *parts, char **error);
ct_tensor ct_index_select(ct_tensor tensor, int64_t dimension, ct_tensor indices, char **error);
ct_tensor ct_concatenate(ct_tensors tensors, int64_t dimension, char **error);
/// The diagonal over two dimensions, as a new last dimension.
ct_tensor ct_diagonal(ct_tensor tensor, int64_t first, int64_t second, char **error);
/// The last dimension laid on the diagonal of two new dimensions, zero elsewhere.
ct_tensor ct_diagonal_embedding(ct_tensor tensor, int64_t first, int64_t second, char **error);

// Reduction.cpp
ct_tensor ct_sum(ct_tensor tensor, ct_sizes dimensions, bool keep, char **error);
ct_tensor ct_mean(ct_tensor tensor, ct_sizes dimensions, bool keep, char **error);
ct_tensor ct_maximum(ct_tensor tensor, ct_sizes dimensions, bool keep, char **error);
ct_tensor ct_argmax(ct_tensor tensor, int64_t dimension, char **error);
bool ct_all_finite(ct_tensor tensor, char **error);

// LinearAlgebra.cpp
ct_tensor ct_matmul(ct_tensor a, ct_tensor b, char **error);
/// `bias + a · b`, with `b` `[k, n]` and `bias` broadcast over rows.
ct_tensor ct_affine(ct_tensor a, ct_tensor b, ct_tensor bias, char **error);
/// `weight · a + bias` for each sample: `weight` `[n, outputs, inputs]`, `a` `[n, inputs, columns]`, `bias` `[n, outputs]`.
ct_tensor ct_batched_affine(ct_tensor a, ct_tensor weight, ct_tensor bias, char **error);
/// Mean cross entropy of `logits` `[batch, classes]` against int64 `labels` `[batch]`.
ct_tensor ct_cross_entropy(ct_tensor logits, ct_tensor labels, double smoothing, char **error);

// Autograd.cpp
ct_tensor ct_detached(ct_tensor tensor, bool requires_gradient, char **error);
bool ct_requires_gradient(ct_tensor tensor);
/// Fills `gradients` (one place per input) with d(sum of weights · outputs)/d(input); null where no output depends on it.
/// No weights are those of scalars, one each.
void ct_gradients(
    ct_tensors outputs, ct_tensors weights, ct_tensors inputs, ct_tensor *gradients, char **error);
bool ct_gradient_mode(void);
void ct_set_gradient_mode(bool enabled);

// GradientSum.cpp
/// For each of some parameters the sum of the gradients that the parts of a batch contribute, in the order of the parts,
/// whichever is computed first and on whichever thread.
typedef struct ct_gradient_sum_impl *ct_gradient_sum;

ct_gradient_sum ct_gradient_sum_create(size_t parameters, size_t parts, char **error);
/// No part is computed any more.
void ct_gradient_sum_release(ct_gradient_sum sum);
/// A parameter as a variable for one part, whose gradient is added to the sum with this index as soon as it is known.
ct_tensor ct_contributing(ct_tensor parameter, ct_gradient_sum sum, size_t index, size_t part, char **error);
/// Differentiates the sum of weights · outputs of one part, which contributes nothing more. No weights are those of scalars.
void ct_add_gradients(ct_tensors outputs, ct_tensors weights, ct_gradient_sum sum, size_t part, char **error);
/// Takes a sum out when all parts have contributed: one tensor of the parameter's shape, or two, `[rows, read]` and `[rows,
/// written]`, whose product `leftᵀ · right` it is; none where no part did.
void ct_gradient_total(ct_gradient_sum sum, size_t index, ct_tensor *factors, char **error);

// Optimizer.cpp
/// One step of AdamW, by gradients that are multiplied by `gradient_scale` first.
typedef struct ct_adamw {
    double step, learning_rate, beta1, beta2, epsilon, weight_decay, gradient_scale;
} ct_adamw;

/// The sum of squares of some elements of a gradient on the CPU.
double ct_square_sum(ct_tensor gradient, int64_t first, int64_t count, char **error);
/// Steps some elements of a parameter on the CPU in place, and of the flat moments, in which the parameter begins at `place`.
/// The gradient is `left`, or where there is `right` the product `leftᵀ · right`, and the elements are whole rows of it.
void ct_adamw_update(
    ct_tensor parameter, ct_tensor left, ct_tensor right, ct_adamw rule, ct_tensor first_moment, ct_tensor second_moment,
    int64_t place, int64_t first, int64_t count, char **error);
/// The whole step on any device: returns the new parameters in one flat buffer, and updates both flat moments in place.
ct_tensor ct_adamw_step(
    ct_tensors parameters, ct_tensors gradients, ct_adamw rule, ct_tensor first_moment, ct_tensor second_moment,
    char **error);

// MatrixMixing.cpp
/// Equally spaced places, from `first / density`, as many to the unit as `density` says; and in which type matrices that are
/// interpolated between them are to be.
typedef struct ct_grid {
    int64_t first;
    float density;
    ct_dtype stored_as;
} ct_grid;

/// `x · weight + rows + columns + scalars`, rectified where asked, and its means over the columns and over the rows where
/// those are asked for; differentiable.
///
/// On the CPU, `x` `[batch, n, m, k]`, `weight` `[k, w]`, `rows` `[batch, n, w]`, `columns` `[batch, m, w]`, and `scalars`
/// `[batch, w]` or null: all float64, or all float32, or `x` bfloat16 and the others float32. Fills `results` with `[batch, n,
/// m, w]` in the type of `x`, and with `[batch, n, w]` and `[batch, m, w]` in that of the others.
///
/// With a grid, else null, `x` is constant and float32, `weight` is `[k · places, w]`, products of `ct_fourier_grid`'s table with
/// `k` weights, and in the place of `x · weight` is the product of the Fourier features of `x` with those weights.
void ct_matrix_mixing(
    ct_tensor x, const ct_grid *grid, ct_tensor weight, ct_tensor rows, ct_tensor columns, ct_tensor scalars,
    bool rectifies, bool averages, ct_tensor *results, char **error);

// MatrixMeans.cpp
/// The means of `x` `[batch, n, m, channels]` on the CPU over the columns and over the rows, as `ct_matrix_mixing` gives
/// them; differentiable. Fills `results` with `x` and both; where `x` is used further, its gradients are added up in one pass.
void ct_matrix_means(ct_tensor x, ct_tensor *results, char **error);

// LayerNorm.cpp
/// Layer normalisation over the last dimension, rectified where asked; `scale` and `shift` are `[channels]`, or null for one
/// and zero.
ct_tensor ct_layer_norm(
    ct_tensor a, ct_tensor scale, ct_tensor shift, double epsilon, bool rectifies, char **error);

// ViewMixing.cpp
/// Views `[batch, sizes of the axes…, channels]` side by side, multiplied by `weight`, plus `bias` unless that is null, and
/// split into the channels of each target, as many as `widths` says; differentiable.
///
/// A view `[batch, n, sizes of the axes…, channels]` is averaged over its additional axis. Fills one place of `results` for
/// each width.
void ct_view_mixing(
    ct_tensors views, int64_t axes, ct_tensor weight, ct_tensor bias, ct_sizes widths, ct_tensor *results, char **error);
/// `vectors` `[batch, n, w]` plus `scalars` `[batch, w]`, rectified where asked; differentiable.
ct_tensor ct_vector_sum(ct_tensor vectors, ct_tensor scalars, bool rectifies, char **error);

// FourierFeatures.cpp
/// `[x, sin π x w, cos π x w]` for `x` `[count, channels]` and `w` `[channels, frequencies]`, float32 on the CPU; a constant.
ct_tensor ct_fourier_features(ct_tensor x, ct_tensor half_turns, char **error);
/// The means of those features of each of the `k` numbers of `x` `[batch, n, m, k]`, for `w` `[1, frequencies]`: fills
/// `results` with `[batch, n, k · width]` and `[batch, m, k · width]`.
void ct_fourier_means(ct_tensor x, ct_tensor half_turns, ct_tensor *results, char **error);
/// A table `[places, width]` by which `ct_matrix_mixing` interpolates products of those features, at places around all of `x`
/// `[batch, n, m, k]`: the features of the places, each frequency divided by the transform of what it interpolates with. Fills
/// `grid`. Null where there would be more than a quarter as many places as `[batch, n, m]` has entries, or next to none, and
/// where some of `x` are not finite.
ct_tensor ct_fourier_grid(ct_tensor x, ct_tensor half_turns, ct_grid *grid, char **error);

// SineNetwork.cpp
/// A sine network that draws pictures: neurons per layer, from two coordinates to colours, and frequencies.
typedef struct ct_sine_network {
    ct_sizes widths;
    double first_omega, hidden_omega;
} ct_sine_network;

/// Adam that has taken some steps, and takes one more for each learning rate.
typedef struct ct_adam {
    double beta1, beta2, epsilon;
    int64_t steps_taken;
    const double *learning_rates;
    size_t count;
} ct_adam;

/// Steps of Adam on the mean squared error of each of a batch of sine networks to its picture; returns the new state.
///
/// `state` `[networks, 3, parameters]` is weights `[outputs, inputs]` and biases by turns, and both their moments;
/// `rows` `[height]` and `columns` `[width]` are the coordinates of the pixels of `targets` `[networks, pixels, colours]`;
/// all are float32 on the CPU. `samples`, int64 `[steps, seen]`, are the pixels that each step sees, null for all.
ct_tensor ct_sine_network_descent(
    ct_tensor state, ct_sine_network network, ct_adam adam, ct_tensor rows, ct_tensor columns, ct_tensor targets,
    ct_tensor samples, char **error);

// Classifier.cpp
typedef enum ct_activation { CT_RELU, CT_TANH, CT_SIGMOID, CT_GELU, CT_LEAKY_RELU } ct_activation;

/// A square convolution with zeros on each side, and whether its input is added to its output.
typedef struct ct_convolution {
    int64_t channels, kernel, stride, zeros;
    bool has_skip;
} ct_convolution;

/// Convolutions, the mean over all places or all of them in a row, the channel slowest, and dense layers; `image` is
/// channels, rows and columns.
typedef struct ct_classifier {
    ct_sizes image;
    const ct_convolution *convolutions;
    size_t convolution_count;
    bool is_flattened;
    ct_sizes dense;
    ct_activation activation;
} ct_classifier;

/// `[networks, images, classes]` from `parameters` `[networks, parameters]`, weights and biases by turns, and `images`
/// `[images, channels, rows, columns]`, float32 on the CPU.
ct_tensor ct_classifier_logits(ct_classifier classifier, ct_tensor parameters, ct_tensor images, char **error);

/// Fills `results` with the mean of `−log p(label)` of each network, float64 `[networks]`, and its gradients, `[networks,
/// parameters]`. `labels` are int64 `[images]`; what hidden neurons compute is multiplied by `factors` `[networks,
/// neurons, images]`, in a convolution a whole channel, unless null.
void ct_classifier_gradients(
    ct_classifier classifier, ct_tensor parameters, ct_tensor images, ct_tensor labels, ct_tensor factors,
    ct_tensor *results, char **error);

// Dispatch.cpp
typedef enum ct_argument_kind {
    CT_NONE, CT_TENSOR, CT_TENSORS, CT_INTEGER, CT_INTEGERS, CT_NUMBER, CT_TRUTH, CT_TEXT, CT_DTYPE
} ct_argument_kind;

/// An argument of one of several types; truths and dtypes are in `integer`.
typedef struct ct_argument {
    ct_argument_kind kind;
    union {
        ct_tensor tensor;
        ct_tensors tensors;
        int64_t integer;
        ct_sizes integers;
        double number;
        const char *text;
    };
} ct_argument;

/// Calls an operator of libtorch by its name, such as `aten::add`, and overload, such as `Tensor`.
///
/// Arguments left out at the end take the operator's own defaults. Returns `result_count` tensors of the caller's, in an
/// array that the caller frees with `ct_free`.
ct_tensor *ct_call(
    const char *name, const char *overload, const ct_argument *arguments, size_t count, size_t *result_count,
    char **error);

// Random.cpp
ct_tensor ct_uniform(
    ct_sizes shape, double low, double high, uint64_t seed, ct_dtype dtype, ct_device device, char **error);
ct_tensor ct_normal(ct_sizes shape, uint64_t seed, ct_dtype dtype, ct_device device, char **error);

#ifdef __cplusplus
}
#endif
