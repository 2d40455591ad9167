/// The work that a device has done for an evaluator.
package struct DeviceWork: Sendable, Hashable {
  /// Launches of the kernels.
  package var launches: Int
  /// Bytes that were moved to the device, and from it.
  package var sentBytes: Int
  package var receivedBytes: Int
  /// The most bytes of the device's memory that were allocated at once.
  package var peakBytes: Int

  package init(launches: Int, sentBytes: Int, receivedBytes: Int, peakBytes: Int) {
    self.launches = launches
    self.sentBytes = sentBytes
    self.receivedBytes = receivedBytes
    self.peakBytes = peakBytes
  }
}
