#include "cases.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void moments_case(const rso_kernels *table, const case_report *report, size_t channels, size_t count) {
  trial t = begin(table, report), joint = begin(table, report), running = begin(table, report);
  double sums[2 * 16 * RSO_FOLD] = {0}, joint_sums[5 * RSO_FOLD] = {0};
  double running_sums[2 * 16 * RSO_FOLD] = {0};
  float *z = allocate(&t, channels * count), *x = allocate(&t, count);
  float *sum = allocate(&t, 2 * channels);
  for (size_t b = 0; b < t.blocks; b++) {
    fill(&t, 6, b, channels * count, z);
    fill(&t, 7, b, count, x);
    fill(&t, 8, b, 2 * channels, sum);
    table->moments(z, channels, count, valid(&t, b), slot(&t, b), sums);
    table->joint_moments(z, x, count, valid(&t, b), slot(&t, b), joint_sums);
    table->add_moments(sum, channels, valid(&t, b), slot(&t, b), running_sums);
  }
  release(z);
  release(x);
  release(sum);
  add_sums(&t, sums, 2 * channels * RSO_FOLD);
  add_sums(&joint, joint_sums, 5 * RSO_FOLD);
  add_sums(&running, running_sums, 2 * channels * RSO_FOLD);
  finish(kernel_moments, &t, "moments of %zu planes of %zu pixels", channels, count);
  finish(kernel_joint_moments, &joint, "joint_moments of %zu pixels", count);
  finish(kernel_add_moments, &running, "add_moments of %zu channels", channels);
}

// - Parameter scale: How far apart the logits lie.
static void loss_case(const rso_kernels *table, const case_report *report, rso_loss loss, size_t classes, float scale,
                      bool is_weighted, const char *name) {
  static const char *const losses[] = {"cross entropy", "squared",  "zero-one",
                                       "hinge",         "smoothed", "focal",
                                       "cost",          "top-k"};
  trial t = begin(table, report);
  double sums[RSO_FOLD] = {0};
  float *logits = allocate(&t, classes), weights[100];
  static float costs[100 * 100];
  for (size_t k = 0; k < 100; k++) weights[k] = 0.3f * (float)k;
  for (size_t k = 0; k < 100 * 100; k++) costs[k] = (float)(k * 37 % 101) / 7;
  const rso_loss_terms terms = {
      .parameter = loss == rso_focal ? 2.5f : loss == rso_top_k ? 3 : 0.1f,
      .weights = is_weighted ? weights : NULL,
      .costs = is_weighted ? NULL : costs,
  };
  int32_t labels[MOST_LANES] __attribute__((aligned(64)));
  for (size_t b = 0; b < t.blocks; b++) {
    fill(&t, 9, b, classes, logits);
    // Whole numbers, some of them equal, or else as they come.
    for (size_t i = 0; i < classes * table->lanes; i++)
      logits[i] = scale == 0 ? rintf(2 * logits[i]) : logits[i] * scale;
    for (size_t lane = 0; lane < table->lanes; lane++)
      labels[lane] = (int32_t)((b * table->lanes + lane) % classes);
    table->loss(loss, &terms, logits, classes, labels, valid(&t, b), slot(&t, b), sums);
  }
  release(logits);
  add_sums(&t, sums, RSO_FOLD);
  const double all = rso_fold(sums);
  add_sums(&t, &all, 1);
  finish(kernel_loss, &t, "%s of %zu classes, %s", losses[loss], classes, name);
}

// - Parameter scale: How far the outputs lie from the targets.
static void target_loss_case(const rso_kernels *table, const case_report *report, rso_target_loss loss, size_t count,
                             float scale, bool is_weighted, const char *name) {
  static const char *const losses[] = {"binary cross entropy", "squared difference",
                                       "absolute difference", "huber", "quantile"};
  float weights[100];
  for (size_t k = 0; k < 100; k++) weights[k] = 0.3f * (float)(k + 1);
  const rso_loss_terms terms = {.parameter = 0.9f, .weights = is_weighted ? weights : NULL};
  trial t = begin(table, report);
  double sums[RSO_FOLD] = {0};
  float *outputs = allocate(&t, count), *targets = allocate(&t, count);
  for (size_t b = 0; b < t.blocks; b++) {
    fill(&t, 10, b, count, outputs);
    fill(&t, 11, b, count, targets);
    for (size_t i = 0; i < count * table->lanes; i++) {
      outputs[i] *= scale;
      if (loss == rso_binary_cross_entropy) targets[i] = targets[i] > 0;
    }
    table->target_loss(loss, &terms, outputs, targets, count, valid(&t, b), slot(&t, b), sums);
  }
  release(outputs);
  release(targets);
  add_sums(&t, sums, RSO_FOLD);
  const double all = rso_fold(sums);
  add_sums(&t, &all, 1);
  if (isinf(scale) != (isnan(all) != 0))
    fault(report, "%s of %zu outputs, %s: %g", losses[loss], count, name, all);
  finish(kernel_target_loss, &t, "%s of %zu outputs, %s", losses[loss], count, name);
}

void sum_cases(const rso_kernels *table, const case_report *report) {
  static const size_t channels[] = {1, 3, 16}, counts[] = {1, 2, 3, 4, 5, 7, 49, 196};
  for (size_t c = 0; c < 3; c++)
    for (size_t n = 0; n < 8; n++) moments_case(table, report, channels[c], counts[n]);
  static const size_t classes[] = {1, 2, 10, 100};
  for (rso_loss loss = rso_cross_entropy; loss <= rso_top_k; loss++)
    for (size_t k = 0; k < 4; k++) {
      loss_case(table, report, loss, classes[k], 3, false, "near each other");
      loss_case(table, report, loss, classes[k], 3, true, "weighted");
      loss_case(table, report, loss, classes[k], 60, false, "far apart");
      loss_case(table, report, loss, classes[k], 0, false, "some of them equal");
      loss_case(table, report, loss, classes[k], 1e4f, false, "beyond the exponential's range");
      loss_case(table, report, loss, classes[k], INFINITY, false, "not finite");
    }
  for (rso_target_loss loss = rso_binary_cross_entropy; loss <= rso_quantile; loss++)
    for (size_t k = 0; k < 4; k++) {
      target_loss_case(table, report, loss, classes[k], 3, false, "near the targets");
      target_loss_case(table, report, loss, classes[k], 3, true, "weighted");
      target_loss_case(table, report, loss, classes[k], 60, false, "far from the targets");
      target_loss_case(table, report, loss, classes[k], 0, false, "zero");
      target_loss_case(table, report, loss, classes[k], 1e4f, false, "beyond the exponential's range");
      target_loss_case(table, report, loss, classes[k], INFINITY, false, "not finite");
    }
}
