// Part of body.h: the direct convolution, for any kind of multiply-add. The including file defines
//
//   NAMED(name)                       the name of a function of this file
//   SPLAT(p)                          the weight at p in all lanes
//   MULTIPLY_ADD(weight, input, sum)  sum + weight * input

// Computes P output pixels of a row for G outputs, all in registers. S is the pixel step in
// vectors. If S is 0, it is known at run time only, and so is the step from tap to tap. Columns of zero
// padding are multiplied like the others: they add exact zeros. Rows of zero padding are skipped.
//
// K is the kernel's width. If K is not 0, the inputs of a row stay in registers for all taps of the
// row. If K is 0, the width is known at run time only, and each tap reads the inputs again.
INLINE void NAMED(tile)(const rso_convolution *a, size_t o, size_t y, size_t x, const int P,
                        const int G, const int S, const int K) {
  vec acc[8][7];
  const size_t area = a->height * a->width;
  const size_t at = y * a->width + x;
#pragma clang loop unroll(full)
  for (int g = 0; g < G; g++) {
    const vec start = splat(a->bias && !a->initial ? a->bias[o + g] : 0);
#pragma clang loop unroll(full)
    for (int p = 0; p < P; p++)
      acc[g][p] = a->initial ? load(a->initial + ((o + g) * area + at + p) * LANES) : start;
  }
  if (a->next_initial) {
#pragma clang loop unroll(full)
    for (int g = 0; g < G; g++)
#pragma clang loop unroll(full)
      for (int p = 0; p < P; p++)
        PREFETCH(a->next_initial + ((o + g) * area + at + p) * LANES, 0, 2);
  }
  const size_t first = y * a->row_step_count;
  const size_t ky_begin = first >= a->row_begin ? 0 : a->row_begin - first;
  const size_t ky_end =
      first + a->kernel_height <= a->row_end ? a->kernel_height : a->row_end - first;
  const size_t step = S > 0 ? S : a->pixel_step, tap = S > 0 ? 1 : a->tap_step;
  GLOBAL const float *corner = a->map + y * a->row_step + x * step * LANES;
  GLOBAL const float *filters = a->weights + o * a->weight_output_stride;
  const size_t outputs = a->weight_output_stride, width = K > 0 ? K : a->kernel_width;
  for (size_t c = 0; c < a->channels; c++) {
    for (size_t ky = ky_begin; ky < ky_end; ky++) {
      GLOBAL const float *row = corner + c * a->channel_stride + ky * a->row_stride;
      GLOBAL const float *w = filters + c * a->weight_channel_stride + ky * width;
      if (K > 0) {
        const int count = (P - 1) * S + K;
        vec in[9];
#pragma clang loop unroll(full)
        for (int i = 0; i < count; i++) in[i] = load(row + i * LANES);
#pragma clang loop unroll(full)
        for (int kx = 0; kx < K; kx++)
#pragma clang loop unroll(full)
          for (int g = 0; g < G; g++) {
            const vec weight = SPLAT(w + g * outputs + kx);
#pragma clang loop unroll(full)
            for (int p = 0; p < P; p++) acc[g][p] = MULTIPLY_ADD(weight, in[p * S + kx], acc[g][p]);
          }
        continue;
      }
      for (size_t kx = 0; kx < width; kx++, w++, row += tap * LANES) {
#pragma clang loop unroll(full)
        for (int g = 0; g < G; g++) {
          // If no register is left for the inputs: hides from the compiler that the next output
          // reads the same input, so that the input stays an operand in memory.
          if (P * G + G + 1 >= REGISTERS) HIDE(row);
          const vec weight = SPLAT(w + g * outputs);
#pragma clang loop unroll(full)
          for (int p = 0; p < P; p++)
            acc[g][p] = MULTIPLY_ADD(weight, load(row + p * step * LANES), acc[g][p]);
        }
      }
    }
  }
  if (a->out) {
    GLOBAL float *out = a->out + o * a->out_plane_stride + y * a->out_row_stride + x * LANES;
#pragma clang loop unroll(full)
    for (int g = 0; g < G; g++, out += a->out_plane_stride) {
      if (a->scales) {
        const vec scale = splat(a->scales[o + g]), shift = splat(a->shifts[o + g]);
#pragma clang loop unroll(full)
        for (int p = 0; p < P; p++) store(out + p * LANES, rectify(fma_(scale, acc[g][p], shift)));
      } else {
#pragma clang loop unroll(full)
        for (int p = 0; p < P; p++) store(out + p * LANES, acc[g][p]);
      }
    }
  }
  if (a->moments) {
    // One chain of sums per output, pixel by pixel: the order does not depend on the tiles.
#pragma clang loop unroll(full)
    for (int g = 0; g < G; g++) {
      GLOBAL float *moments = a->moments + 2 * (o + g) * LANES;
      vec sum = load(moments), squares = load(moments + LANES);
#pragma clang loop unroll(full)
      for (int p = 0; p < P; p++) {
        sum += acc[g][p];
        squares = fma_(acc[g][p], acc[g][p], squares);
      }
      store(moments, sum);
      store(moments + LANES, squares);
    }
  }
}

