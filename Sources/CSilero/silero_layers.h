// Matrix times rows, and the recurrent cell.
#pragma once

#include "silero_model.h"
#include "silero_vector.h"

typedef enum { KEEP_NEGATIVE, DROP_NEGATIVE } rectification;

// Some rows times some neighbouring panels. Rows * panels is 4, so that with two vectors each the
// sums stay in eight registers; callers pass constants, and the loops unroll.
INLINE void dense_tile(int rows, int panels, const float *const *in, int inputs,
                       const float *weights, const float *bias, float *const *out, int column,
                       rectification rectify) {
    float8 sums[4][2];
    for (int r = 0; r < rows; r++)
        for (int p = 0; p < panels; p++)
            for (int half = 0; half < 2; half++)
                sums[r * panels + p][half] = load8(bias + column + p * PANEL_WIDTH + half * 8);
    for (int k = 0; k < inputs; k++) {
        for (int p = 0; p < panels; p++) {
            const float *w = weights + ((long)p * inputs + k) * PANEL_WIDTH;
            float8 low = load8(w), high = load8(w + 8);
            for (int r = 0; r < rows; r++) {
                float8 x = splat8(in[r][k]);
                sums[r * panels + p][0] += x * low;
                sums[r * panels + p][1] += x * high;
            }
        }
    }
    for (int r = 0; r < rows; r++)
        for (int p = 0; p < panels; p++)
            for (int half = 0; half < 2; half++) {
                float8 sum = sums[r * panels + p][half];
                if (rectify == DROP_NEGATIVE) sum = max8(sum, splat8(0));
                store8(out[r] + column + p * PANEL_WIDTH + half * 8, sum);
            }
}

// A whole layer for 1, 2 or 4 rows at once.
INLINE void dense(int rows, dense_layer layer, int outputs, int inputs, const float *const *in,
                  float *const *out, rectification rectify) {
    int panels = 4 / rows;
    for (int column = 0; column < outputs; column += panels * PANEL_WIDTH)
        dense_tile(rows, panels, in, inputs, layer.panels + (long)column * inputs, layer.bias, out,
                   column, rectify);
}

// Moves the cell on by its four gates, and returns the weighted sum of its rectified output.
INLINE float move_cell(const silero_model *model, silero_state *state, const float *gates) {
    float8 sum = splat8(0);
    for (int i = 0; i < SILERO_HIDDEN_SIZE; i += 8) {
        float8 input = sigmoid8(load8(gates + i));
        float8 forget = sigmoid8(load8(gates + SILERO_HIDDEN_SIZE + i));
        float8 candidate = tanh8(load8(gates + 2 * SILERO_HIDDEN_SIZE + i));
        float8 output = sigmoid8(load8(gates + 3 * SILERO_HIDDEN_SIZE + i));
        float8 cell = forget * load8(state->cell + i) + input * candidate;
        float8 hidden = output * tanh8(cell);
        store8(state->cell + i, cell);
        store8(state->hidden + i, hidden);
        sum += max8(hidden, splat8(0)) * load8(model->output_weight + i);
    }
    float total = 0;
    for (int i = 0; i < 8; i++) total += sum[i];
    return total;
}
