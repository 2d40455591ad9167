internal import CRSOPictures

extension Picture {
  /// Decodes a PNG or JPEG file in this process. Only `PictureProgram` should do that: a hostile file
  /// can make a decoder run foreign code.
  ///
  /// Transparency is dropped, colours of a palette become red, green and blue, and of 16 bits per
  /// channel the upper 8 are kept. Colour profiles, gamma and orientation are not applied.
  ///
  /// - Parameter maximumBytes: A picture with more is not read.
  package static func decode(
    _ file: [UInt8], maximumBytes: Int
  ) -> Result<Picture, PictureFailure> {
    var decoded = rso_picture()
    let status = rso_picture_decode(file, file.count, maximumBytes, &decoded)
    defer { rso_picture_free(&decoded) }
    guard status == 0, let bytes = decoded.bytes else {
      let reason = withUnsafeBytes(of: decoded.message) { message in
        String(decoding: message.prefix { $0 != 0 }, as: UTF8.self)
      }
      return .failure(PictureFailure(reason: reason))
    }
    let (width, height) = (Int(decoded.width), Int(decoded.height))
    let channels = Int(decoded.channels)
    var picture = Picture(
      width: width, height: height, channels: channels,
      bytes: Array(UnsafeBufferPointer(start: bytes, count: width * height * channels)))
    picture.hadAlpha = Int(decoded.remarks) & RSO_PICTURE_ALPHA_DROPPED != 0
    picture.hadDepth = Int(decoded.remarks) & RSO_PICTURE_DEPTH_REDUCED != 0
    return .success(picture)
  }

  /// Decodes small pictures of this module, so that copies of this process begin sooner. False if a
  /// library does not work.
  static func prepare() -> Bool { rso_picture_prepare() == 0 }
}
