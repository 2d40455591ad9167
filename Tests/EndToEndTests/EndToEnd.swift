import Testing

/// Tests of the built programs that train, one after the other: what is timed here must not compete with
/// twenty trainings.
@Suite(.serialized) enum EndToEnd {}

/// Tests of the built programs on files of rso's own, in a row of their own, beside the other ones.
@Suite(.serialized) enum EndToEndOnFiles {}

/// Tests of the built programs on the files of other tools, in a third row.
@Suite(.serialized) enum EndToEndOnForeignFiles {}
