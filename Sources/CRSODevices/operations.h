// The kernels of a table by number, in C and in OpenCL C.

#ifndef RSO_OPERATIONS_H
#define RSO_OPERATIONS_H

// Every kernel of the table, in its order.
#define KERNELS(KERNEL)                                                                      \
  KERNEL(pack) KERNEL(pack_floats) KERNEL(fill) KERNEL(copy) KERNEL(copy_rows)               \
  KERNEL(affine) KERNEL(candidate) KERNEL(average_pool) KERNEL(pool)                         \
  KERNEL(normalize) KERNEL(global_maximum)                                                   \
  KERNEL(global_average) KERNEL(box_sum) KERNEL(convolve) KERNEL(winograd) KERNEL(pair)      \
  KERNEL(convolve_pairs) KERNEL(add_affine) KERNEL(add_tap) KERNEL(copy_tap) KERNEL(moments) \
  KERNEL(add_moments) KERNEL(joint_moments) KERNEL(loss) KERNEL(target_loss)

#define IDENTIFIER(kernel) kernel_##kernel,
typedef enum { KERNELS(IDENTIFIER) kernel_count } kernel_id;

// The most pieces of a device's memory that one launch reads and writes.
#define MOST_REGIONS 40

// A place in a device's memory: the number of a region among those of the launch, from 1 on, in the highest
// byte; then whether the place is in the memory of a work-group; then the offset in bytes. 0: nothing.
#define PLACE_REGION_SHIFT 56
#define PLACE_IS_OWN_SHIFT 55
#define PLACE_OFFSET_MASK 0xffffffffffffUL

#endif
