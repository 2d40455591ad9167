internal import Glibc

/// The system's LAPACK, loaded when it is first used. So programs start without it, and run on
/// machines that lack it.
package struct LAPACK: Sendable {
  /// The Fortran routine `dgesdd`: singular values of a general matrix. All arguments are pointers
  /// but the last: the length of the text `jobz`, which Fortran passes by value.
  private typealias DGESDD =
    @convention(c) (
      _ jobz: UnsafePointer<CChar>, _ m: UnsafePointer<Int32>, _ n: UnsafePointer<Int32>,
      _ a: UnsafeMutablePointer<Double>, _ lda: UnsafePointer<Int32>,
      _ s: UnsafeMutablePointer<Double>, _ u: UnsafeMutablePointer<Double>,
      _ ldu: UnsafePointer<Int32>, _ vt: UnsafeMutablePointer<Double>,
      _ ldvt: UnsafePointer<Int32>, _ work: UnsafeMutablePointer<Double>,
      _ lwork: UnsafePointer<Int32>, _ iwork: UnsafeMutablePointer<Int32>,
      _ info: UnsafeMutablePointer<Int32>, _ jobzLength: Int
    ) -> Void

  /// The file names of the library, in the order in which they are tried. OpenBLAS contains LAPACK.
  static let libraries = ["liblapack.so.3", "libopenblas.so.0"]

  /// The result of loading it once.
  package static let installed: Result<LAPACK, SingularValues.Failure> = Result {
    () throws(SingularValues.Failure) in try LAPACK(LAPACK.libraries)
  }

  /// The file name of the library that was loaded.
  package let library: String
  private let dgesdd: DGESDD

  /// Loads the first library that has the routine. It stays loaded.
  ///
  /// *Throws:* `SingularValues.Failure.unavailable`.
  package init(_ libraries: [String]) throws(SingularValues.Failure) {
    for name in libraries {
      guard let library = dlopen(name, RTLD_NOW | RTLD_LOCAL) else { continue }
      if let routine = dlsym(library, "dgesdd_") {
        (self.library, dgesdd) = (name, unsafeBitCast(routine, to: DGESDD.self))
        return
      }
      dlclose(library)
    }
    throw .unavailable(libraries: libraries)
  }

  /// Computes singular values, largest first.
  ///
  /// - Parameter matrix: *Shape:* rows x columns, column-major; at least 1 x 1.
  ///
  /// *Throws:* `SingularValues.Failure.failed`, `.tooLarge`.
  func singularValues(
    of matrix: [Double], rows: Int32, columns: Int32
  ) throws(SingularValues.Failure) -> [Double] {
    let shorter = Int(min(rows, columns))
    var matrix = matrix
    var values = [Double](repeating: 0, count: shorter)
    var integers = [Int32](repeating: 0, count: 8 * shorter)
    // Singular vectors, which `jobz` "N" leaves out; the routine still takes their pointers.
    var (left, right) = (0.0, 0.0)
    var status: Int32 = 0
    func run(_ work: inout [Double], size: Int32) {
      dgesdd(
        "N", [rows], [columns], &matrix, [rows], &values, &left, [1], &right, [1], &work, [size],
        &integers, &status, 1)
    }
    // With size -1, `dgesdd` only returns the size of the workspace that it needs.
    var work = [0.0]
    run(&work, size: -1)
    guard status == 0 else { throw .failed(code: Int(status)) }
    guard let size = Int32(exactly: work[0].rounded(.up)), size > 0 else { throw .tooLarge }
    work = [Double](repeating: 0, count: Int(size))
    run(&work, size: size)
    guard status == 0 else { throw .failed(code: Int(status)) }
    return values
  }
}
