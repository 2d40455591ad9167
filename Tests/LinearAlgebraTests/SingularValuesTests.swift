import LinearAlgebra
import Testing

@Suite("Singular values")
struct SingularValuesTests {
  @Test(
    "are those known in closed form",
    arguments: [
      ("a number", [-3], 1, 1, [3]),
      ("a row", [3, 4], 1, 2, [5]),
      ("a column", [3, 4], 2, 1, [5]),
      ("a diagonal", [2, 0, 0, 0, 0, 7], 2, 3, [7, 2]),
      // The eigenvalues of its Gram matrix [[1, 1], [1, 2]] are (3 +- sqrt 5) / 2.
      ("a shear", [1, 1, 0, 1], 2, 2, [1.618_033_988_749_895, 0.618_033_988_749_895]),
      ("of rank one", [1, 2, 2, 4, 3, 6], 3, 2, [8.366_600_265_340_756, 0]),
      ("zeros", [0, 0, 0, 0], 2, 2, [0, 0]),
      ("nothing", [], 0, 3, []),
    ] as [(String, [Double], Int, Int, [Double])])
  func known(what: String, matrix: [Double], rows: Int, columns: Int, expected: [Double]) throws {
    let found = try SingularValues(of: matrix, rows: rows, columns: columns).values
    try #require(found.count == expected.count)
    for (value, wanted) in zip(found, expected) { #expect(abs(value - wanted) < 1e-13) }
  }

  @Test("their squares add up to the matrix's, whatever its shape", arguments: [(5, 9), (9, 5)])
  func frobenius(rows: Int, columns: Int) throws {
    let matrix = (0..<rows * columns).map { Double($0 * 37 % 41) - 20 }
    let found = try SingularValues(of: matrix, rows: rows, columns: columns).values
    let squares = found.reduce(0) { $0 + $1 * $1 }
    #expect(abs(squares - matrix.reduce(0) { $0 + $1 * $1 }) < 1e-9)
    #expect(found == found.sorted(by: >))
  }

  @Test("give the stable rank and the condition number")
  func figures() throws {
    let found = SingularValues(values: [4, 2, 1])
    #expect(found.stableRank == 1.3125)
    #expect(found.conditionNumber == 4)
    #expect(SingularValues(values: [1, 0]).conditionNumber == .infinity)
    #expect(SingularValues(values: [0, 0]).stableRank == nil)
    #expect(SingularValues(values: [0]).conditionNumber == nil)
    #expect(SingularValues(values: []).stableRank == nil)
  }

  @Test("are refused where an element is not finite", arguments: [Double.nan, .infinity])
  func notFinite(element: Double) {
    #expect(throws: SingularValues.Failure.notFinite) {
      try SingularValues(of: [1, element], rows: 1, columns: 2)
    }
  }

  @Test("of a large matrix agree with its closed form")
  func reflection() throws {
    // A Householder reflection of a diagonal has the diagonal's values: H = I - 2 v v^T, v of ones.
    let n = 120
    let diagonal = (0..<n).map { Double(n - $0) / 7 }
    let matrix = (0..<n).flatMap { row in
      (0..<n).map { column in
        ((row == column ? 1.0 : 0) - 2 / Double(n)) * diagonal[column]
      }
    }
    let found = try SingularValues(of: matrix, rows: n, columns: n).values
    for (value, wanted) in zip(found, diagonal) { #expect(abs(value - wanted) < 1e-12) }
  }

  @Test("are an error that names the package where LAPACK is not installed")
  func unavailable() {
    // The second one is there, without the routine.
    let libraries = ["libnosuch.so.3", "libz.so.1"]
    let failure = SingularValues.Failure.unavailable(libraries: libraries)
    #expect(throws: failure) { _ = try LAPACK(libraries) }
    #expect(
      "\(failure)" == "cannot load LAPACK (libnosuch.so.3, libz.so.1); install it "
        + "(Debian: liblapack3)")
  }
}
