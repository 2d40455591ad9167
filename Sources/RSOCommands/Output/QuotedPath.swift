import RSOSystem

/// Returns a path for a message: in single quotes, with control characters and bytes that are not
/// UTF-8 escaped.
func quotedPath(_ path: String) -> String { "'" + printable(path) + "'" }
