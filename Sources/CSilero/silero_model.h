// The shapes of the network, and a model's memory. Private to this target.
#pragma once

#include "CSilero.h"

enum {
    // The spectrum: 4 windows of 256 samples, 128 apart, over context, frame and a mirrored tail.
    WINDOW_LENGTH = 256,
    WINDOW_STRIDE = 128,
    WINDOW_COUNT = 4,
    BIN_COUNT = WINDOW_LENGTH / 2 + 1,
    MIRROR_LENGTH = 64,
    SIGNAL_LENGTH = SILERO_CONTEXT_LENGTH + SILERO_FRAME_LENGTH + MIRROR_LENGTH,

    // Bins in memory: whole vectors, the last ones zero.
    PADDED_BIN_COUNT = (BIN_COUNT + 7) / 8 * 8,

    // The encoder: four convolutions of three taps. Their strides of 1, 2, 2, 1 leave 4, 2, 1, 1
    // rows.
    TAP_COUNT = 3,
    CHANNELS1 = 128,
    CHANNELS2 = 64,
    CHANNELS3 = 64,
    CHANNELS4 = 128,
    ROWS1 = 4,
    ROWS2 = 2,

    // The decoder: one LSTM cell, whose input is the encoder's output and its own last one.
    GATE_COUNT = 4,
    RECURRENT_INPUTS = CHANNELS4 + SILERO_HIDDEN_SIZE,
    RECURRENT_OUTPUTS = GATE_COUNT * SILERO_HIDDEN_SIZE,

    // The first convolution is half of the work. Two of its rows at a time come from four products
    // of the spectrum instead of six: see `silero_convolution.h`.
    PRODUCT_COUNT = 4,
    PRODUCT_ROWS = ROWS1 / 2,

    // Inputs of each other layer as one matrix. Where only one row comes out, taps that lie on the
    // zero padding are left out: of the third convolution the first, of the fourth the first and
    // the last.
    INPUTS2 = TAP_COUNT * CHANNELS1,
    INPUTS3 = 2 * CHANNELS2,
    INPUTS4 = CHANNELS3,

    // Outputs are computed in panels of one vector of 16 floats; every layer has a multiple of
    // 4 panels.
    PANEL_WIDTH = 16,
    PANEL_GROUP = 4,
};

// A layer: weights as panels [out / PANEL_WIDTH][in][PANEL_WIDTH], read from front to back.
typedef struct {
    float *panels;
    float *bias;
    int outputs, inputs;
} dense_layer;

struct silero_model {
    silero_instructions instructions;
    dense_layer products1[PRODUCT_COUNT];
    float bias1[CHANNELS1];
    dense_layer convolution2, convolution3, convolution4, recurrent;
    float output_weight[SILERO_HIDDEN_SIZE];
    float output_bias;

    // Tables of the Fourier transform.
    float window[WINDOW_LENGTH];
    float twiddle_real[WINDOW_LENGTH / 4], twiddle_imaginary[WINDOW_LENGTH / 4];
    float split_real[WINDOW_LENGTH / 4 + 1], split_imaginary[WINDOW_LENGTH / 4 + 1];
};
