import RSOCheckpoints
import RSOCommands
import RSORuns
import RSOTensorFiles
import TestSupport
import Testing

@Suite("Reports of inspections")
struct InspectionReportTests {
  /// The end of a run of two cycles.
  private func report() throws -> CheckpointReport {
    let end = try #require(SmallRun.boundaries().last)
    let stored = try CheckpointReader.load(try CheckpointWriter.encode(end), path: "run/last.h5")
    return CheckpointReport(
      try CheckpointInspection(stored, path: "run/last.h5"), path: "run/last.h5")
  }

  private func tensors(
    _ list: [NamedTensor] = [
      NamedTensor(name: "w", shape: [2, 2], values: [3, 0, 0, 4]),
      NamedTensor(name: "b\u{1B}", shape: [], doubles: [.nan]),
    ]
  ) -> TensorsReport {
    var file = TensorFile(TensorList(tensors: list), path: "a.npz", format: .npz)
    file.entries.append(
      TensorEntry(
        name: "steps", type: .other("object"), shape: [2],
        unreadable: "it holds pickled objects, which are not read"))
    return TensorsReport(file, threads: 2)
  }

  @Test("a checkpoint has a header, two tables of layers, and its problems")
  func checkpointText() throws {
    let report = try report()
    let run = report.inspection.checkpoint.provenance.runID.prefix(12)
    #expect(
      report.text(.plain, width: 80, barWidth: nil) == """
        checkpoint     run/last.h5, after 2 of 2 cycles
        network        small: 33 parameters in 2 layers
        data           small: 26 training and 9 test samples of 1 x 4 x 4, 3 classes
        test           accuracy 75.00 %, loss 1.0000
        best           cycle 2, chosen by its training loss, 0.9459
        training time  2 s
        seed           7
        options        cycles 2 (default 50), batch-size 6 (default 26)
        lineage        run \(run), begun 1970-01-01 00:16 UTC, never interrupted
        written        1970-01-01 00:16 UTC on here by rso 1.0.0, f32 on generic
        state          5d9d9f79ce2cf04553cc9c8a2e3005b6848d7373c00e5039ee453e35bbb52b84

        layer  weights        parameters     mean     std      min     max  L2 norm   zeros
        conv1  2 x 1 x 3 x 3          24  -0.0019  0.5629  -1.0334  0.9344   2.3882  0.00 %
        fc     3 x 2                   9  -0.0990  0.9027  -1.4809  1.1636   2.2244  0.00 %

        layer  initial deviation  deviation  last kept     plus    minus  all kept     plus    \
        minus  change  cosine
        conv1             0.3994     0.0399    16.67 %  41.67 %  41.67 %   22.92 %  41.67 %  \
        35.42 %  1.0774  0.6445
        fc                0.7575     0.0757     0.00 %  55.56 %  44.44 %    0.00 %  50.00 %  \
        50.00 %  0.9982  0.5682

        no problems found

        """)
  }

  @Test("the CSV of a checkpoint has a row for each layer")
  func checkpointCSV() throws {
    #expect(
      try report().csv == """
        layer,shape,parameters,mean,std,min,max,norm,zeros,not_finite,initial_deviation,deviation,\
        last_cycle_kept,last_cycle_plus,last_cycle_minus,all_cycles_kept,all_cycles_plus,\
        all_cycles_minus,relative_change,cosine,marks
        conv1,2 1 3 3,24,-0.0019295004506905873,0.5628904764843153,-1.0333993434906006,\
        0.9343845844268799,2.388156068350039,0,0,0.39936863592090005,0.03993686359209,4,10,10,11,\
        20,17,1.0774073516739682,0.6444874008814951,
        fc,3 2,9,-0.09900793433189392,0.9026785997031821,-1.4808543920516968,1.1636052131652832,\
        2.224362235009531,0,0,0.7574741627411753,0.07574741627411752,0,5,4,0,9,9,\
        0.9982218386179451,0.5682347173884802,

        """)
  }

  @Test("the JSON of a checkpoint has the same rows, under the same keys, and all tensors")
  func checkpointJSON() throws {
    let json = try report().json()
    #expect(
      json.hasPrefix(
        #"{"best":{"by":"training loss","cycle":2,"value":0.945917125853705},"#
          + #""changed_options":"#))
    for part in [
      #""last_cycle":{"kept":4,"minus":10,"plus":10},"layer":"conv1","marks":[],"#,
      #""initial_deviation":0.39936863592090005"#, #""shape":[2,1,3,3]"#, #""gamma":{"#,
      #""numeric_path":"f32""#, #""run_id":""#,
      #""state_sha256":"5d9d9f79ce2cf04553cc9c8a2e3005b6848d7373c00e5039ee453e35bbb52b84""#,
    ] {
      #expect(json.contains(part), "\(part)\n\(json)")
    }
    #expect(json.matches(of: /"initial_deviation"/).count == 2)
  }

  @Test("another program's file has a row for each entry; names are escaped")
  func tensorsText() {
    #expect(
      tensors().text(.plain, width: 80, barWidth: nil) == """
        a.npz: npz, not a checkpoint of rso: 7 elements, 24 bytes, in 3 tensors

        tensor  shape   type     elements    mean     std  min     max  L2 norm    zeros  NaN
        w       2 x 2   float32         4  1.7500  1.7854    0  4.0000   5.0000  50.00 %    -
        b\\x1B   scalar  float64         1     nan     nan  nan     nan      nan   0.00 %    1  \
        ! not finite
        steps   2       object          2       -       -    -       -        -        -    -  \
        not examined: it holds pickled objects, which are not read

        type     tensors  elements  bytes
        float32        1         4     16
        float64        1         1      8
        object         1         2      0

        ! b\\x1B: not finite: 1 number is NaN or infinite
        not examined: 1 tensor: steps

        """)
  }

  @Test("CSV and JSON of another program's file have the same rows")
  func tensorsForPrograms() throws {
    #expect(
      tensors().csv == """
        tensor,shape,type,elements,bytes,mean,std,min,max,norm,zeros,not_finite,nan,infinite,marks,\
        duplicate_of,problem
        w,2 2,float32,4,16,1.75,1.7853571071357126,0.0,4.0,5.0,2,0,0,0,,,
        b\u{1B},,float64,1,8,nan,nan,nan,nan,nan,0,1,1,0,not-finite,,
        steps,2,object,2,,,,,,,,,,,,,"it holds pickled objects, which are not read"

        """)
    let json = try tensors().json()
    for part in [
      #"{"format":"npz","layers":[{"bytes":16,"elements":4,"layer":"w","norm":5,"#,
      #""marks":[{"detail":"1 number is NaN or infinite","object":"b\u001b","#,
      #""metadata":{},"not_examined":["steps"],"path":"a.npz","tensors":[{"bytes":16,"elements":4,"#,
      #""infinite":0,"marks":[],"max":4,"mean":1.75,"min":0,"nan":0,"norm":5,"not_finite":0,"#,
      #""problem":"it holds pickled objects, which are not read","shape":[2],"tensor":"steps","#,
    ] {
      #expect(json.contains(part), "\(part)\n\(json)")
    }
  }

  @Test("duplicated tensors and dead outputs are told; extremes of integers have no decimals")
  func remarks() {
    let text = tensors([
      NamedTensor(name: "a.w", shape: [2, 2], values: [1, 2, 0, 0]),
      NamedTensor(name: "b.w", shape: [2, 2], values: [1, 2, 0, 0]),
      NamedTensor(name: "n", shape: [2], integers: [-5, 1234]),
    ]).text(.plain, width: 80, barWidth: nil)
    for part in [
      "  ! dead outputs\n", "  ! dead outputs, same as a.w\n", "  -5   1,234 ",
      "! a.w: dead outputs: all weights of filter 1 are zero\n",
    ] {
      #expect(text.contains(part), "\(part)\n\(text)")
    }
  }

  @Test("--by-layer has a row for each layer")
  func layers() {
    var report = tensors([
      NamedTensor(name: "a/w", shape: [2], values: [3, 0]),
      NamedTensor(name: "a/b", shape: [1], values: [4]),
      NamedTensor(name: "c", shape: [1], values: [1]),
    ])
    report.showsLayers = true
    #expect(
      report.csv == """
        layer,tensors,elements,bytes,types,norm,zeros,not_finite,not_examined
        a,2,3,12,float32,5.0,1,0,0
        c,1,1,4,float32,1.0,0,0,0
        steps,1,2,0,object,,0,0,1

        """)
  }

  @Test("a spectrum has a row for each matrix in all renderings")
  func spectrum() throws {
    var report = tensors()
    report.spectra = [Spectrum(name: "w", shape: [2, 2], values: [3, 0, 0, 4])]
    let text = report.text(.plain, width: 80, barWidth: nil)
    #expect(
      text.contains(
        """
        layer  matrix  largest  median  smallest  stable rank  condition  singular values
        w       2 x 2   4.0000  3.0000    3.0000       1.5625     1.3333  █▁
        """))
    #expect(
      report.csv == """
        layer,rows,columns,largest,median,smallest,stable_rank,condition_number,singular_values,\
        problem
        w,2,2,4.0,3.0,3.0,1.5625,1.3333333333333333,4.0 3.0,

        """)
    #expect(
      try report.json().contains(
        #""spectrum":[{"columns":2,"condition_number":1.3333333333333333,"largest":4,"layer":"w","#
          + #""median":3,"rows":2,"singular_values":[4,3],"smallest":3,"stable_rank":1.5625}]"#))
  }

  @Test("a checkpoint without problems says so; problems are named")
  func problems() throws {
    #expect(try report().problems == 0 && tensors().problems == 1)
    #expect(
      try report().text(.plain, width: 80, barWidth: nil).hasSuffix("\n\nno problems found\n"))
  }
}
