// The arithmetic of sine networks on a tile of pixels.
//
// Rows of a tile are pixels and columns are neurons, padded to whole vectors. So each of the three products of a layer
// reads one operand by vectors and the other number by number, and none needs a sum across a vector. Twelve sums are in
// registers at a time, as many as leave room in sixteen for what is multiplied.

#pragma once

#include "Vectorized.hpp"

#include <cstdint>

namespace ctorch {

/// Rows of numbers, each at the same distance from the one before.
struct Matrix {
    float *elements;
    int64_t stride;

    INLINE float *row(int64_t index) const { return elements + index * stride; }
    INLINE Matrix from_column(int64_t column) const { return {elements + column, stride}; }
};

/// What is done to tiles, with vectors of some bytes.
template <int bytes> struct SineTile {
    using Floats = typename Vector<float, bytes>::Lanes;
    typedef int32_t Ints __attribute__((vector_size(bytes)));

    static constexpr int64_t lanes = Vector<float, bytes>::lanes;
    static constexpr int64_t block = 6; // pixels whose sums are in registers
    static constexpr int64_t pixels = 8 * block;

    static constexpr int64_t padded(int64_t neurons) { return (neurons + lanes - 1) / lanes * lanes; }

    static INLINE Floats &at(float *place) { return *reinterpret_cast<Floats *>(place); }
    static INLINE const Floats &at(const float *place) { return *reinterpret_cast<const Floats *>(place); }

    /// `z` becomes `sin πz` and `cosine` is `cos πz`, each to 2e-7, for some vectors side by side.
    ///
    /// Whole half turns are taken off exactly, since `z` counts them; minimax polynomials do the rest.
    template <int count> static INLINE void sines_and_cosines(Floats (&z)[count], Floats (&cosine)[count]) {
        constexpr float rounding = 12582912.0f; // 1.5 · 2²³: adding it leaves the nearest integer in the low bits
        constexpr float sines[] = {0.077560387f, -0.5982421279f, 2.550069727f, -5.167709685f, 3.141592637f};
        constexpr float cosines[] = {-0.02442070267f, 0.2349539276f, -1.335216105f, 4.0587096f, -4.934802156f, 1};
        Floats square[count], sine[count];
        Ints sign[count];
        UNROLLED for (int i = 0; i < count; ++i) {
            const Floats shifted = z[i] + rounding;
            sign[i] = (Ints)shifted << 31; // an odd number of half turns changes both signs
            z[i] -= shifted - rounding;
            square[i] = z[i] * z[i];
            sine[i] = Floats{} + sines[0];
            cosine[i] = square[i] * cosines[0] + cosines[1];
        }
        UNROLLED for (int k = 1; k < 5; ++k) {
            UNROLLED for (int i = 0; i < count; ++i) {
                sine[i] = square[i] * sine[i] + sines[k];
                cosine[i] = square[i] * cosine[i] + cosines[k + 1];
            }
        }
        UNROLLED for (int i = 0; i < count; ++i) {
            z[i] = (Floats)((Ints)(z[i] * sine[i]) ^ sign[i]);
            cosine[i] = (Floats)((Ints)cosine[i] ^ sign[i]);
        }
    }

    /// `sums += x w` for a block of pixels and some vectors of neurons.
    template <int vectors>
    static INLINE void multiply(Matrix x, int64_t inputs, Matrix w, Floats (&sums)[block][vectors]) {
        for (int64_t k = 0; k < inputs; ++k) {
            Floats right[vectors];
            UNROLLED for (int v = 0; v < vectors; ++v) right[v] = at(w.row(k) + v * lanes);
            UNROLLED for (int p = 0; p < block; ++p) {
                const float left = x.row(p)[k];
                UNROLLED for (int v = 0; v < vectors; ++v) sums[p][v] += left * right[v];
            }
        }
    }

    /// Sine and cosine of `π (x w + bias)`.
    template <int vectors>
    static INLINE void forward(
        Matrix x, int64_t inputs, Matrix w, const float *bias, Matrix sines, Matrix cosines, int64_t count) {
        constexpr int side = 3;
        for (int64_t pixel = 0; pixel < count; pixel += block) {
            Floats sums[block][vectors];
            UNROLLED for (int p = 0; p < block; ++p)
                UNROLLED for (int v = 0; v < vectors; ++v) sums[p][v] = at(bias + v * lanes);
            multiply<vectors>({x.row(pixel), x.stride}, inputs, w, sums);
            UNROLLED for (int start = 0; start < block * vectors; start += side) {
                Floats z[side], c[side];
                UNROLLED for (int i = 0; i < side; ++i) z[i] = sums[(start + i) / vectors][(start + i) % vectors];
                sines_and_cosines<side>(z, c);
                UNROLLED for (int i = 0; i < side; ++i) {
                    const int64_t p = pixel + (start + i) / vectors, column = (start + i) % vectors * lanes;
                    at(sines.row(p) + column) = z[i];
                    at(cosines.row(p) + column) = c[i];
                }
            }
        }
    }

    /// `slopes *= e w`, with the sum of the products over pixels added to `total`.
    template <int vectors>
    static INLINE void backward(Matrix e, int64_t outputs, Matrix w, Matrix slopes, float *total, int64_t count) {
        Floats totals[vectors] = {};
        for (int64_t pixel = 0; pixel < count; pixel += block) {
            Floats sums[block][vectors] = {};
            multiply<vectors>({e.row(pixel), e.stride}, outputs, w, sums);
            UNROLLED for (int p = 0; p < block; ++p) {
                UNROLLED for (int v = 0; v < vectors; ++v) {
                    Floats &place = at(slopes.row(pixel + p) + v * lanes);
                    place *= sums[p][v];
                    totals[v] += place;
                }
            }
        }
        for (int v = 0; v < vectors; ++v) at(total + v * lanes) += totals[v];
    }

    /// `m += aᵀ b`, summed over pixels, for some rows and some vectors of columns.
    template <int rows, int vectors> static INLINE void add_outer(Matrix a, Matrix b, Matrix m, int64_t count) {
        Floats sums[rows][vectors];
        UNROLLED for (int r = 0; r < rows; ++r)
            UNROLLED for (int v = 0; v < vectors; ++v) sums[r][v] = at(m.row(r) + v * lanes);
        for (int64_t pixel = 0; pixel < count; ++pixel) {
            Floats right[vectors];
            UNROLLED for (int v = 0; v < vectors; ++v) right[v] = at(b.row(pixel) + v * lanes);
            UNROLLED for (int r = 0; r < rows; ++r) {
                const float left = a.row(pixel)[r];
                UNROLLED for (int v = 0; v < vectors; ++v) sums[r][v] += left * right[v];
            }
        }
        UNROLLED for (int r = 0; r < rows; ++r)
            UNROLLED for (int v = 0; v < vectors; ++v) at(m.row(r) + v * lanes) = sums[r][v];
    }

    /// `m += aᵀ b` for all rows and some vectors of columns; four vectors where rows are few.
    template <int vectors> static INLINE void add_outer(Matrix a, int64_t rows, Matrix b, Matrix m, int64_t count) {
        int64_t row = 0;
        const auto add = [&]<int taken>() INLINE_LAMBDA {
            add_outer<taken, vectors>(a.from_column(row), b, {m.row(row), m.stride}, count);
            row += taken;
        };
        if constexpr (vectors < 4) {
            while (rows - row >= 6 && rows - row != 8) add.template operator()<6>();
            while (rows - row >= 4) add.template operator()<4>(); // of eight, for six and two would be slower
        }
        while (rows - row >= 2) add.template operator()<2>();
        if (row < rows) add.template operator()<1>();
    }

    /// Calls `body<vectors>(column)` for all columns of a matrix, for up to `most` vectors at a time.
    template <int most, typename Body>
    static INLINE void for_each_column(int64_t stride, Body body, int64_t column = 0) {
        for (; column + most * lanes <= stride; column += most * lanes) body.template operator()<most>(column);
        if constexpr (most > 1) for_each_column<most / 2>(stride, body, column);
    }
};

} // namespace ctorch
