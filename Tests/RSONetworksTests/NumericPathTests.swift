import RSONetworks
import Testing

@Suite("Numeric paths")
struct NumericPathTests {
  @Test("every processor computes in single precision, with the fastest kernels")
  func singlePrecision() throws {
    #expect(try NumericPath(.f32) == .f32)
    #expect(try NumericPath(named: "f32") == .f32)
    #expect(Kernels.best(for: .f32)?.name == Kernels.best.name)
    for kernels in Kernels.available { #expect(kernels.numericPaths.contains(.f32)) }
  }

  @Test(
    "a path is there or refused by what it needs and what there is", arguments: NumericPath.allCases
  )
  func availability(path: NumericPath) throws {
    if Kernels.available.contains(where: { $0.numericPaths.contains(path) }) {
      #expect(try NumericPath(named: path.rawValue) == path)
      #expect(Kernels.best(for: path)?.numericPaths.contains(path) == true)
    } else {
      let requirement = try #require(path.requirement)
      #expect(Kernels.best(for: path) == nil)
      let error = #expect(throws: NumericPathError.self) {
        try NumericPath(named: path.rawValue)
      }
      let text = "\(try #require(error))"
      #expect(text.contains(path.rawValue) && text.contains(requirement))
      #expect(text.contains(Kernels.best.name) && text.contains("f32"))
    }
  }

  @Test(
    "a precision has a path, or is refused by what it needs and what there is",
    arguments: Precision.allCases)
  func precision(precision: Precision) throws {
    let paths = Kernels.available.flatMap(\.numericPaths).filter { $0.precision == precision }
    if paths.isEmpty {
      let error = #expect(throws: NumericPathError.self) { try NumericPath(precision) }
      let text = "\(try #require(error))"
      #expect(text.contains(precision.rawValue) && text.contains(Kernels.best.name))
      for path in NumericPath.allCases where path.precision == precision {
        #expect(text.contains(try #require(path.requirement)))
      }
    } else {
      #expect(paths.contains(try NumericPath(precision)))
    }
  }

  @Test("kernels that lack a precision are refused, whatever the processor")
  func kernelsOfOldProcessors() throws {
    let generic = try #require(Kernels.available.last)
    #expect(generic.name == "generic")
    let error = #expect(throws: NumericPathError.self) {
      try NumericPath(.bf16, on: [generic])
    }
    #expect(
      error == .precisionUnavailable(.bf16, needs: ["AVX512-BF16"], has: "generic (f32)"))
  }

  @Test(
    "an unknown path is refused by name, fit for a terminal", arguments: ["bf17", "", "a\u{1B}b"])
  func unknown(name: String) throws {
    let error = #expect(throws: NumericPathError.self) { try NumericPath(named: name) }
    #expect(error == .unknown(name))
    #expect(!"\(try #require(error))".contains("\u{1B}"))
  }
}
