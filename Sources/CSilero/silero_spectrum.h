// The magnitudes of a short-time Fourier transform.
#pragma once

#include "silero_model.h"
#include "silero_vector.h"

enum {
    // Half the window's samples as complex numbers: even ones real, odd ones imaginary.
    POINT_COUNT = WINDOW_LENGTH / 2,
    // A window in each lane: those of two frames.
    LANE_COUNT = 8,
};

typedef struct {
    float8 real, imaginary;
} complex8;

// Puts one window into each lane.
INLINE void take_windows(const silero_model *model, const float *const *signals, complex8 *points) {
    for (int i = 0; i < WINDOW_LENGTH; i += 8) {
        float8 block[LANE_COUNT], shape = load8(model->window + i);
        for (int lane = 0; lane < LANE_COUNT; lane++) {
            const float *signal = signals[lane / WINDOW_COUNT];
            block[lane] = load8(signal + lane % WINDOW_COUNT * WINDOW_STRIDE + i) * shape;
        }
        transpose8(block);
        for (int k = 0; k < 4; k++)
            points[i / 2 + k] = (complex8){block[2 * k], block[2 * k + 1]};
    }
}

// A Stockham transform of radix 2: sorts itself while it goes back and forth between two buffers.
// Returns the one with the result.
INLINE complex8 *transform(const silero_model *model, complex8 *from, complex8 *to) {
    for (int length = POINT_COUNT, stride = 1; length > 1; length /= 2, stride *= 2) {
        int half = length / 2;
        for (int p = 0; p < half; p++) {
            float8 wr = splat8(model->twiddle_real[p * stride]);
            float8 wi = splat8(model->twiddle_imaginary[p * stride]);
            for (int q = 0; q < stride; q++) {
                complex8 a = from[q + stride * p], b = from[q + stride * (p + half)];
                float8 dr = a.real - b.real, di = a.imaginary - b.imaginary;
                complex8 *out = to + q + stride * 2 * p;
                out[0] = (complex8){a.real + b.real, a.imaginary + b.imaginary};
                out[stride] = (complex8){dr * wr - di * wi, dr * wi + di * wr};
            }
        }
        complex8 *swap = from;
        from = to;
        to = swap;
    }
    return from;
}

// Writes the magnitude of each bin, with a window in each lane: first those of one signal, then
// those of another, which may be the same.
INLINE void spectrum(const silero_model *model, const float *const *signals, float8 *bins) {
    complex8 first[POINT_COUNT], second[POINT_COUNT];
    take_windows(model, signals, first);
    const complex8 *points = transform(model, first, second);
    // The transform of real samples out of that of half as many complex ones: bins k and N/2 - k at
    // once.
    for (int k = 0; k <= POINT_COUNT / 2; k++) {
        complex8 z = points[k % POINT_COUNT], y = points[(POINT_COUNT - k) % POINT_COUNT];
        float8 half = splat8(0.5f);
        float8 even_r = (z.real + y.real) * half, even_i = (z.imaginary - y.imaginary) * half;
        float8 odd_r = (z.imaginary + y.imaginary) * half, odd_i = (y.real - z.real) * half;
        float8 wr = splat8(model->split_real[k]), wi = splat8(model->split_imaginary[k]);
        float8 turned_r = odd_r * wr - odd_i * wi, turned_i = odd_r * wi + odd_i * wr;
        float8 ar = even_r + turned_r, ai = even_i + turned_i;
        float8 br = even_r - turned_r, bi = even_i - turned_i;
        bins[k] = root8(ar * ar + ai * ai);
        bins[POINT_COUNT - k] = root8(br * br + bi * bi);
    }
    for (int k = BIN_COUNT; k < PADDED_BIN_COUNT; k++) bins[k] = splat8(0);
}
