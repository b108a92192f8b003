// Vectors of floats, by the compiler's own extensions, so that one source serves every machine.
//
// Everything here and in the other headers is inlined into functions that carry a target attribute
// (silero_step.c); on its own it would be compiled for the base instructions only.
#pragma once

// How wide vectors would be passed doesn't matter: nothing here is ever called.
#pragma GCC diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline))

// Sixteen lanes for matrices, the widest that any machine has; eight for everything else. The
// compiler cuts them where a machine's are narrower. Alignment is that of a float: states and
// frames come from callers.
typedef float float8 __attribute__((vector_size(32), aligned(4)));
typedef float float16 __attribute__((vector_size(64), aligned(4)));
typedef int int8 __attribute__((vector_size(32), aligned(4)));

INLINE float8 load8(const float *source) { return *(const float8 *)source; }
INLINE void store8(float *target, float8 value) { *(float8 *)target = value; }
INLINE float8 splat8(float x) { return (float8){x, x, x, x, x, x, x, x}; }
INLINE float16 load16(const float *source) { return *(const float16 *)source; }
INLINE void store16(float *target, float16 value) { *(float16 *)target = value; }

INLINE float8 select8(int8 mask, float8 yes, float8 no) {
    return (float8)(((int8)yes & mask) | ((int8)no & ~mask));
}
INLINE float8 max8(float8 a, float8 b) { return select8(a > b, a, b); }
INLINE float16 max16(float16 a, float16 b) {
    typedef int int16 __attribute__((vector_size(64), aligned(4)));
    int16 mask = a > b;
    return (float16)(((int16)a & mask) | ((int16)b & ~mask));
}
INLINE float8 min8(float8 a, float8 b) { return select8(a < b, a, b); }

INLINE float8 root8(float8 x) { return __builtin_elementwise_sqrt(x); }

// Swaps rows and columns of 8 x 8 numbers: pairs, then pairs of pairs, then halves.
INLINE void transpose8(float8 *rows) {
    float8 pairs[8], quads[8];
    for (int i = 0; i < 8; i += 2) {
        float8 a = rows[i], b = rows[i + 1];
        pairs[i] = __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14);
        pairs[i + 1] = __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
    }
    for (int i = 0; i < 8; i += i % 2 ? 3 : 1) {
        float8 a = pairs[i], b = pairs[i + 2];
        quads[i] = __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
        quads[i + 2] = __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
    }
    for (int i = 0; i < 4; i++) {
        float8 a = quads[i], b = quads[i + 4];
        rows[i] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11);
        rows[i + 4] = __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

// e^x, to about 2e-7 of itself. Source: S. Moshier, Cephes, expf: 2^n times a polynomial of degree
// 6 for the rest, |rest| <= ln(2) / 2.
INLINE float8 exp8(float8 x) {
    const float8 limit = splat8(87);  // e^88.7 is the end of the float's range
    x = min8(max8(x, -limit), limit);
    // Adding 1.5 * 2^23 leaves the nearest whole number in the lowest bits.
    const float8 magic = splat8(12582912.0f);
    float8 shifted = x * splat8(1.44269504088896341f) + magic;
    float8 whole = shifted - magic;
    // ln(2) in two parts, so that the difference keeps its digits.
    float8 rest = x - whole * splat8(0.693359375f) - whole * splat8(-2.12194440e-4f);
    float8 series = splat8(1.9875691500e-4f);
    series = series * rest + splat8(1.3981999507e-3f);
    series = series * rest + splat8(8.3334519073e-3f);
    series = series * rest + splat8(4.1665795894e-2f);
    series = series * rest + splat8(1.6666665459e-1f);
    series = series * rest + splat8(5.0000001201e-1f);
    series = series * rest * rest + rest + splat8(1);
    // Unsigned: shifting a negative number left is undefined, and NaN may bring any bits here.
    typedef unsigned uint8 __attribute__((vector_size(32), aligned(4)));
    uint8 exponent = ((uint8)shifted - (uint8)magic + 127) << 23;
    return series * (float8)exponent;
}

INLINE float8 sigmoid8(float8 x) { return splat8(1) / (splat8(1) + exp8(-x)); }
INLINE float8 tanh8(float8 x) {
    return splat8(2) / (splat8(1) + exp8(splat8(-2) * x)) - splat8(1);
}
