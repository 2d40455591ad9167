// Runs a list of kernels on every chunk of samples: a work-group is a chunk. The list was recorded on the host
// (recorder.c).
//
// A group has ROWS rows of LANES work-items: an item for each sample. The rows share the outputs of each kernel, by
// channels, by rows of pixels or by pixels; no sum is divided. A device with many cores is not busy otherwise.
#if !defined(ROWS)
#define ROWS 1
#endif

// The fewest variants of a convolution: a driver compiles each of them, which takes seconds.
#define REGISTERS 16
#include "body.h"
#include "operations.h"

// A kernel's number and how many arguments follow it, or an argument: its value, and how much it grows from one
// chunk to the next, in bytes.
typedef struct {
  ulong value;
  long step;
} word;

#define REGION_NUMBERS(REGION)                                                                  \
  REGION(1) REGION(2) REGION(3) REGION(4) REGION(5) REGION(6) REGION(7) REGION(8) REGION(9)     \
  REGION(10) REGION(11) REGION(12) REGION(13) REGION(14) REGION(15) REGION(16) REGION(17)       \
  REGION(18) REGION(19) REGION(20) REGION(21) REGION(22) REGION(23) REGION(24) REGION(25)       \
  REGION(26) REGION(27) REGION(28) REGION(29) REGION(30) REGION(31) REGION(32) REGION(33)       \
  REGION(34) REGION(35) REGION(36) REGION(37) REGION(38) REGION(39) REGION(40)
#define PARAMETER(n) , __global uchar *region##n
#define ELEMENT(n) , region##n

typedef struct {
  __global uchar *regions[MOST_REGIONS + 2];
  // The chunk's place among those of this process, and the group's number in this launch.
  ulong place, group;
  // Bytes of a work-group's own memory.
  ulong own;
} memory;

static __global uchar *at(const memory *m, word w) {
  if (w.value == 0) return 0;
  const ulong offset = w.value & PLACE_OFFSET_MASK;
  const ulong chunk =
      (w.value >> PLACE_IS_OWN_SHIFT & 1) ? m->group * m->own : m->place * (ulong)w.step;
  return m->regions[w.value >> PLACE_REGION_SHIFT] + (offset + chunk);
}

static __global float *lane_at(const memory *m, word w) {
  __global float *first = (__global float *)at(m, w);
  return first ? first + get_local_id(0) : 0;
}

// Argument k: a number, a real number, memory that all lanes read, a work-item's lane of a vector, the lane's
// values of a quantity.
#define N(k) a[k].value
#define R(k) as_float((uint)a[k].value)
#define P(k) ((__global float *)at(&m, a[k]))
#define V(k) lane_at(&m, a[k])
#define S(k) (own_sums + a[k].value * LANES)

// A row's part of `count` outputs: those from `begin` on, before `end`.
typedef struct {
  ulong begin, end;
} part;

INLINE part part_of(ulong count) {
  const ulong row = get_local_id(1);
  const part own = {count * row / ROWS, count * (row + 1) / ROWS};
  return own;
}

// The rows that one row of work-items has of a plane, or the pixels of a plane of a single row.
typedef struct {
  ulong begin, height, width;
} plane_part;

INLINE plane_part part_of_plane(ulong height, ulong width) {
  const part own = part_of(height == 1 ? width : height);
  const plane_part result = {own.begin, own.end - own.begin, height == 1 ? 1 : width};
  return result;
}

INLINE rso_activation activation_of(ulong kind, float slope) {
  const rso_activation activation = {(rso_activation_kind)kind, slope};
  return activation;
}

