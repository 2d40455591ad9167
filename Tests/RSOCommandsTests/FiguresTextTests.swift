import RSOCommands
import RSONetworks
import RSONumerics
import RSORuns
import RSOTensorFiles
import Testing

@Suite("Figures of an evaluation, as text, CSV and JSON")
struct FiguresTextTests {
  private static let small = EvaluationFigures(
    overall: [
      Figure(
        "accuracy", "accuracy", .share, 0.75, interval: Interval(lower: 0.25, upper: 0.875)),
      Figure("log_loss", "log loss", .number, 0.5, remark: "nats"),
      Figure("roc_auc", "ROC AUC", .number, nil),
    ],
    outputs: [
      OutputFigures(
        name: "cat", samples: 1000,
        figures: [Figure("recall", "recall", .share, 1), Figure("f1", "F1", .share, 0.8)]),
      OutputFigures(
        name: "a,b", samples: 0,
        figures: [Figure("recall", "recall", .share, nil), Figure("f1", "F1", .share, 0)]),
    ], outputNoun: "class", confusion: ConfusionMatrix([[3, 1], [0, 0]]))

  @Test("a small matrix is printed whole, by the names of the classes")
  func text() {
    #expect(
      FiguresText(Self.small).text == """
        figure    value
        accuracy  75.00 %, 95 % interval 25.00 % to 87.50 %
        log loss  0.5000 (nats)
        ROC AUC   -

        class  samples    recall       F1
        cat      1,000  100.00 %  80.00 %
        a,b          0         -   0.00 %

        confusion: a row for each class, a column for each answer
             cat  a,b
        cat    3    1
        a,b    0    0

        """)
  }

  @Test("CSV has a row for each figure and each count")
  func csv() {
    #expect(
      FiguresText(Self.small).csv == """
        figure,class,answer,value,lower,upper
        accuracy,,,0.75,0.25,0.875
        log_loss,,,0.5,,
        roc_auc,,,,,
        samples,cat,,1000,,
        recall,cat,,1.0,,
        f1,cat,,0.8,,
        samples,"a,b",,0,,
        recall,"a,b",,,,
        f1,"a,b",,0.0,,
        confusion,cat,cat,3,,
        confusion,cat,"a,b",1,,
        confusion,"a,b",cat,0,,
        confusion,"a,b","a,b",0,,

        """)
  }

  @Test("JSON has each figure by its key, its interval, and a list of the classes")
  func json() throws {
    #expect(
      try JSONText.encode(ReportValue.object(FiguresText(Self.small).members)) == """
        {"accuracy":0.75,"accuracy_interval":[0.25,0.875],"confusion":[[3,1],[0,0]],"log_loss":0.5,\
        "per_class":[{"class":0,"f1":0.8,"name":"cat","recall":1,"samples":1000},\
        {"class":1,"f1":0,"name":"a,b","samples":0}]}

        """)
  }

  @Test("of many classes the most frequent confusions are listed")
  func manyClasses() {
    let classes = 60
    let counts = (0..<classes).map { label in
      (0..<classes).map { $0 == label ? 1000 : $0 == (label * label + 1) % classes ? label : 0 }
    }
    let figures = EvaluationFigures(
      overall: [],
      outputs: (0..<classes).map { OutputFigures(name: "c\($0)", samples: 1, figures: []) },
      outputNoun: "class", confusion: ConfusionMatrix(counts))
    let lines = FiguresText(figures).text.split(separator: "\n", omittingEmptySubsequences: false)
    let start = lines.firstIndex { $0.hasPrefix("confusion") } ?? 0
    #expect(
      lines[start...].prefix(3) == [
        "confusion: the most frequent of 1,770 wrong answers; --csv and --json have the whole matrix",
        "class  answer  samples  share of the class", "c59    c2           59              5.57 %",
      ])
    #expect(lines.count - start == 23 && lines.allSatisfy { $0.count < 100 })
  }

  @Test("of more than 100 classes those with the lowest F1 are listed")
  func worst() {
    let figures = EvaluationFigures(
      overall: [],
      outputs: (0..<1000).map {
        OutputFigures(
          name: "c\($0)", samples: 1,
          figures: [Figure("f1", "F1", .share, Double($0 * 7 % 1000) / 1000)])
      }, outputNoun: "class", confusion: nil)
    let lines = FiguresText(figures).text.split(separator: "\n")
    #expect(lines[1] == "the 30 of 1,000 with the lowest F1; --csv and --json have all")
    #expect(
      lines[2...4] == [
        "class  samples      F1", "c0           1  0.00 %", "c143         1  0.10 %",
      ])
    #expect(lines.count == 33)
  }
}

@Suite("The result of an evaluation")
struct EvaluationSummaryTests {
  private let summary = EvaluationSummary(
    figures: EvaluationFigures(
      overall: [
        Figure(
          "accuracy", "accuracy", .share, 0.75, interval: Interval(lower: 0.25, upper: 0.875)),
        Figure("macro_f1", "macro F1", .share, 0.5),
      ], outputs: [OutputFigures(name: "0", samples: 4, figures: [])], outputNoun: "class",
      confusion: ConfusionMatrix([[4]])),
    loss: 0.5, samples: 4, cycle: 1, split: "test", checkpoint: "runs/a/last.h5",
    stateSHA256: "00ff")

