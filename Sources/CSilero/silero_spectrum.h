// The magnitudes of a short-time Fourier transform.
#pragma once

#include "silero_model.h"
#include "silero_vector.h"

// Half the window's samples as complex numbers: even ones real, odd ones imaginary.
enum { POINT_COUNT = WINDOW_LENGTH / 2 };

typedef struct {
    float4 real, imaginary;
} complex4;

// Puts one window into each lane.
INLINE void take_windows(const silero_model *model, const float *signal, complex4 *points) {
    for (int i = 0; i < POINT_COUNT; i++) {
        const float *even = signal + 2 * i, *odd = even + 1;
        points[i].real = (float4){even[0], even[WINDOW_STRIDE], even[2 * WINDOW_STRIDE],
                                  even[3 * WINDOW_STRIDE]} *
                         splat4(model->window[2 * i]);
        points[i].imaginary = (float4){odd[0], odd[WINDOW_STRIDE], odd[2 * WINDOW_STRIDE],
                                       odd[3 * WINDOW_STRIDE]} *
                              splat4(model->window[2 * i + 1]);
    }
}

// A Stockham transform of radix 2: sorts itself while it goes back and forth between two buffers.
// Returns the one with the result.
INLINE complex4 *transform(const silero_model *model, complex4 *from, complex4 *to) {
    for (int length = POINT_COUNT, stride = 1; length > 1; length /= 2, stride *= 2) {
        int half = length / 2;
        for (int p = 0; p < half; p++) {
            float4 wr = splat4(model->twiddle_real[p * stride]);
            float4 wi = splat4(model->twiddle_imaginary[p * stride]);
            for (int q = 0; q < stride; q++) {
                complex4 a = from[q + stride * p], b = from[q + stride * (p + half)];
                float4 dr = a.real - b.real, di = a.imaginary - b.imaginary;
                complex4 *out = to + q + stride * 2 * p;
                out[0] = (complex4){a.real + b.real, a.imaginary + b.imaginary};
                out[stride] = (complex4){dr * wr - di * wi, dr * wi + di * wr};
            }
        }
        complex4 *swap = from;
        from = to;
        to = swap;
    }
    return from;
}

INLINE void store_magnitudes(float *rows, int bin, float4 square) {
    for (int row = 0; row < WINDOW_COUNT; row++)
        rows[row * BIN_COUNT + bin] = __builtin_sqrtf(square[row]);
}

// Writes one row of BIN_COUNT magnitudes for each window.
INLINE void spectrum(const silero_model *model, const float *signal, float *rows) {
    complex4 first[POINT_COUNT], second[POINT_COUNT];
    take_windows(model, signal, first);
    const complex4 *points = transform(model, first, second);
    // The transform of real samples out of that of half as many complex ones: bins k and N/2 - k at
    // once.
    for (int k = 0; k <= POINT_COUNT / 2; k++) {
        complex4 z = points[k % POINT_COUNT], y = points[(POINT_COUNT - k) % POINT_COUNT];
        float4 half = splat4(0.5f);
        float4 even_r = (z.real + y.real) * half, even_i = (z.imaginary - y.imaginary) * half;
        float4 odd_r = (z.imaginary + y.imaginary) * half, odd_i = (y.real - z.real) * half;
        float4 wr = splat4(model->split_real[k]), wi = splat4(model->split_imaginary[k]);
        float4 turned_r = odd_r * wr - odd_i * wi, turned_i = odd_r * wi + odd_i * wr;
        float4 ar = even_r + turned_r, ai = even_i + turned_i;
        float4 br = even_r - turned_r, bi = even_i - turned_i;
        store_magnitudes(rows, k, ar * ar + ai * ai);
        store_magnitudes(rows, POINT_COUNT - k, br * br + bi * bi);
    }
}