// Computes outputs [o, end) of P pixels, G at a time. A single output at the end is avoided where
// possible: it would not keep the multipliers busy.
#define COLUMN(P, G, S, K)                                                                 \
  NO_INLINE void NAMED(column##P##_##S##_##K)(                                             \
      const rso_convolution *a, size_t o, size_t end, size_t y, size_t x) {                \
    for (; end - o >= G && end - o != G + 1; o += G) NAMED(tile)(a, o, y, x, P, G, S, K);         \
    for (; G > 2 && end - o >= G / 2 + 1; o += G / 2 + 1)                                  \
      NAMED(tile)(a, o, y, x, P, G / 2 + 1, S, K);                                                \
    for (; o < end; o++) NAMED(tile)(a, o, y, x, P, 1, S, K);                                     \
  }
#define COLUMNS(P, G) COLUMN(P, G, 1, 0) COLUMN(P, G, 2, 0) COLUMN(P, G, 0, 0)

// As many accumulators as fit into the registers beside one weight and, for K = 3, the inputs.
#if REGISTERS == 32
COLUMNS(1, 8) COLUMNS(2, 8) COLUMNS(3, 8) COLUMNS(4, 4) COLUMNS(5, 4) COLUMNS(6, 4) COLUMNS(7, 4)
COLUMN(1, 8, 1, 3) COLUMN(2, 8, 1, 3) COLUMN(3, 6, 1, 3) COLUMN(4, 5, 1, 3)
COLUMN(5, 4, 1, 3) COLUMN(6, 3, 1, 3) COLUMN(7, 3, 1, 3)
COLUMN(1, 8, 2, 3) COLUMN(2, 8, 2, 3) COLUMN(3, 6, 2, 3) COLUMN(4, 5, 2, 3)
#else
COLUMNS(1, 8) COLUMNS(2, 4) COLUMNS(3, 3) COLUMNS(4, 3) COLUMNS(5, 2) COLUMNS(6, 2) COLUMNS(7, 2)
#endif

#define CASE(form, P, S, K) \
  case 8 * form + P: NAMED(column##P##_##S##_##K)(a, o, end, y, x); break;
#define CASES(form, S, K)                                                            \
  CASE(form, 1, S, K) CASE(form, 2, S, K) CASE(form, 3, S, K) CASE(form, 4, S, K)    \
  CASE(form, 5, S, K) CASE(form, 6, S, K) CASE(form, 7, S, K)

// Calls a column. Form 0 has any steps, forms 1 and 2 have pixel steps of 1 and 2, and forms 3 and 4
// also a kernel 3 wide.
INLINE void NAMED(column)(const rso_convolution *a, size_t form, size_t pixels, size_t o, size_t end,
                          size_t y, size_t x) {
  switch (8 * form + pixels) {
    CASES(0, 0, 0) CASES(1, 1, 0) CASES(2, 2, 0)
#if REGISTERS == 32
    CASES(3, 1, 3) CASE(4, 1, 2, 3) CASE(4, 2, 2, 3) CASE(4, 3, 2, 3) CASE(4, 4, 2, 3)
#endif
  }
}

static void NAMED(convolve)(const rso_convolution *a) {
  const bool is_usual = a->pixel_step <= 2 && a->tap_step == 1;
  size_t form = is_usual ? a->pixel_step : 0, widest = 7;
#if REGISTERS == 32
  if (a->kernel_width == 3 && is_usual) {
    form += 2;
    widest = a->pixel_step == 2 ? 4 : 7;
  }
#endif
  // Cuts a row into the fewest tiles, of widths as equal as possible.
  const size_t tiles = (a->width + widest - 1) / widest;
  // One channel's map stays in the first-level cache. So six outputs at a time go over the whole
  // map, and read and write their planes from end to end. Maps of several channels do not stay
  // there, so all outputs of a tile are computed together.
  const size_t part = a->channels == 1 ? 6 : a->outputs;
  for (size_t o = 0; o < a->outputs; o += part) {
    const size_t end = a->outputs - o < part ? a->outputs : o + part;
    for (size_t y = 0; y < a->height; y++) {
      size_t x = 0;
      for (size_t t = 0; t < tiles; t++) {
        const size_t next = a->width * (t + 1) / tiles;
        NAMED(column)(a, form, next - x, o, end, y, x);
        x = next;
      }
    }
  }
}

#undef NAMED
#undef SPLAT
#undef MULTIPLY_ADD
#undef COLUMN
#undef COLUMNS
#undef CASE
#undef CASES
