#include "CResampler.h"

#include <stdbool.h>

// Some machines can add a product without rounding it before; then they would differ.
#pragma STDC FP_CONTRACT OFF
// How wide vectors would be passed doesn't matter: nothing with one in it is ever called.
#pragma GCC diagnostic ignored "-Wpsabi"

// Everything is inlined into functions that carry a target attribute.
#define INLINE static inline __attribute__((always_inline))

typedef float float4 __attribute__((vector_size(16), aligned(4)));
typedef float float8 __attribute__((vector_size(32), aligned(4)));
typedef int32_t int4 __attribute__((vector_size(16), aligned(4)));
typedef int16_t short4 __attribute__((vector_size(8), aligned(2)));

INLINE float4 splat4(float x) { return (float4){x, x, x, x}; }
INLINE float4 clip4(float4 x, float lowest, float highest) {
    return __builtin_elementwise_min(__builtin_elementwise_max(x, splat4(lowest)),
                                     splat4(highest));
}

// MARK: Sums

// Outputs at once: adding up the parts of four sums costs as much as those of two.
enum { BLOCK = 4 };

// What one output is the scalar product of.
typedef struct {
    const float *samples, *row;
} factors;

// The eight parts of each scalar product.
INLINE void multiply(int count, const factors *factors, ptrdiff_t length, float8 *sums) {
    for (int i = 0; i < BLOCK; i++) sums[i] = (float8){0};
    for (ptrdiff_t k = 0; k < length; k += RESAMPLER_LANES)
        for (int i = 0; i < count; i++)
            sums[i] += *(const float8 *)(factors[i].samples + k) *
                       *(const float8 *)(factors[i].row + k);
}

// The parts added up: those four apart, then those two apart, then neighbours.
INLINE float4 total(const float8 *sums) {
    float4 quarters[BLOCK];
    for (int i = 0; i < BLOCK; i++)
        quarters[i] = __builtin_shufflevector(sums[i], sums[i], 0, 1, 2, 3) +
                      __builtin_shufflevector(sums[i], sums[i], 4, 5, 6, 7);
    float4 a = __builtin_shufflevector(quarters[0], quarters[1], 0, 1, 4, 5) +
               __builtin_shufflevector(quarters[0], quarters[1], 2, 3, 6, 7);
    float4 b = __builtin_shufflevector(quarters[2], quarters[3], 0, 1, 4, 5) +
               __builtin_shufflevector(quarters[2], quarters[3], 2, 3, 6, 7);
    return __builtin_shufflevector(a, b, 0, 2, 4, 6) + __builtin_shufflevector(a, b, 1, 3, 5, 7);
}

// MARK: Output

// Where outputs go: one of the two.
typedef struct {
    int16_t *linear;
    float *normalized;
} sink;

// Rounds to the nearest, away from zero in the middle between two.
INLINE short4 round4(float4 values) {
    float4 clipped = clip4(values, -32768, 32767);
    int4 sign = (int4)clipped & (int4)splat4(-0.0f);
    float4 half = (float4)(sign | (int4)splat4(0.5f));
    return __builtin_convertvector(__builtin_convertvector(clipped + half, int4), short4);
}

INLINE float4 normalize4(float4 values) {
    return clip4(values * splat4(1 / 32768.0f), -1, 1);
}

INLINE void put_block(sink sink, ptrdiff_t index, float4 values) {
    if (sink.linear) *(short4 *)(sink.linear + index) = round4(values);
    else *(float4 *)(sink.normalized + index) = normalize4(values);
}

INLINE void put_first(sink sink, ptrdiff_t index, float4 values) {
    if (sink.linear) sink.linear[index] = round4(values)[0];
    else sink.normalized[index] = normalize4(values)[0];
}

// MARK: The loops

