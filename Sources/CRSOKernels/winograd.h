// Part of body.h: 3 x 3 convolutions with stride 1 by Winograd's minimal filtering, F(4 x 4, 3 x
// 3).
//
// Four outputs of a 3-tap filter in a row take 12 multiplications directly and 6 in a transformed
// space: Y = A^T [(G g) . (B^T d)], with the interpolation points 0, 1, -1, 2, -2 and infinity
// (Lavin and Gray, "Fast algorithms for convolutional neural networks", 2016). In two dimensions a
// tile of 4 x 4 outputs takes 36 multiplications per channel instead of 144. The filters are
// transformed when a weight changes, the inputs once for all outputs.
//
// A group of tiles is computed in three steps:
// 1. For each channel: write its rows, after batch norm and activation and with zero padding, to a
//    map that stays in the first-level cache; transform the map to V[36][channel][tile].
// 2. For each of the 36 places: M[output][tile] = sum over channels of
//    U[channel][output] * V[channel][tile].
// 3. Transform M back to outputs.
//
// The place at infinity is needed for the last of the four outputs only. A tile that extends past
// the lower or right edge does not need that output. It is computed in 5 places per row instead of
// 6, and its inputs after the fourth are zero padding, and are not read.

// Tiles that are transformed together: as many as one row of accumulators of the product holds.
#define GROUP RSO_WINOGRAD_GROUP
#define PLACES RSO_WINOGRAD_PLACES
// With N places: the inputs of a row that are read, and the most outputs that are needed.
#define INPUTS(N) ((N) == 6 ? 6 : 4)
#define OUTPUTS(N) ((N) - 2)

// One row of B^T d: from inputs to places.
INLINE void to_places(const vec d[6], vec v[6], const int places) {
  const vec four = splat(4), five = splat(5), two = splat(2);
  if (places == 5) {
    const vec odd = multiply(four, d[1]), even = multiply(four, d[2]), odd2 = d[3] - d[1];
    v[0] = multiply(four, d[0]) - multiply(five, d[2]);
    v[1] = d[3] - odd - even;
    v[2] = odd - d[3] - even;
    v[3] = fma_(two, odd2, -d[2]);
    v[4] = fma_(-two, odd2, -d[2]);
    return;
  }
  const vec even = fma_(-four, d[2], d[4]), odd = fma_(-four, d[1], d[3]);
  const vec even2 = d[4] - d[2], odd2 = d[3] - d[1];
  v[0] = fma_(four, d[0], fma_(-five, d[2], d[4]));
  v[1] = even + odd;
  v[2] = even - odd;
  v[3] = fma_(two, odd2, even2);
  v[4] = fma_(-two, odd2, even2);
  v[5] = fma_(four, d[1], fma_(-five, d[3], d[5]));
}

// One row of A^T m: from places to outputs.
INLINE void from_places(const vec m[6], vec y[4], const int places) {
  const vec sum1 = m[1] + m[2], sum2 = m[3] + m[4];
  const vec difference1 = m[1] - m[2], difference2 = m[3] - m[4];
  y[0] = (m[0] + sum1) + sum2;
  y[1] = fma_(splat(2), difference2, difference1);
  y[2] = fma_(splat(4), sum2, sum1);
  if (places == 6) y[3] = fma_(splat(8), difference2, difference1) + m[5];
}

// A tile of a group.
typedef struct {
  // Its first output.
  size_t y, x;
  // The number of places in its columns and in its rows.
  int rows, columns;
  // Its index among the tiles that have a place, by whether the place is [in the last row][in the
  // last column].
  size_t at[2][2];
} winograd_tile;

// Writes the places of one channel of a tile: R rows of C.
INLINE void transform_tile(const winograd_tile *tile, GLOBAL const float *corner, size_t row_stride,
                           GLOBAL float *v, size_t place_stride, const int R, const int C) {
  vec columns[6][6];
#pragma clang loop unroll(full)
  for (int x = 0; x < INPUTS(C); x++) {
    vec d[6];
#pragma clang loop unroll(full)
    for (int y = 0; y < INPUTS(R); y++) d[y] = load(corner + y * row_stride + x * LANES);
    to_places(d, columns[x], R);
  }
#pragma clang loop unroll(full)
  for (int y = 0; y < R; y++) {
    vec d[6], places[6];
#pragma clang loop unroll(full)
    for (int x = 0; x < INPUTS(C); x++) d[x] = columns[x][y];
    to_places(d, places, C);
#pragma clang loop unroll(full)
    for (int x = 0; x < C; x++)
      store(v + (6 * y + x) * place_stride + tile->at[y == 5][x == 5] * LANES, places[x]);
  }
}

