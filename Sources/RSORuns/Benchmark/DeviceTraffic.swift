import RSONetworks

/// The work that a device was asked to do meanwhile.
package struct DeviceTraffic: Sendable, Hashable, Codable {
  package var launches: Double
  package var sentBytes: Double
  package var receivedBytes: Double

  package init(launches: Double, sentBytes: Double, receivedBytes: Double) {
    self.launches = launches
    self.sentBytes = sentBytes
    self.receivedBytes = receivedBytes
  }

  package static let none = DeviceTraffic(launches: 0, sentBytes: 0, receivedBytes: 0)

  /// The work between two moments; none without a device.
  init(from before: DeviceWork?, to after: DeviceWork?) {
    guard let before, let after else {
      self = .none
      return
    }
    self.init(
      launches: Double(after.launches - before.launches),
      sentBytes: Double(after.sentBytes - before.sentBytes),
      receivedBytes: Double(after.receivedBytes - before.receivedBytes))
  }

  package static func + (a: DeviceTraffic, b: DeviceTraffic) -> DeviceTraffic {
    DeviceTraffic(
      launches: a.launches + b.launches, sentBytes: a.sentBytes + b.sentBytes,
      receivedBytes: a.receivedBytes + b.receivedBytes)
  }

  package static func * (factor: Double, traffic: DeviceTraffic) -> DeviceTraffic {
    DeviceTraffic(
      launches: factor * traffic.launches, sentBytes: factor * traffic.sentBytes,
      receivedBytes: factor * traffic.receivedBytes)
  }
}
