#include <math.h>
#include <string.h>

#include "silero_convolution.h"
#include "silero_layers.h"
#include "silero_model.h"
#include "silero_spectrum.h"

// Frames judged at once: their memory is 120 kB of stack, and more of them gain nothing.
enum { BATCH = 8 };

// Memory of one step. Rows of a convolution's input lie one after the other, so that three taps are
// one run of memory; before the first row of `rows1` is one of zeros.
typedef struct {
    product_inputs inputs1[BATCH];
    product_outputs outputs1[BATCH];
    float rows1[BATCH][(1 + ROWS1) * CHANNELS1];
    float rows2[BATCH][ROWS2 * CHANNELS2];
    float row3[BATCH][CHANNELS3];
    float recurrent_input[BATCH][RECURRENT_INPUTS];
    float gates[BATCH][RECURRENT_OUTPUTS];
} step_memory;

// What a layer reads and writes, row by row.
typedef struct {
    const float *in[BATCH * PRODUCT_ROWS];
    float *out[BATCH * PRODUCT_ROWS];
} row_list;

// The streams of one step.
typedef struct {
    int count;
    silero_state *const *states;
    const float *const *frames;
    float *probabilities;
} batch;

INLINE void take_signal(float *signal, silero_state *state, const float *frame) {
    memcpy(signal, state->context, sizeof state->context);
    memcpy(signal + SILERO_CONTEXT_LENGTH, frame, SILERO_FRAME_LENGTH * sizeof(float));
    const int end = SILERO_CONTEXT_LENGTH + SILERO_FRAME_LENGTH;
    for (int i = 0; i < MIRROR_LENGTH; i++) signal[end + i] = signal[end - 2 - i];
    memcpy(state->context, frame + SILERO_FRAME_LENGTH - SILERO_CONTEXT_LENGTH,
           sizeof state->context);
}

// The spectra of all frames, two at a time, as inputs of the first convolution.
INLINE void take_spectra(const silero_model *model, const batch *batch, step_memory *memory) {
    float signal[2][SIGNAL_LENGTH];
    float8 bins[PADDED_BIN_COUNT];
    for (int i = 0; i < batch->count; i += 2) {
        bool isPair = i + 1 < batch->count;
        const float *signals[2] = {signal[0], signal[isPair]};
        for (int one = 0; one <= isPair; one++)
            take_signal(signal[one], batch->states[i + one], batch->frames[i + one]);
        spectrum(model, signals, bins);
        for (int bin = 0; bin < PADDED_BIN_COUNT; bin += 8) {
            float8 *windows = bins + bin;
            transpose8(windows);
            mix(memory->inputs1[i], bin, windows);
            if (isPair) mix(memory->inputs1[i + 1], bin, windows + WINDOW_COUNT);
        }
    }
}

INLINE void encode(int most, const silero_model *model, int count, step_memory *memory) {
    row_list rows;
    for (int product = 0; product < PRODUCT_COUNT; product++) {
        for (int i = 0; i < count * PRODUCT_ROWS; i++) {
            rows.in[i] = memory->inputs1[i / PRODUCT_ROWS][product][i % PRODUCT_ROWS];
            rows.out[i] = memory->outputs1[i / PRODUCT_ROWS][product][i % PRODUCT_ROWS];
        }
        dense(most, count * PRODUCT_ROWS, &model->products1[product], rows.in, rows.out,
              KEEP_NEGATIVE);
    }
    for (int i = 0; i < count; i++) {
        memset(memory->rows1[i], 0, CHANNELS1 * sizeof(float));
        unmix(model, memory->outputs1[i], memory->rows1[i] + CHANNELS1);
    }

    for (int i = 0; i < count * ROWS2; i++) {
        rows.in[i] = memory->rows1[i / ROWS2] + i % ROWS2 * 2 * CHANNELS1;
        rows.out[i] = memory->rows2[i / ROWS2] + i % ROWS2 * CHANNELS2;
    }
    dense(most, count * ROWS2, &model->convolution2, rows.in, rows.out, DROP_NEGATIVE);

    for (int i = 0; i < count; i++) rows.in[i] = memory->rows2[i], rows.out[i] = memory->row3[i];
    dense(most, count, &model->convolution3, rows.in, rows.out, DROP_NEGATIVE);

    for (int i = 0; i < count; i++) {
        rows.in[i] = memory->row3[i];
        rows.out[i] = memory->recurrent_input[i];
    }
    dense(most, count, &model->convolution4, rows.in, rows.out, DROP_NEGATIVE);
}

INLINE void step(int most, const silero_model *model, const batch *batch) {
    step_memory memory __attribute__((aligned(64)));
    take_spectra(model, batch, &memory);
    encode(most, model, batch->count, &memory);
    row_list rows;
    for (int i = 0; i < batch->count; i++) {
        const silero_state *state = batch->states[i];
        memcpy(memory.recurrent_input[i] + CHANNELS4, state->hidden, sizeof state->hidden);
        rows.in[i] = memory.recurrent_input[i];
        rows.out[i] = memory.gates[i];
    }
    dense(most, batch->count, &model->recurrent, rows.in, rows.out, KEEP_NEGATIVE);
    for (int i = 0; i < batch->count; i++) {
        float score = move_cell(model, batch->states[i], memory.gates[i]) + model->output_bias;
        batch->probabilities[i] = 1 / (1 + expf(-score));
    }
}

// One copy of the step for each set of instructions.

static void step_base(const silero_model *model, const batch *batch) {
    step(SUMS_OF_BASE, model, batch);
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) static void step_avx2(const silero_model *model,
                                                          const batch *batch) {
    step(SUMS_OF_AVX2, model, batch);
}

__attribute__((target("avx2,fma,avx512f,avx512vl,avx512dq"))) static void step_avx512(
    const silero_model *model, const batch *batch) {
    step(SUMS_OF_AVX512, model, batch);
}
#endif

void silero_step_many(const silero_model *model, silero_state *const *states,
                      const float *const *frames, size_t count, float *probabilities) {
    // Batches of nearly one size: a small one at the end would cost as much as a large one.
    size_t batches = (count + BATCH - 1) / BATCH, done = 0;
    for (; batches > 0; batches--) {
        int size = (int)((count - done) / batches);
        batch next = {size, states + done, frames + done, probabilities + done};
        switch (model->instructions) {
#if defined(__x86_64__)
            case SILERO_AVX512: step_avx512(model, &next); break;
            case SILERO_AVX2: step_avx2(model, &next); break;
#endif
            default: step_base(model, &next); break;
        }
        done += (size_t)size;
    }
}

float silero_step(const silero_model *model, silero_state *state, const float *frame) {
    float probability;
    silero_step_many(model, &state, &frame, 1, &probability);
    return probability;
}
