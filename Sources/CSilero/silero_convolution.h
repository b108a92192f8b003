// The first convolution by minimal filtering.
//
// Its four rows a, b, c, d of output come from four rows of the spectrum with a row of zeros before
// and after. Two neighbouring rows of three taps share their inputs; from the inputs i, j, k, l and
// the taps g, h, m
//
//     p = (i - k) g    q = (j + k) (g + h + m) / 2    r = (k - j) (g - h + m) / 2    s = (j - l) m
//     first row = p + q + r    second row = q - r - s
//
// which are four products of matrices instead of six.
//
// Source: S. Winograd, Arithmetic Complexity of Computations (1980), F(2, 3); as used for networks
// by A. Lavin and S. Gray, Fast Algorithms for Convolutional Neural Networks (2015), section 4.1.
#pragma once

#include "silero_model.h"
#include "silero_vector.h"

// What goes into the products p, q, r and s: for the rows a and b, then for c and d.
typedef float product_inputs[PRODUCT_COUNT][PRODUCT_ROWS][PADDED_BIN_COUNT];
// What comes out of them.
typedef float product_outputs[PRODUCT_COUNT][PRODUCT_ROWS][CHANNELS1];

// Takes eight bins of the spectrum, one vector for each window.
INLINE void mix(product_inputs inputs, int bin, const float8 *windows) {
    float8 zero = splat8(0);
    float8 rows[] = {zero, windows[0], windows[1], windows[2], windows[3], zero};
    for (int half = 0; half < PRODUCT_ROWS; half++) {
        const float8 *row = rows + 2 * half;
        store8(inputs[0][half] + bin, row[0] - row[2]);
        store8(inputs[1][half] + bin, row[1] + row[2]);
        store8(inputs[2][half] + bin, row[2] - row[1]);
        store8(inputs[3][half] + bin, row[1] - row[3]);
    }
}

// Writes the four rows, rectified, one after the other.
INLINE void unmix(const silero_model *model, product_outputs outputs, float *rows) {
    float8 zero = splat8(0);
    for (int half = 0; half < PRODUCT_ROWS; half++)
        for (int i = 0; i < CHANNELS1; i += 8) {
            float8 bias = load8(model->bias1 + i);
            float8 p = load8(outputs[0][half] + i), q = load8(outputs[1][half] + i);
            float8 r = load8(outputs[2][half] + i), s = load8(outputs[3][half] + i);
            float *row = rows + 2 * half * CHANNELS1 + i;
            store8(row, max8(p + q + r + bias, zero));
            store8(row + CHANNELS1, max8(q - r - s + bias, zero));
        }
}
