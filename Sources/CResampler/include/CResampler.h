// The inner loop of a polyphase resampler: scalar products of a signal with rows of a filter.
//
// Pure functions. The same numbers give the same numbers with whatever instructions: each sum has
// eight parts that are added up in one order, and a product is rounded before it is added.
#pragma once

#include <stddef.h>
#include <stdint.h>

// Coefficients in a row are a multiple of this.
#define RESAMPLER_LANES 8

// The filter, which is only read.
typedef struct {
    // Row after row: one for each grid point or, where `row_count` is smaller than `upsampling`, so
    // many of them from the one sample to the next that the two nearest are mixed.
    const float *rows;
    ptrdiff_t row_length, row_count;
    // Outputs lie on a grid of `upsampling` points between two inputs, each `downsampling` points
    // after the one before.
    ptrdiff_t upsampling, downsampling;
} resampler_filter;

// Where an output's row begins in the window, and the grid point after that.
typedef struct {
    ptrdiff_t position, phase;
} resampler_place;

// Writes samples as floats, full scale being 32,768.
void resampler_load(const int16_t *samples, ptrdiff_t count, float *window);

// Writes every output whose row lies within the window, and moves the place behind the last one.
// Returns how many there were. Linear output is rounded and clipped; normalized output is divided
// by 32,768 and clipped to +-1.0. There must be room for what so many inputs can give.
ptrdiff_t resampler_run_linear(const resampler_filter *filter, const float *window,
                               ptrdiff_t window_length, resampler_place *place, int16_t *output);
ptrdiff_t resampler_run_normalized(const resampler_filter *filter, const float *window,
                                   ptrdiff_t window_length, resampler_place *place,
                                   float *output);
