import Testing

/// Tests of the built programs that train, one after the other: what is timed here must not compete with
/// twenty trainings.
@Suite(.serialized) enum EndToEnd {}

/// Tests of the built programs on files, in a row of their own, beside the other one.
@Suite(.serialized) enum EndToEndOnFiles {}