// Writes the outputs of one channel of a tile, and adds up their moments.
INLINE void finish_tile(const winograd_tile *tile, const rso_winograd *a, size_t output,
                        GLOBAL const float *m, size_t place_stride, const int R, const int C) {
  vec rows[4][6], sums[4], squares[4];
#pragma clang loop unroll(full)
  for (int x = 0; x < C; x++) {
    vec places[6], y[4];
#pragma clang loop unroll(full)
    for (int k = 0; k < R; k++)
      places[k] = load(m + (6 * k + x) * place_stride + tile->at[k == 5][x == 5] * LANES);
    from_places(places, y, R);
#pragma clang loop unroll(full)
    for (int k = 0; k < OUTPUTS(R); k++) rows[k][x] = y[k];
  }
  const vec bias = splat(a->bias ? a->bias[output] : 0);
  const size_t height = a->height - tile->y, width = a->width - tile->x;
  const size_t corner = (output * a->height + tile->y) * a->width + tile->x;
#pragma clang loop unroll(full)
  for (int row = 0; row < 4; row++) {
    sums[row] = squares[row] = splat(0);
    if (row >= OUTPUTS(R) || (size_t)row >= height) continue;
    vec values[4];
    from_places(rows[row], values, C);
#pragma clang loop unroll(full)
    for (int column = 0; column < OUTPUTS(C); column++) {
      if ((size_t)column >= width) continue;
      const size_t at = (corner + row * a->width + column) * LANES;
      const vec z = values[column] + (a->initial ? load(a->initial + at) : bias);
      sums[row] += z;
      squares[row] = fma_(z, z, squares[row]);
      store(a->out + at, z);
    }
  }
  if (!a->moments) return;
  GLOBAL float *moments = a->moments + 2 * output * LANES;
  store(moments, load(moments) + ((sums[0] + sums[1]) + (sums[2] + sums[3])));
  store(moments + LANES,
        load(moments + LANES) + ((squares[0] + squares[1]) + (squares[2] + squares[3])));
}

// Calls a function on a tile, compiled for its number of places.
#define FOR_TILE(tile, function, ...)                                                           \
  do {                                                                                          \
    if ((tile)->rows == 6 && (tile)->columns == 6) function(tile, __VA_ARGS__, 6, 6);           \
    else if ((tile)->rows == 6) function(tile, __VA_ARGS__, 6, 5);                              \
    else if ((tile)->columns == 6) function(tile, __VA_ARGS__, 5, 6);                           \
    else function(tile, __VA_ARGS__, 5, 5);                                                     \
  } while (false)

// m[o][tile] = sum over channels of u[channel][o] * v[channel][tile], for G outputs and P tiles.
INLINE void product_tile(GLOBAL const float *u, size_t u_stride, GLOBAL const float *v,
                         size_t channels, GLOBAL float *m, const int G, const int P) {
  vec acc[4][GROUP];
#pragma clang loop unroll(full)
  for (int g = 0; g < G; g++)
#pragma clang loop unroll(full)
    for (int p = 0; p < P; p++) acc[g][p] = splat(0);
  for (size_t c = 0; c < channels; c++, u += u_stride, v += GROUP * LANES) {
    vec in[GROUP];
#pragma clang loop unroll(full)
    for (int p = 0; p < P; p++) in[p] = load(v + p * LANES);
#pragma clang loop unroll(full)
    for (int g = 0; g < G; g++) {
      const vec weight = splat(u[g]);
#pragma clang loop unroll(full)
      for (int p = 0; p < P; p++) acc[g][p] = fma_(weight, in[p], acc[g][p]);
    }
  }
#pragma clang loop unroll(full)
  for (int g = 0; g < G; g++)
#pragma clang loop unroll(full)
    for (int p = 0; p < P; p++) store(m + (g * GROUP + p) * LANES, acc[g][p]);
}

#define PRODUCT(G, P)                                                                           \
  NO_INLINE void product##P(                                                                    \
      GLOBAL const float *u, size_t u_stride, GLOBAL const float *v, size_t channels,           \
      size_t outputs, GLOBAL float *m) {                                                        \
    size_t o = 0;                                                                               \
    for (; o + G <= outputs; o += G)                                                            \
      product_tile(u + o, u_stride, v, channels, m + o * GROUP * LANES, G, P);                  \
    for (; o + 2 <= outputs; o += 2)                                                            \
      product_tile(u + o, u_stride, v, channels, m + o * GROUP * LANES, 2, P);                  \
    for (; o < outputs; o++)                                                                    \
      product_tile(u + o, u_stride, v, channels, m + o * GROUP * LANES, 1, P);                  \
  }
#if REGISTERS == 32
PRODUCT(4, 1) PRODUCT(4, 2) PRODUCT(4, 3) PRODUCT(4, 4)
#else
PRODUCT(4, 1) PRODUCT(4, 2) PRODUCT(2, 3) PRODUCT(2, 4)
#endif

// The part of the map that a group's tiles see. Row 0 is the one above the first tile's outputs.
typedef struct {
  GLOBAL float *map;
  size_t row_stride;
  // Input rows [begin, end) are in the map, `begin` at row `offset`.
  size_t begin, end, offset;
  // Input columns [left, right) are in the map. One column of zero padding precedes the plane's
  // first.
  size_t left, right;
} group_map;

