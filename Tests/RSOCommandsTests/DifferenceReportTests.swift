import RSOCheckpoints
import RSOCommands
import RSORuns
import TestSupport
import Testing

@Suite("Reports of differences")
struct DifferenceReportTests {
  /// From the first to the second cycle of a run. One file has a newline in its name.
  private func report() throws -> DifferenceReport {
    let ends = try SmallRun.boundaries().filter(\.isCycleEnd)
    let objects = try ends.map { try ComparedObject.all(of: $0) }
    let stored = try ends.map {
      try CheckpointReader.load(try CheckpointWriter.encode($0), path: "x.h5")
    }
    return DifferenceReport(
      first: "a\n", second: "b", relation: try RunRelation(stored[1], stored[2]),
      differences: ObjectDifference.all(
        from: objects[1], to: objects[2], tolerance: Tolerance(relative: 0, absolute: 0)))
  }

  @Test("text has a headline, and a section for each group of objects")
  func text() throws {
    #expect(
      try report().text(.plain) == """
        descendant: 'b' is 'a\\n' 1 cycle later

        cursor
          cycle  1  -> 2

        parameters
          numbers        changed     share  max abs  relative L2  cosine  sign flips
          conv1/weight  18 of 18  100.00 %   0.0591       0.0633  0.9980           0
          conv1/gamma     2 of 2  100.00 %   0.0154       0.0149  1.0000           0
          conv1/beta      2 of 2  100.00 %   0.0290       0.1945  0.9812           0
          fc/weight       6 of 6  100.00 %   0.1499       0.0906  0.9959           0
          fc/bias         3 of 3  100.00 %   0.0122       0.0376  0.9999           0

          most changed
          conv1[1,0,1,2]   0.7664  ->   0.8255
          conv1[1,0,2,2]  -0.5425  ->  -0.4858
          conv1[0,0,2,2]   0.2722  ->   0.2192
          conv1[0,0,2,1]  -0.0787  ->  -0.0264
          conv1[0,0,0,2]  -0.7650  ->  -0.7150
          fc[0,1]         -0.3504  ->  -0.5003
          fc[2,1]          1.2648  ->   1.1636
          fc[0,0]         -0.4872  ->  -0.4225
          fc[1,0]         -0.3542  ->  -0.2947
          fc[2,0]         -1.4461  ->  -1.4809

        history
          cycles  1  -> 2

        """)
  }

  @Test("--stat has a line for each object")
  func summary() throws {
    #expect(
      try report().summary(.plain) == """
        descendant: 'b' is 'a\\n' 1 cycle later
        cursor/cycle              differs
        parameters/conv1/weight  18 of 18  ++++++++++++++++++++++++++++++
        parameters/conv1/gamma     2 of 2  ++++++++++++++++++++++++++++++
        parameters/conv1/beta      2 of 2  ++++++++++++++++++++++++++++++
        parameters/fc/weight       6 of 6  ++++++++++++++++++++++++++++++
        parameters/fc/bias         3 of 3  ++++++++++++++++++++++++++++++
        history/cycles            differs

        """)
  }

  @Test("JSON has the same objects, with the figures of the table")
  func json() throws {
    let json = try JSONText.encode(try report().json)
    for part in [
      #"{"cycles":1,"differences":[{"first":"1","kind":"text","object":"cursor/cycle","#,
      #"{"changed":18,"cosine":0.9980109479874496,"count":18,"kind":"numbers","max_abs":0.0590"#,
      #""most_changed":[{"first":0.7663769125938416,"place":[1,0,1,2],"second":0.825466"#,
      #""share_changed":1,"sign_flips":0}"#,
      #""equal":false,"first":"a\n","later":"b","relation":"descendant","second":"b""#,
    ] {
      #expect(json.contains(part), "\(part)\n\(json)")
    }
  }
}
