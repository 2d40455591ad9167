import Testing

/// Tests of the built programs, one after the other: what is timed here must not compete with twenty
/// trainings.
@Suite(.serialized) enum EndToEnd {}