// Each grid point has a row of its own. `row_length` is that of the filter, perhaps as a constant,
// and a place's phase is counted in coefficients, so that nothing is multiplied on the way.
INLINE ptrdiff_t run_rows(const resampler_filter *filter, ptrdiff_t row_length,
                          const float *window, ptrdiff_t last, resampler_place *start, sink sink) {
    const ptrdiff_t rows_length = filter->upsampling * row_length;
    const resampler_place step = {filter->downsampling / filter->upsampling,
                                  filter->downsampling % filter->upsampling * row_length};
    resampler_place next = {start->position, start->phase * row_length};
    ptrdiff_t done = 0;
    while (next.position <= last) {
        resampler_place places[BLOCK + 1] = {next};
        factors block[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            block[i] = (factors){window + places[i].position, filter->rows + places[i].phase};
            resampler_place place = {places[i].position + step.position,
                                     places[i].phase + step.phase};
            bool isBeyond = place.phase >= rows_length;
            place.phase -= isBeyond ? rows_length : 0;
            place.position += isBeyond;
            places[i + 1] = place;
        }
        // Near the window's end one by one.
        bool isWhole = places[BLOCK - 1].position <= last;
        float8 sums[BLOCK];
        if (isWhole) {
            multiply(BLOCK, block, row_length, sums);
            put_block(sink, done, total(sums));
        } else {
            multiply(1, block, row_length, sums);
            put_first(sink, done, total(sums));
        }
        next = places[isWhole ? BLOCK : 1];
        done += isWhole ? BLOCK : 1;
    }
    *start = (resampler_place){next.position, next.phase / row_length};
    return done;
}

// Outputs lie between two rows, which are mixed.
INLINE ptrdiff_t run_mixed(const resampler_filter *filter, const float *window, ptrdiff_t last,
                           resampler_place *start, sink sink) {
    const ptrdiff_t last_row = filter->row_count - 1, length = filter->row_length;
    const float rows_of_phase = (float)last_row / (float)filter->upsampling;
    resampler_place next = *start;
    ptrdiff_t done = 0;
    for (; next.position <= last; done++) {
        float exact = (float)next.phase * rows_of_phase;
        ptrdiff_t row = (ptrdiff_t)exact < last_row ? (ptrdiff_t)exact : last_row - 1;
        const float *samples = window + next.position, *lower = filter->rows + row * length;
        factors pair[2] = {{samples, lower}, {samples, lower + length}};
        float8 sums[BLOCK];
        multiply(2, pair, length, sums);
        float4 totals = total(sums);
        put_first(sink, done, splat4(totals[0] + (totals[1] - totals[0]) * (exact - (float)row)));
        next.phase += filter->downsampling;
        next.position += next.phase / filter->upsampling;
        next.phase %= filter->upsampling;
    }
    *start = next;
    return done;
}

INLINE ptrdiff_t run(const resampler_filter *filter, const float *window, ptrdiff_t window_length,
                     resampler_place *place, sink sink) {
    const ptrdiff_t last = window_length - filter->row_length;
    if (filter->row_count < filter->upsampling)
        return run_mixed(filter, window, last, place, sink);
    // What every session's detector hears: the loops unroll.
    if (filter->row_length == 24) return run_rows(filter, 24, window, last, place, sink);
    return run_rows(filter, filter->row_length, window, last, place, sink);
}

INLINE void load(const int16_t *samples, ptrdiff_t count, float *window) {
    for (ptrdiff_t i = 0; i < count; i++) window[i] = samples[i];
}

// MARK: Doors

// One copy of each function for each set of instructions.
#if defined(__x86_64__)
#define WIDE __attribute__((target("avx2")))
#define HAS_WIDE __builtin_cpu_supports("avx2")
#else
#define WIDE
#define HAS_WIDE false
#endif

WIDE static void load_wide(const int16_t *samples, ptrdiff_t count, float *window) {
    load(samples, count, window);
}

WIDE static ptrdiff_t run_linear_wide(const resampler_filter *filter, const float *window,
                                      ptrdiff_t window_length, resampler_place *place,
                                      int16_t *output) {
    return run(filter, window, window_length, place, (sink){.linear = output});
}

WIDE static ptrdiff_t run_normalized_wide(const resampler_filter *filter, const float *window,
                                          ptrdiff_t window_length, resampler_place *place,
                                          float *output) {
    return run(filter, window, window_length, place, (sink){.normalized = output});
}

void resampler_load(const int16_t *samples, ptrdiff_t count, float *window) {
    if (HAS_WIDE) load_wide(samples, count, window);
    else load(samples, count, window);
}

ptrdiff_t resampler_run_linear(const resampler_filter *filter, const float *window,
                               ptrdiff_t window_length, resampler_place *place, int16_t *output) {
    if (HAS_WIDE) return run_linear_wide(filter, window, window_length, place, output);
    return run(filter, window, window_length, place, (sink){.linear = output});
}

ptrdiff_t resampler_run_normalized(const resampler_filter *filter, const float *window,
                                   ptrdiff_t window_length, resampler_place *place,
                                   float *output) {
    if (HAS_WIDE) return run_normalized_wide(filter, window, window_length, place, output);
    return run(filter, window, window_length, place, (sink){.normalized = output});
}
