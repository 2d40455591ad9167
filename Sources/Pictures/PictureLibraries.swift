internal import CRSOPictures

/// The libraries that decode pictures. They are part of the program.
package enum PictureLibraries {
  /// The version of libpng: `1.6.39`.
  package static var png: String { String(cString: rso_png_version()) }
  /// The version of libjpeg-turbo: `2.1.5`.
  package static var jpeg: String { String(cString: rso_jpeg_version()) }
}
