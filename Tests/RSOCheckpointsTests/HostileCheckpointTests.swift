import HDF5
import RSOCheckpoints
import RSONetworks
import RSOSearch
import Testing

/// Files whose digest is right and whose content is not.
@Suite struct HostileCheckpointTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    /// How the message goes on after the path.
    var message: String
    var edit: @Sendable (_ root: borrowing HDF5Group) throws -> Void

    init(
      _ name: String, _ message: String,
      _ edit: @escaping @Sendable (_ root: borrowing HDF5Group) throws -> Void
    ) {
      self.name = name
      self.message = message
      self.edit = edit
    }

    var testDescription: String { name }
  }

  static let objects: [Row] = [
    Row("missing member of the root", "/plan: missing") { try $0.remove("plan") },
    Row("missing group", "/search: missing") { try $0.remove("search") },
    Row("missing layer", "/parameters/fc: missing") {
      try $0.group("parameters").remove("fc")
    },
    Row("missing tensor", "/parameters/fc/bias: missing") {
      try $0.group("parameters").group("fc").remove("bias")
    },
    Row("extra member of the root", "/extra: not part of a checkpoint") {
      _ = try $0.createGroup("extra")
    },
    Row("extra tensor", "/parameters/fc/gamma: not part of a checkpoint") {
      try $0.group("parameters").group("fc").write([1] as [Float], shape: [1], as: "gamma")
    },
    Row("extra member of provenance", "/provenance/x: not part of a checkpoint") {
      try $0.group("provenance").write([1.0], shape: [], as: "x")
    },
    Row("dataset in place of a group", "/random: not a group") {
      try $0.remove("random")
      try $0.write([1.0], shape: [], as: "random")
    },
    Row("group in place of a dataset", "/plan: not a dataset") {
      try $0.remove("plan")
      _ = try $0.createGroup("plan")
    },
    Row("group that contains itself", "/parameters/conv1: missing") {
      try $0.remove("parameters")
      try $0.createHardLink("parameters", to: ".")
    },
    Row("more members than are looked at", "/parameters: has more than 4096 members") {
      let group = try $0.group("parameters")
      for index in 0..<4097 { try group.createSoftLink("\(index)", to: "x") }
    },
  ]

  static let links: [Row] = [
    Row("soft link", "/plan: not a hard link") {
      try $0.createHardLink("extra", to: "plan")
      try $0.remove("plan")
      try $0.createSoftLink("plan", to: "/extra")
    },
    Row("soft link that leads nowhere", "/search/cursor: not a hard link") {
      let group = try $0.group("search")
      try group.remove("cursor")
      try group.createSoftLink("cursor", to: "/nowhere")
    },
    Row("external link", "/architecture: not a hard link") {
      try $0.remove("architecture")
      try $0.createExternalLink("architecture", to: "/etc", in: "/etc/passwd")
    },
  ]

  /// Replaces `/search/initial_deviation`, of shape (4).
  private static func deviation(
    _ name: String, _ message: String,
    _ write: @escaping @Sendable (_ group: borrowing HDF5Group, _ name: String) throws -> Void
  ) -> Row {
    Row(name, "/search/initial_deviation: \(message)") {
      let group = try $0.group("search")
      try group.remove("initial_deviation")
      try write(group, "initial_deviation")
    }
  }

  static let datasets: [Row] = [
    deviation("another type", "holds float32, not float64") {
      try $0.write([1, 1, 1, 1] as [Float], shape: [4], as: $1)
    },
    deviation("text for numbers", "of shape [], not [4]") { try $0.write(text: "1", as: $1) },
    deviation("another shape", "of shape [2, 2], not [4]") {
      try $0.write([1, 1, 1, 1] as [Double], shape: [2, 2], as: $1)
    },
    deviation("too many elements", "of shape [5], not [4]") {
      try $0.write([1, 1, 1, 1, 1] as [Double], shape: [5], as: $1)
    },
    deviation("9 dimensions", "has 9 dimensions, more than 8") {
      try $0.write([1, 1, 1, 1], shape: [4, 1, 1, 1, 1, 1, 1, 1, 1] as [Int], as: $1)
    },
    deviation("chunked", "neither contiguous nor compact") {
      try $0.write(
        [1, 1, 1, 1] as [Double], shape: [4], as: $1, storage: .chunked(shape: [2], deflate: nil))
    },
    deviation("compressed", "neither contiguous nor compact") {
      try $0.write(
        [1, 1, 1, 1] as [Double], shape: [4], as: $1, storage: .chunked(shape: [4], deflate: 9))
    },
    deviation("negative number", "expected finite numbers of at least 0") {
      try $0.write([1, -1, 1, 1] as [Double], shape: [4], as: $1)
    },
    deviation("not a number", "expected finite numbers of at least 0") {
      try $0.write([1, .nan, 1, 1] as [Double], shape: [4], as: $1)
    },
    Row(
      "deviation of a cycle that is no number",
      "/search/deviation: not a finite number of at least 0 for each layer in cycle 2"
    ) {
      let group = try $0.group("search")
      try group.remove("deviation")
      try group.write(
        [1, 1, 1, 1, 1, .nan, 1, 1] as [Double], shape: [2, 4], as: "deviation")
    },
    Row("in another file", "/search/deviation: its elements are in another file") {
      let group = try $0.group("search")
      try group.remove("deviation")
      let file = "/tmp/rso-hostile-\(UInt64.random(in: .min ... .max))"
      try group.write(
        [Double](repeating: 1, count: 8), shape: [2, 4], as: "deviation",
        storage: .external(file: file))
    },
  ]

  /// Replaces one dataset of int64.
  private static func integers(
    _ name: String, _ message: String, _ group: String, _ dataset: String, _ values: [Int64],
    _ shape: [Int]
  ) -> Row {
    Row(name, message) {
      let group = try $0.group(group)
      try group.remove(dataset)
      try group.write(values, shape: shape, as: dataset)
    }
  }

  private static func resumes(_ count: Int64, _ message: String) -> Row {
    Row("\(count) resumes", message) {
      let group = try $0.group("provenance")
      try group.removeAttribute("resumes")
      try group.setAttribute("resumes", count)
    }
  }

  static let values: [Row] = [
    Row("weight that is infinite", "/parameters/fc/bias: expected finite numbers") {
      let group = try $0.group("parameters").group("fc")
      try group.remove("bias")
      try group.write([1, .infinity, 1] as [Float], shape: [3], as: "bias")
    },
    Row("variance below 0", "/statistics/conv1/variance: not a finite number of at least 0") {
      let group = try $0.group("statistics").group("conv1")
      try group.remove("variance")
      try group.write([1, -1] as [Float], shape: [2], as: "variance")
    },
    Row("weight changed", "attribute 'state_sha256' of /: does not fit the state") {
      let group = try $0.group("parameters").group("fc")
      try group.remove("bias")
      try group.write([1, 2, 3] as [Float], shape: [3], as: "bias")
    },
    integers(
      "cursor beyond the network", "/search/cursor: cycle 2, layer 4, neuron 0 is not a position",
      "search", "cursor", [2, 4, 0], [3]),
    integers(
      "cursor before the start", "/search/cursor: cycle 2, layer -1, neuron 0 is not a position",
      "search", "cursor", [2, -1, 0], [3]),
    Row("cursor behind the end", "/search/cursor: cycle 2, layer 3, neuron 1 is not a position") {
      try $0.remove("plan")
      try $0.write(text: planText("\"cycles\":4", "\"cycles\":2"), as: "plan")
      let search = try $0.group("search")
      try search.remove("cursor")
      try search.write([2, 3, 1] as [Int64], shape: [3], as: "cursor")
    },
    integers(
      "cycles that were not run",
      "/search/cursor: cycle 4611686018427387904, layer 0, neuron 0 is not a position",
      "search", "cursor", [1 << 62, 0, 0], [3]),
    integers("rows missing", "/history/cycle: of shape [1], not [2]", "history", "cycle", [1], [1]),
    integers(
      "rows renumbered", "/history/cycle: row 1 is of cycle 3", "history", "cycle", [1, 3], [2]),
    integers(
      "negative tally", "/search/choices: expected whole numbers of 0 to 1099511627776", "search",
      "choices",
      [Int64](repeating: -1, count: 12), [4, 3]),
    integers(
      "tally without end", "/search/choices: expected whole numbers of 0 to 1099511627776",
      "search",
      "choices", [Int64](repeating: .max, count: 12), [4, 3]),
    integers(
      "evaluations without end",
      "/history/evaluations: 9223372036854775807 in cycle 1, not 0 to 1099511627776", "history",
      "evaluations", [.max, .max], [2]),
    Row("accuracy above 1", "/history/test_accuracy: 1.5 in cycle 2, not 0 to 1") {
      let group = try $0.group("history")
      try group.remove("test_accuracy")
      try group.write([1, 1.5] as [Double], shape: [2], as: "test_accuracy")
    },
    Row("seconds below 0", "/history/seconds: -5.0 in cycle 1") {
      let group = try $0.group("history")
      try group.remove("seconds")
      try group.write([-5, 1] as [Double], shape: [2], as: "seconds")
    },
    Row("seconds without end", "/provenance: inf seconds in a cycle") {
      let group = try $0.group("provenance")
      try group.removeAttribute("seconds_in_cycle")
      try group.setAttribute("seconds_in_cycle", Double.infinity)
    },
    Row("sum of losses that is no number", "/search/loss_sum: expected finite numbers") {
      let group = try $0.group("search")
      try group.remove("loss_sum")
      try group.write([Double.nan], shape: [], as: "loss_sum")
    },
    Row("another generator", "/random/algorithm: 'mt19937', not 'philox4x64-10'") {
      let group = try $0.group("random")
      try group.remove("algorithm")
      try group.write(text: "mt19937", as: "algorithm")
    },
    Row("key of another seed", "/random/key/proposal: does not fit the plan's seed") {
      let group = try $0.group("random").group("key")
      try group.remove("proposal")
      try group.write([1, 2] as [UInt64], shape: [2], as: "proposal")
    },
  ]

  /// Replaces a JSON text.
  private static func text(_ name: String, _ message: String, _ member: String, _ text: String)
    -> Row
  {
    Row(name, message) {
      try $0.remove(member)
      try $0.write(text: text, as: member)
    }
  }

  static let texts: [Row] = [
    text("empty plan", "/plan: not the JSON that is expected here", "plan", ""),
    text("plan of another kind", "/plan: not the JSON that is expected here", "plan", "[1, 2]"),
    text(
      "JSON nested without end", "/plan: not the JSON that is expected here", "plan",
      String(repeating: "[", count: 100_000)),
    text(
      "JSON of more than a megabyte", "/plan: more than 1048576 bytes of JSON", "plan",
      planText("{", "{" + String(repeating: " ", count: 1 << 20))),
    text(
      "architecture of 10,000 levels", "/architecture: not the JSON that is expected here",
      "architecture",
      String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)),
    text("no architecture", "/architecture: ", "architecture", "{}"),
    Row("endless cycles of a network without parameters", "/architecture: ") {
      try $0.remove("architecture")
      try $0.write(
        text: #"{"input": [1, 4, 4], "classes": 16, "layers": [{"type": "flatten"}]}"#,
        as: "architecture")
      try $0.remove("parameters")
      _ = try $0.createGroup("parameters")
      let search = try $0.group("search")
      try search.remove("cursor")
      try search.write([1 << 62, 0, 0] as [Int64], shape: [3], as: "cursor")
      try search.remove("deviation")
      try search.write([] as [Double], shape: [1 << 62, 0], as: "deviation")
      try search.remove("initial_deviation")
      try search.write([] as [Double], shape: [0], as: "initial_deviation")
    },
    text(
      "architecture too large to be one", "/architecture: ", "architecture",
      #"{"input": [1, 4, 4], "classes": 3, "layers": [{"type": "linear", "outputs": 9000000000}]}"#),
    text(
      "another network", "/parameters/fc2: missing", "architecture",
      #"{"input": [1, 4, 4], "classes": 3, "name": "x", "layers": [{"type": "flatten"}, "#
        + #"{"type": "linear", "name": "fc2", "outputs": 3}]}"#),
    text(
      "minibatch larger than the data", "/plan: ", "plan",
      planText("\"batchSize\":10", "\"batchSize\":61")),
    text("no cycles", "/plan: ", "plan", planText("\"cycles\":4", "\"cycles\":0")),
    text(
      "plan that ended before the cursor", "/search/cursor: ", "plan",
      planText("\"cycles\":4", "\"cycles\":1")),
    text(
      "plan changed", "attribute 'state_sha256' of /: ", "plan",
      planText("\"batchSize\":10", "\"batchSize\":11")),
  ]

  /// The sample's plan with one thing in it replaced.
  private static func planText(_ old: String, _ new: String) -> String {
    do {
      return try Sample.texts(try Sample.checkpoint()).plan.replacing(old, with: new)
    } catch { return "\(error)" }
  }

  static let attributes: [Row] = [
    Row("no state digest", "attribute 'state_sha256' of /: missing") {
      try $0.removeAttribute("state_sha256")
    },
    Row("another format", "attribute 'format' of /: 'x' where 'rso checkpoint' is expected") {
      try $0.removeAttribute("format")
      try $0.setAttribute("format", "x")
    },
    Row("version of another file", "attribute 'format_version' of /: '2.1' where '2.3' is expected")
    {
      try $0.removeAttribute("format_version")
      try $0.setAttribute("format_version", "2.1")
    },
    Row("number for a text", "attribute 'run_id' of /: not a text of fixed length") {
      try $0.removeAttribute("run_id")
      try $0.setAttribute("run_id", 1.0)
    },
    Row("layer out of place", "/parameters/conv1: at position 2, expected at 0") {
      let group = try $0.group("parameters").group("conv1")
      try group.removeAttribute("position")
      try group.setAttribute("position", Int64(2))
    },
    Row("superfluous attribute of the root", "attribute 'x' of /: not part of a checkpoint") {
      try $0.setAttribute("x", 1.0)
    },
    Row(
      "superfluous attribute of a group", "attribute 'x' of /search: not part of a checkpoint"
    ) { try $0.group("search").setAttribute("x", "y") },
    Row(
      "superfluous attribute of provenance",
      "attribute 'x' of /provenance: not part of a checkpoint"
    ) { try $0.group("provenance").setAttribute("x", Int64(1)) },
    resumes(-1, "/provenance: -1 resumes, not 0 to 1099511627776"),
    place(nil, "data", "attribute 'data_path_relative' of /provenance: there without 'data_path'"),
    place("data", nil, "attribute 'data_path' of /provenance: not an absolute path"),
    place("/data", "/x", "attribute 'data_path' of /provenance: not an absolute path"),
    place("", nil, "attribute 'data_path' of /provenance: not an absolute path"),
    place(
      "/" + String(repeating: "x", count: 4095), nil,
      "attribute 'data_path' of /provenance: not an absolute path"),
    place("/a\\x00b", nil, "attribute 'data_path' of /provenance: not an absolute path"),
    place("/a\\x62", nil, "attribute 'data_path' of /provenance: not an escaped path"),
    place("/a\nb", nil, "attribute 'data_path' of /provenance: not an escaped path"),
    place("/a\\x0", nil, "attribute 'data_path' of /provenance: not an escaped path"),
    place("/data", "\\", "attribute 'data_path_relative' of /provenance: not an escaped path"),
    Row(
      "number for a path", "attribute 'data_path' of /provenance: not a text of fixed length"
    ) { try $0.group("provenance").setAttribute("data_path", 1.0) },
    resumes(.max, "/provenance: 9223372036854775807 resumes, not 0 to 1099511627776"),
  ]

  private static func place(_ path: String?, _ relativePath: String?, _ message: String) -> Row {
    Row("place of the data: \(path ?? "none"), \(relativePath ?? "none")", message) {
      let group = try $0.group("provenance")
      if let path { try group.setAttribute("data_path", path) }
      if let relativePath { try group.setAttribute("data_path_relative", relativePath) }
    }
  }

  @Test(
    "hostile content with a right digest is refused, and the message names the object",
    arguments: objects + links + datasets + values + texts + attributes)
  func refused(_ row: Row) throws {
    let bytes = try Sample.resealed(try Sample.checkpoint(), row.edit)
    let error = try #require(throws: CheckpointError.self) {
      try CheckpointReader.load(bytes, path: "x.h5")
    }
    #expect(error.description.hasPrefix("cannot read 'x.h5': \(row.message)"), "\(error)")
  }

  @Test("a file made by another program than its root says is refused")
  func generator() throws {
    let bytes = try Sample.resealed(try Sample.checkpoint(), generator: "other 1") { _ in }
    #expect(
      throws: CheckpointError.malformed(
        path: "x", object: "attribute 'generator' of /",
        problem: "'rso 1.0.0' where 'other 1' is expected")
    ) { try CheckpointReader.load(bytes, path: "x") }
  }

  @Test("resealing without an edit gives a file that is read")
  func control() throws {
    let bytes = try Sample.resealed(try Sample.checkpoint()) { _ in }
    #expect(try CheckpointReader.decode(bytes, path: "x") == Sample.checkpoint())
  }
}
