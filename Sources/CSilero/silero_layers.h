// Matrix times rows, and the recurrent cell.
#pragma once

#include "silero_model.h"
#include "silero_vector.h"

typedef enum { KEEP_NEGATIVE, DROP_NEGATIVE } rectification;

enum {
    // Sums of 16 floats that stay in registers beside inputs and weights.
    SUMS_OF_BASE = 2,
    SUMS_OF_AVX2 = 4,
    SUMS_OF_AVX512 = 8,
    MAXIMUM_SUMS = SUMS_OF_AVX512,
};

// Some rows times some neighbouring panels: each weight is read once for all rows, each input once
// for all panels. Callers pass constants, so that the loops unroll and the sums are registers.
//
// A sum is added up in the order of its inputs, however many rows there are: a frame gets the same
// answer in any company.
INLINE void dense_tile(int rows, int panels, const dense_layer *layer, const float *const *in,
                       float *const *out, int column, rectification rectify) {
    const float *weights = layer->panels + (long)column * layer->inputs;
    float16 sums[MAXIMUM_SUMS];
    for (int r = 0; r < rows; r++)
        for (int p = 0; p < panels; p++)
            sums[r * panels + p] = load16(layer->bias + column + p * PANEL_WIDTH);
    for (int k = 0; k < layer->inputs; k++)
        for (int p = 0; p < panels; p++) {
            float16 weight = load16(weights + ((long)p * layer->inputs + k) * PANEL_WIDTH);
            for (int r = 0; r < rows; r++) sums[r * panels + p] += in[r][k] * weight;
        }
    for (int r = 0; r < rows; r++)
        for (int p = 0; p < panels; p++) {
            float16 sum = sums[r * panels + p];
            if (rectify == DROP_NEGATIVE) sum = max16(sum, (float16){0});
            store16(out[r] + column + p * PANEL_WIDTH, sum);
        }
}

// What is left of the rows, a constant, times a group of panels.
INLINE void dense_rest(int most, int rows, const dense_layer *layer, const float *const *in,
                       float *const *out, int group, rectification rectify) {
    int room = most / rows, panels = room >= 4 ? 4 : room >= 2 ? 2 : 1;
    for (int p = 0; p < PANEL_GROUP; p += panels)
        dense_tile(rows, panels, layer, in, out, group + p * PANEL_WIDTH, rectify);
}

// A whole layer for any number of rows; `most` is a constant, the sums that registers can hold.
INLINE void dense(int most, int rows, const dense_layer *layer, const float *const *in,
                  float *const *out, rectification rectify) {
    int whole = rows - rows % most;
    const float *const *in_rest = in + whole;
    float *const *out_rest = out + whole;
    for (int group = 0; group < layer->outputs; group += PANEL_GROUP * PANEL_WIDTH) {
        if (whole)
            for (int p = 0; p < PANEL_GROUP; p++)
                for (int row = 0; row < whole; row += most)
                    dense_tile(most, 1, layer, in + row, out + row, group + p * PANEL_WIDTH,
                               rectify);
        switch (rows % most) {
            case 7: dense_rest(most, 7, layer, in_rest, out_rest, group, rectify); break;
            case 6: dense_rest(most, 6, layer, in_rest, out_rest, group, rectify); break;
            case 5: dense_rest(most, 5, layer, in_rest, out_rest, group, rectify); break;
            case 4: dense_rest(most, 4, layer, in_rest, out_rest, group, rectify); break;
            case 3: dense_rest(most, 3, layer, in_rest, out_rest, group, rectify); break;
            case 2: dense_rest(most, 2, layer, in_rest, out_rest, group, rectify); break;
            case 1: dense_rest(most, 1, layer, in_rest, out_rest, group, rectify); break;
            default: break;
        }
    }
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
