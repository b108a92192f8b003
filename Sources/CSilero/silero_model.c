#include "silero_model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// A cache line, and the widest vector there is.
#define ALIGNMENT 64

static float *allocate_floats(size_t count) {
    size_t size = (count * sizeof(float) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return aligned_alloc(ALIGNMENT, size);
}

// Where the weight from an input to an output lies in the source. Inputs are numbered as they lie
// in memory when the layer runs: tap by tap, and within a tap channel by channel.
typedef size_t (*weight_index)(size_t output, size_t input);

static size_t index_convolution2(size_t output, size_t input) {
    return (output * CHANNELS1 + input % CHANNELS1) * TAP_COUNT + input / CHANNELS1;
}

static size_t index_convolution3(size_t output, size_t input) {
    return (output * CHANNELS2 + input % CHANNELS2) * TAP_COUNT + input / CHANNELS2 + 1;
}

static size_t index_convolution4(size_t output, size_t input) {
    return (output * CHANNELS3 + input) * TAP_COUNT + 1;
}

static bool make_layer(dense_layer *layer, size_t outputs, size_t inputs) {
    layer->outputs = (int)outputs;
    layer->inputs = (int)inputs;
    layer->panels = allocate_floats(outputs * inputs);
    layer->bias = allocate_floats(outputs);
    return layer->panels && layer->bias;
}

static float *panel_entry(const dense_layer *layer, size_t output, size_t input) {
    size_t panel = output / PANEL_WIDTH, column = output % PANEL_WIDTH;
    return layer->panels + (panel * (size_t)layer->inputs + input) * PANEL_WIDTH + column;
}

// The four products that stand for the first convolution: see `silero_convolution.h`. Its bias is
// added to their sums.
static bool make_products(silero_model *model, const float *weight, const float *bias) {
    for (int product = 0; product < PRODUCT_COUNT; product++) {
        dense_layer *layer = &model->products1[product];
        if (!make_layer(layer, CHANNELS1, BIN_COUNT)) return false;
        memset(layer->bias, 0, CHANNELS1 * sizeof(float));
        for (size_t output = 0; output < CHANNELS1; output++)
            for (size_t input = 0; input < BIN_COUNT; input++) {
                const float *tap = weight + (output * BIN_COUNT + input) * TAP_COUNT;
                const float mixed[PRODUCT_COUNT] = {tap[0], (tap[0] + tap[1] + tap[2]) / 2,
                                                    (tap[0] - tap[1] + tap[2]) / 2, tap[2]};
                *panel_entry(layer, output, input) = mixed[product];
            }
    }
    memcpy(model->bias1, bias, sizeof model->bias1);
    return true;
}

static bool make_convolution(dense_layer *layer, size_t outputs, size_t inputs, const float *weight,
                             const float *bias, weight_index index) {
    if (!make_layer(layer, outputs, inputs)) return false;
    for (size_t output = 0; output < outputs; output++)
        for (size_t input = 0; input < inputs; input++)
            *panel_entry(layer, output, input) = weight[index(output, input)];
    memcpy(layer->bias, bias, outputs * sizeof(float));
    return true;
}

// Both products of the cell, of its input and of its last output, as one matrix.
static bool make_recurrent(dense_layer *layer, const silero_weights *weights) {
    if (!make_layer(layer, RECURRENT_OUTPUTS, RECURRENT_INPUTS)) return false;
    for (size_t output = 0; output < RECURRENT_OUTPUTS; output++) {
        for (size_t input = 0; input < CHANNELS4; input++)
            *panel_entry(layer, output, input) =
                weights->recurrent_input_weight[output * CHANNELS4 + input];
        for (size_t input = 0; input < SILERO_HIDDEN_SIZE; input++)
            *panel_entry(layer, output, CHANNELS4 + input) =
                weights->recurrent_hidden_weight[output * SILERO_HIDDEN_SIZE + input];
        layer->bias[output] =
            weights->recurrent_input_bias[output] + weights->recurrent_hidden_bias[output];
    }
    return true;
}

static void make_tables(silero_model *model) {
    const double turn = 2 * acos(-1.0);
    for (int i = 0; i < WINDOW_LENGTH; i++)
        model->window[i] = (float)(0.5 - 0.5 * cos(turn * i / WINDOW_LENGTH));
    for (int i = 0; i < WINDOW_LENGTH / 4; i++) {
        model->twiddle_real[i] = (float)cos(turn * i / (WINDOW_LENGTH / 2));
        model->twiddle_imaginary[i] = (float)-sin(turn * i / (WINDOW_LENGTH / 2));
    }
    for (int i = 0; i <= WINDOW_LENGTH / 4; i++) {
        model->split_real[i] = (float)cos(turn * i / WINDOW_LENGTH);
        model->split_imaginary[i] = (float)-sin(turn * i / WINDOW_LENGTH);
    }
}

silero_instructions silero_best_instructions(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                  __builtin_cpu_supports("avx512dq");
    if (avx2) return avx512 ? SILERO_AVX512 : SILERO_AVX2;
#endif
    return SILERO_BASE;
}

silero_model *silero_model_create(const silero_weights *weights, silero_instructions wanted) {
    silero_model *model = calloc(1, sizeof *model);
    if (!model) return NULL;
    silero_instructions best = silero_best_instructions();
    model->instructions = wanted < best ? wanted : best;
    bool done =
        make_products(model, weights->convolution1_weight, weights->convolution1_bias) &&
        make_convolution(&model->convolution2, CHANNELS2, INPUTS2, weights->convolution2_weight,
                         weights->convolution2_bias, index_convolution2) &&
        make_convolution(&model->convolution3, CHANNELS3, INPUTS3, weights->convolution3_weight,
                         weights->convolution3_bias, index_convolution3) &&
        make_convolution(&model->convolution4, CHANNELS4, INPUTS4, weights->convolution4_weight,
                         weights->convolution4_bias, index_convolution4) &&
        make_recurrent(&model->recurrent, weights);
    if (!done) {
        silero_model_free(model);
        return NULL;
    }
    memcpy(model->output_weight, weights->output_weight, sizeof model->output_weight);
    model->output_bias = weights->output_bias[0];
    make_tables(model);
    return model;
}

static void free_layer(dense_layer *layer) {
    free(layer->panels);
    free(layer->bias);
}

void silero_model_free(silero_model *model) {
    if (!model) return;
    for (int i = 0; i < PRODUCT_COUNT; i++) free_layer(&model->products1[i]);
    free_layer(&model->convolution2);
    free_layer(&model->convolution3);
    free_layer(&model->convolution4);
    free_layer(&model->recurrent);
    free(model);
}

silero_instructions silero_model_instructions(const silero_model *model) {
    return model->instructions;
}