// - Parameters:
//   - list: The offset of the list in `text`, in bytes, and how many words it has.
//   - lanes: Room for the values of all samples: [group][quantity][lane].
//   - folds: Receives the sum of each quantity: [place][quantity].
//   - place: The place of the launch's first chunk among those of this process, and among all.
//   - samples: In all chunks.
__kernel __attribute__((reqd_work_group_size(LANES, ROWS, 1))) void run_list(
    __global uchar *text, ulong list, ulong count, __global float *lanes, __global double *folds,
    ulong quantities, ulong place, ulong chunk, ulong samples, ulong own
    REGION_NUMBERS(PARAMETER)) {
  const memory m = {{0 REGION_NUMBERS(ELEMENT), text}, place + get_group_id(0), get_group_id(0), own};
  const ulong first = (chunk + get_group_id(0)) * LANES;
  const ulong valid = samples - first < LANES ? samples - first : LANES;
  __global float *const sums = lanes + get_group_id(0) * quantities * LANES;
  const slots own_sums = sums + get_local_id(0);
  __global const word *const words = (__global const word *)(text + list);
  for (ulong i = 0; i < count; i += 1 + words[i].step) {
    __global const word *const a = words + i + 1;
    const bool is_first = get_local_id(1) == 0;
    switch ((kernel_id)words[i].value) {
      case kernel_pack: {
        const part p = part_of(N(3));
        pack((__global const uchar *)at(&m, a[0]) + p.begin, N(1), (__global const int *)V(2),
             p.end - p.begin, P(4), V(5) + p.begin * LANES);
        break;
      }
      case kernel_pack_floats: {
        const part p = part_of(N(3));
        pack_floats(P(0) + p.begin, N(1), (__global const int *)V(2), p.end - p.begin,
                    V(4) + p.begin * LANES);
        break;
      }
      case kernel_fill: {
        const part p = part_of(N(1));
        fill(R(0), p.end - p.begin, V(2) + p.begin * LANES);
        break;
      }
      case kernel_copy: {
        const part p = part_of(N(1));
        copy(V(0) + p.begin * LANES, p.end - p.begin, V(2) + p.begin * LANES);
        break;
      }
      case kernel_copy_rows: {
        const ulong lane = get_local_id(0);
        if (is_first) copy_rows(V(0), N(1), lane < valid, P(2) + lane * N(1));
        break;
      }
      case kernel_affine: {
        const plane_part p = part_of_plane(N(1), N(2));
        const ulong out_stride = N(1) == 1 ? LANES : N(8);
        affine(V(0) + p.begin * p.width * LANES, p.height, p.width, R(3), R(4),
               activation_of(N(5), R(6)), V(7) + p.begin * out_stride, out_stride);
        break;
      }
      case kernel_candidate: {
        const plane_part p = part_of_plane(N(4), N(5));
        const ulong in = p.begin * p.width * LANES, out_stride = N(4) == 1 ? LANES : N(11);
        candidate(V(0) + in, V(1) + in, R(2), R(3), p.height, p.width, R(6), R(7),
                  activation_of(N(8), R(9)), V(10) + p.begin * out_stride, out_stride);
        break;
      }
      case kernel_average_pool: {
        const part p = part_of(N(1) / 2);
        average_pool(V(0) + p.begin * 2 * N(2) * LANES, 2 * (p.end - p.begin), N(2),
                     V(3) + p.begin * (N(2) / 2) * LANES);
        break;
      }
      case kernel_pool: {
        const rso_pool arguments = {
            .maximum = N(0), .height = N(1), .width = N(2), .kernel_height = N(3),
            .kernel_width = N(4), .stride_height = N(5), .stride_width = N(6), .padding_top = N(7),
            .padding_left = N(8), .out_height = N(9), .out_width = N(10)};
        if (is_first) pool(&arguments, V(11), V(12));
        break;
      }
      case kernel_normalize:
        if (is_first) normalize_values(V(0), N(1), R(2));
        break;
      case kernel_global_maximum:
        if (is_first) global_maximum(V(0), N(1), V(2));
        break;
      case kernel_global_average:
        if (is_first) global_average(V(0), N(1), V(2));
        break;
      case kernel_box_sum: {
        const part p = part_of(N(1) - 1);
        if (p.end > p.begin)
          box_sum(V(0) + p.begin * N(2) * LANES, p.end - p.begin + 1, N(2),
                  V(3) + p.begin * (N(2) - 1) * LANES);
        break;
      }
      case kernel_convolve: {
        const part p = part_of(N(15));
        if (p.end == p.begin) break;
        const ulong plane = p.begin * N(16) * N(17) * LANES;
        rso_convolution arguments = {
            .map = V(0), .channels = N(1), .channel_stride = N(2), .row_stride = N(3),
            .row_step = N(4), .pixel_step = N(5), .tap_step = N(6), .kernel_height = N(7),
            .kernel_width = N(8), .row_begin = N(9), .row_end = N(10), .row_step_count = N(11),
            .weights = P(12) + p.begin * N(13), .weight_output_stride = N(13),
            .weight_channel_stride = N(14), .outputs = p.end - p.begin, .height = N(16),
            .width = N(17), .initial = V(18), .next_initial = 0, .bias = P(19), .out = V(20),
            .out_row_stride = N(21), .out_plane_stride = N(22), .scales = P(23), .shifts = P(24),
            .moments = V(25)};
        if (arguments.initial) arguments.initial += plane;
        if (arguments.bias) arguments.bias += p.begin;
        if (arguments.out) arguments.out += p.begin * N(22);
        if (arguments.scales) arguments.scales += p.begin;
        if (arguments.shifts) arguments.shifts += p.begin;
        if (arguments.moments) arguments.moments += 2 * p.begin * LANES;
        convolve(&arguments);
        break;
      }
      case kernel_winograd: {
        const rso_winograd arguments = {
            .planes = V(0), .channels = N(1), .plane_stride = N(2), .scales = P(3), .shifts = P(4),
            .activation = activation_of(N(5), R(6)), .weights = P(7), .weight_place_stride = N(8),
            .weight_channel_stride = N(9), .outputs = N(10), .height = N(11), .width = N(12),
            .initial = V(13), .bias = P(14), .out = V(15), .moments = V(16), .work = V(17)};
        if (is_first) winograd(&arguments);
        break;
      }
      case kernel_add_affine: {
        const part p = part_of(N(1));
        add_affine(V(0) + p.begin * LANES, p.end - p.begin, R(2), R(3), V(4) + p.begin * LANES);
        break;
      }
      case kernel_add_tap: {
        const part p = part_of(N(4));
        const rso_tap tap = {V(1) + p.begin * N(2), N(2), N(3), p.end - p.begin, N(5)};
        add_tap(V(0) + p.begin * N(5) * LANES, &tap, R(6));
        break;
      }
      case kernel_copy_tap: {
        const part p = part_of(N(3));
        const rso_tap tap = {V(0) + p.begin * N(1), N(1), N(2), p.end - p.begin, N(4)};
        copy_tap(&tap, V(5) + p.begin * N(4) * LANES);
        break;
      }
      case kernel_moments: {
        const part p = part_of(N(1));
        moments(V(0) + p.begin * N(2) * LANES, p.end - p.begin, N(2), valid, 0,
                S(3) + 2 * p.begin * LANES);
        break;
      }
      case kernel_add_moments: {
        const part p = part_of(N(1));
        add_moments(V(0) + 2 * p.begin * LANES, p.end - p.begin, valid, 0, S(2) + 2 * p.begin * LANES);
        break;
      }
      case kernel_joint_moments:
        if (is_first) joint_moments(V(0), V(1), N(2), valid, 0, S(3));
        break;
      case kernel_loss: {
        const rso_loss_terms terms = {R(1), P(2), P(3)};
        if (is_first) loss((rso_loss)N(0), &terms, V(4), N(5), (__global const int *)V(6), valid, 0, S(7));
        break;
      }
      case kernel_target_loss: {
        const rso_loss_terms terms = {R(1), P(2), 0};
        if (is_first) target_loss((rso_target_loss)N(0), &terms, V(3), V(4), N(5), valid, 0, S(6));
        break;
      }
      // No device has products of bf16 numbers.
      case kernel_pair:
      case kernel_convolve_pairs:
      case kernel_count: break;
    }
#if ROWS > 1
    // The next kernel reads what all rows have written.
    barrier(CLK_GLOBAL_MEM_FENCE);
#endif
  }
  if (quantities == 0) return;
  // The processor's order: sample s adds to slot s % RSO_FOLD.
  barrier(CLK_GLOBAL_MEM_FENCE);
  for (ulong q = get_local_id(1) * LANES + get_local_id(0); q < quantities; q += ROWS * LANES) {
    __global const float *const values = sums + q * LANES;
    double s[RSO_FOLD];
    for (int k = 0; k < RSO_FOLD; k++) {
      s[k] = 0;
      for (ulong i = k; i < valid; i += RSO_FOLD) s[k] += values[i];
    }
    folds[m.place * quantities + q] =
        ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
  }
}