INLINE void prepare_map(const rso_winograd *a, const group_map *g, size_t channel) {
  GLOBAL const float *plane = a->planes + channel * a->plane_stride + g->begin * a->width * LANES;
  GLOBAL float *first = g->map + g->offset * g->row_stride + (1 + g->left) * LANES;
  const float scale = a->scales ? a->scales[channel] : 1;
  const float shift = a->scales ? a->shifts[channel] : 0;
  const size_t columns = g->right - g->left;
  if (columns == a->width) {
    affine(plane, g->end - g->begin, columns, scale, shift, a->activation, first, g->row_stride);
  } else {
    for (size_t y = 0; y < g->end - g->begin; y++)
      affine(plane + (y * a->width + g->left) * LANES, 1, columns, scale, shift, a->activation,
             first + y * g->row_stride, g->row_stride);
  }
  // Fetches the next channel while this one is transformed.
  if (channel + 1 == a->channels) return;
  GLOBAL const float *next = plane + a->plane_stride;
  for (size_t y = 0; y < g->end - g->begin; y++)
    for (size_t x = g->left; x < g->right; x++)
      PREFETCH(next + (y * a->width + x) * LANES, 0, 2);
}

static void winograd(const rso_winograd *a) {
  const size_t tiles_x = (a->width + 3) / 4, tiles = tiles_x * ((a->height + 3) / 4);
  // One cache line more than the content, so that the 36 places of a tile fall into different cache
  // sets.
  const size_t v_stride = (a->channels * GROUP + 1) * LANES;
  const size_t m_stride = (a->outputs * GROUP + 1) * LANES;
  GLOBAL float *const v = a->work, *const m = v + PLACES * v_stride;
  group_map g = {.map = m + PLACES * m_stride, .row_stride = (4 * tiles_x + 2) * LANES};
  const size_t area = a->height * a->width;
  for (size_t first = 0; first < tiles; first += GROUP) {
    const size_t count = tiles - first < GROUP ? tiles - first : GROUP;
    const size_t top = first / tiles_x * 4, bottom = ((first + count - 1) / tiles_x + 1) * 4;
    g.begin = top > 0 ? top - 1 : 0;
    g.end = bottom < a->height ? bottom + 1 : a->height;
    g.offset = top > 0 ? 0 : 1;
    // A group within one row of tiles reads a part of the columns.
    const bool isPart = bottom - top == 4;
    const size_t left = isPart ? first % tiles_x * 4 : 0;
    const size_t right = isPart ? left + count * 4 : a->width;
    g.left = left > 0 ? left - 1 : 0;
    g.right = right < a->width ? right + 1 : a->width;
    winograd_tile group[GROUP];
    size_t counts[2][2] = {{0, 0}, {0, 0}};
    for (size_t t = 0; t < count; t++) {
      winograd_tile *tile = group + t;
      tile->y = (first + t) / tiles_x * 4;
      tile->x = (first + t) % tiles_x * 4;
      tile->rows = a->height - tile->y < 4 ? 5 : 6;
      tile->columns = a->width - tile->x < 4 ? 5 : 6;
      for (int row = 0; row < 2; row++)
        for (int column = 0; column < 2; column++) {
          tile->at[row][column] = counts[row][column];
          counts[row][column] += tile->rows >= 5 + row && tile->columns >= 5 + column;
        }
    }
    for (size_t i = 0; i < (bottom - top + 2) * g.row_stride; i += LANES) store(g.map + i, splat(0));
    for (size_t c = 0; c < a->channels; c++) {
      prepare_map(a, &g, c);
      for (const winograd_tile *tile = group; tile < group + count; tile++)
        FOR_TILE(tile, transform_tile, g.map + (tile->y - top) * g.row_stride + tile->x * LANES,
                 g.row_stride, v + c * GROUP * LANES, v_stride);
    }
    for (size_t place = 0; place < PLACES; place++) {
      const size_t having = counts[place / 6 == 5][place % 6 == 5];
      if (having == 0) continue;
      GLOBAL const float *const u = a->weights + place * a->weight_place_stride;
      GLOBAL const float *const inputs = v + place * v_stride;
      GLOBAL float *const sums = m + place * m_stride;
#define PRODUCT_CASE(P)                                                                       \
  case P:                                                                                     \
    product##P(u, a->weight_channel_stride, inputs, a->channels, a->outputs, sums);           \
    break;
      switch (having) { PRODUCT_CASE(1) PRODUCT_CASE(2) PRODUCT_CASE(3) PRODUCT_CASE(4) }
    }
    for (size_t o = 0; o < a->outputs; o++) {
      if (o + 1 < a->outputs) {
        GLOBAL float *next = a->out + ((o + 1) * area + top * a->width) * LANES;
        const size_t rows = bottom < a->height ? bottom - top : a->height - top;
        for (size_t i = 0; i < rows * a->width; i++) PREFETCH(next + i * LANES, 1, 3);
      }
      for (const winograd_tile *tile = group; tile < group + count; tile++)
        FOR_TILE(tile, finish_tile, a, o, m + o * GROUP * LANES, m_stride);
    }
  }
}
