#include <math.h>
#include <string.h>

#include "silero_layers.h"
#include "silero_model.h"
#include "silero_spectrum.h"

// Memory of one step. Rows of a convolution's input lie one after the other with a row of zeros
// before and after them, so that three taps are one run of memory.
typedef struct {
    float signal[SIGNAL_LENGTH];
    float spectrum[(WINDOW_COUNT + 2) * BIN_COUNT];
    float rows1[(ROWS1 + 2) * CHANNELS1];
    float rows2[ROWS2 * CHANNELS2];
    float row3[CHANNELS3];
    float recurrent_input[RECURRENT_INPUTS];
    float gates[RECURRENT_OUTPUTS];
} step_memory;

INLINE void take_signal(float *signal, silero_state *state, const float *frame) {
    memcpy(signal, state->context, sizeof state->context);
    memcpy(signal + SILERO_CONTEXT_LENGTH, frame, SILERO_FRAME_LENGTH * sizeof(float));
    const int end = SILERO_CONTEXT_LENGTH + SILERO_FRAME_LENGTH;
    for (int i = 0; i < MIRROR_LENGTH; i++) signal[end + i] = signal[end - 2 - i];
    memcpy(state->context, frame + SILERO_FRAME_LENGTH - SILERO_CONTEXT_LENGTH,
           sizeof state->context);
}

INLINE void encode(const silero_model *model, step_memory *memory) {
    const float *in[4];
    float *out[4];
    memset(memory->spectrum, 0, BIN_COUNT * sizeof(float));
    memset(memory->spectrum + (WINDOW_COUNT + 1) * BIN_COUNT, 0, BIN_COUNT * sizeof(float));
    spectrum(model, memory->signal, memory->spectrum + BIN_COUNT);

    memset(memory->rows1, 0, CHANNELS1 * sizeof(float));
    memset(memory->rows1 + (ROWS1 + 1) * CHANNELS1, 0, CHANNELS1 * sizeof(float));
    for (int row = 0; row < ROWS1; row++) {
        in[row] = memory->spectrum + row * BIN_COUNT;
        out[row] = memory->rows1 + (row + 1) * CHANNELS1;
    }
    dense(4, model->convolution1, CHANNELS1, INPUTS1, in, out, DROP_NEGATIVE);

    for (int row = 0; row < ROWS2; row++) {
        in[row] = memory->rows1 + 2 * row * CHANNELS1;
        out[row] = memory->rows2 + row * CHANNELS2;
    }
    dense(2, model->convolution2, CHANNELS2, INPUTS2, in, out, DROP_NEGATIVE);

    in[0] = memory->rows2;
    out[0] = memory->row3;
    dense(1, model->convolution3, CHANNELS3, INPUTS3, in, out, DROP_NEGATIVE);

    in[0] = memory->row3;
    out[0] = memory->recurrent_input;
    dense(1, model->convolution4, CHANNELS4, INPUTS4, in, out, DROP_NEGATIVE);
}

INLINE float step(const silero_model *model, silero_state *state, const float *frame) {
    step_memory memory __attribute__((aligned(64)));
    take_signal(memory.signal, state, frame);
    encode(model, &memory);
    memcpy(memory.recurrent_input + CHANNELS4, state->hidden, sizeof state->hidden);
    const float *in[1] = {memory.recurrent_input};
    float *out[1] = {memory.gates};
    dense(1, model->recurrent, RECURRENT_OUTPUTS, RECURRENT_INPUTS, in, out, KEEP_NEGATIVE);
    float score = move_cell(model, state, memory.gates) + model->output_bias;
    return 1 / (1 + expf(-score));
}

// One copy of the step for each set of instructions.

static float step_base(const silero_model *model, silero_state *state, const float *frame) {
    return step(model, state, frame);
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) static float step_avx2(const silero_model *model,
                                                           silero_state *state,
                                                           const float *frame) {
    return step(model, state, frame);
}

__attribute__((target("avx2,fma,avx512f,avx512vl,avx512dq"))) static float step_avx512(
    const silero_model *model, silero_state *state, const float *frame) {
    return step(model, state, frame);
}
#endif

float silero_step(const silero_model *model, silero_state *state, const float *frame) {
    switch (model->instructions) {
#if defined(__x86_64__)
        case SILERO_AVX512: return step_avx512(model, state, frame);
        case SILERO_AVX2: return step_avx2(model, state, frame);
#endif
        default: return step_base(model, state, frame);
    }
}
