import Testing

// Tests of the built programs, in three rows of about the same length, which run beside each other. The tests of a row
// run one after the other: what is timed must not compete with twenty trainings.

/// Training, resuming, sweeps.
@Suite(.serialized) enum EndToEnd {}

/// Files of rso's own, and what is made of runs.
@Suite(.serialized) enum EndToEndOnFiles {}

/// The files of other tools, and programs that take part in a run.
@Suite(.serialized) enum EndToEndOnForeignFiles {}