  @Test("the accuracy and the loss come first")
  func text() {
    #expect(
      summary.text == """
        checkpoint  runs/a/last.h5, after 1 cycle
        state       00ff
        samples     4 (test)
        accuracy    75.00 %, 95 % interval 25.00 % to 87.50 %
        loss        0.5000 (cross-entropy)

        figure    value
        macro F1  50.00 %

        class  samples
        0            4

        confusion: a row for each class, a column for each answer
           0
        0  4

        """)
  }

  @Test("a state inside a cycle is not called that cycle's beginning or end")
  func insideCycle() {
    var inside = summary
    inside.steps = 40
    #expect(inside.text.hasPrefix("checkpoint  runs/a/last.h5, after 1 cycle and 40 steps\n"))
  }

  @Test("a better state of the run is named after the checkpoint")
  func best() {
    var other = summary
    other.best = "cycle 5, measure it"
    #expect(
      other.text.hasPrefix(
        "checkpoint  runs/a/last.h5, after 1 cycle\nbest        cycle 5, measure it\nstate       00ff\n"
      ))
  }

  @Test("a checkpoint that was chosen on the samples has a warning beside them")
  func chosen() throws {
    var chosen = summary
    chosen.isChosenOnSamples = true
    #expect(
      chosen.text.contains(
        "\nsamples     4 (test; the checkpoint was chosen on them, so its figures are too good)\n"))
    #expect(try JSONText.encode(chosen.json).contains(#""chosen_on_samples":true"#))
  }

  @Test("JSON has the facts beside the figures")
  func json() throws {
    #expect(
      try JSONText.encode(summary.json) == """
        {"accuracy":0.75,"accuracy_interval":[0.25,0.875],"checkpoint":"runs/a/last.h5","classes":1,\
        "confusion":[[4]],"cycle":1,"loss":0.5,"loss_function":"cross-entropy","macro_f1":0.5,\
        "per_class":[{"class":0,"name":"0","samples":4}],"samples":4,"split":"test",\
        "state_sha256":"00ff","steps":0}

        """)
  }
}

@Suite("Files of predictions")
struct PredictionsFileTests {
  @Test("classes are named, and have probabilities and logits")
  func classes() {
    let file = PredictionsFile(
      task: .classification, names: ["cat", "dog"], outputs: [0, 0, 0, 1],
      targets: .classes([1, 1]))
    #expect(
      file.csv == """
        index,label,prediction,probability_cat,probability_dog,logit_cat,logit_dog
        0,dog,cat,0.5,0.5,0.0,0.0
        1,dog,dog,0.26894143,0.7310586,0.0,1.0

        """)
  }

  @Test("each label has a prediction and a probability")
  func labels() {
    let file = PredictionsFile(
      task: .multiLabel, names: ["a", "b"], outputs: [0, 1, -1, 2],
      targets: .labels([0, 1, 1, 1], count: 2))
    #expect(
      file.csv == """
        index,label_a,label_b,prediction_a,prediction_b,probability_a,probability_b,logit_a,logit_b
        0,0,1,0,1,0.5,0.7310586,0.0,1.0
        1,1,1,0,1,0.26894143,0.8807971,-1.0,2.0

        """)
  }

  @Test("npz has predictions, probabilities and logits as arrays, and the names as a text")
  func npz() throws {
    let classes = PredictionsFile(
      task: .classification, names: ["cat", "dog"], outputs: [0, 0, 0, 1])
    let file = try TensorList(npz: try classes.npz())
    let arrays = Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0) })
    #expect(arrays["prediction"]?.elementType == .int64)
    #expect(arrays["prediction"]?.shape == [2] && arrays["prediction"]?.floats() == [0, 1])
    #expect(arrays["probability"]?.shape == [2, 2] && arrays["logit"]?.floats() == [0, 0, 0, 1])
    #expect(arrays["probability"]?.floats() == [0.5, 0.5, 0.26894143, 0.7310586])
    #expect(file.metadata["names"] == "cat\ndog")
    let labels = PredictionsFile(task: .multiLabel, names: ["0", "1"], outputs: [0, 1, -1, 2])
    let labelFile = try TensorList(npz: try labels.npz())
    #expect(labelFile.tensors.first { $0.name == "prediction" }?.floats() == [0, 1, 0, 1])
    #expect(labelFile.metadata.isEmpty)
    let numbers = PredictionsFile(task: .regression, names: ["0"], outputs: [1.5, -2])
    let numberFile = try TensorList(npz: try numbers.npz())
    #expect(numberFile.tensors.map(\.name) == ["prediction"])
    #expect(numberFile.tensors[0].shape == [2, 1] && numberFile.tensors[0].floats() == [1.5, -2])
  }

  @Test("numbers are as they are, with the targets if they are known")
  func numbers() {
    let outputs: [Float] = [1.5, -2]
    #expect(
      PredictionsFile(task: .regression, names: ["0"], outputs: outputs).csv
        == "index,prediction_0\n0,1.5\n1,-2.0\n")
    #expect(
      PredictionsFile(
        task: .regression, names: ["0"], outputs: outputs, targets: .numbers([1, 2], count: 1)
      ).csv == "index,label_0,prediction_0\n0,1.0,1.5\n1,2.0,-2.0\n")
  }
}
