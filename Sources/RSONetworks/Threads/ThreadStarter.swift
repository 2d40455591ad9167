import RSOSystem

/// Starts a thread that runs a function and then ends.
///
/// *Throws:* where the system cannot make a thread. Tests put one here that fails.
package typealias ThreadStarter = (_ body: @escaping @Sendable () -> Void) throws -> Void

/// The system's threads.
package func startSystemThread(_ body: @escaping @Sendable () -> Void) throws {
  try SystemThread.detach(body)
}
