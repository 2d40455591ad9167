/// Ranges that depend on the data or the network.
extension OptionRange {
  /// A number of cycles. The limit is small enough that cycles times parameters do not overflow.
  static func cycles(_ count: @escaping @Sendable (Value) -> Int) -> OptionRange {
    let most = 1_000_000_000
    return .range("1 to \(most)") { (1...most).contains(count($0)) }
  }
}

extension OptionRange where Value == Int? {
  static var phaseSamples: OptionRange {
    OptionRange { value, _, limits in
      guard let value, !(1...max(limits.samples, 1)).contains(value) else { return nil }
      return Violation(
        value: "\(value)", expected: "1 to \(limits.samples), the number of training samples")
    }
  }
}

extension OptionRange where Value == BatchSchedule {
  static var batchSize: OptionRange {
    OptionRange { schedule, options, limits in
      // The range of `phaseSamples` reports phase samples that are out of range.
      guard (1...max(limits.samples, 1)).contains(options.phaseSamples ?? 1) else { return nil }
      let most = options.phaseSamples ?? limits.samples
      let source =
        options.phaseSamples == nil
        ? "the number of training samples" : "the number of --phase-samples"
      if let size = schedule.sizes.first(where: { $0 < 1 || $0 > most }) {
        return Violation(value: "\(size)", expected: "1 to \(most), \(source)")
      }
      return schedule.phases.first { $0.cycles < 1 }.map {
        Violation(value: "\($0.size):\($0.cycles)", expected: "at least 1 cycle")
      }
    }
  }
}

extension OptionRange where Value == BatchFactors {
  static var batchFactors: OptionRange {
    OptionRange { value, _, limits in
      if value.factors.values.contains(where: { $0 < 1 }) {
        return Violation(value: "\(value)", expected: "factors of at least 1")
      }
      guard value.factors.keys.allSatisfy(limits.layers.contains) else {
        let layers = limits.layers.joined(separator: ", ")
        return Violation(value: "\(value)", expected: "layers of the network: \(layers)")
      }
      return nil
    }
  }
}

extension OptionRange where Value == Augmentation {
  static var augment: OptionRange {
    OptionRange { value, _, limits in
      let side = min(limits.shape.height, limits.shape.width)
      guard value.shift >= side else { return nil }
      return Violation(
        value: "\(value)",
        expected: side > 1
          ? "a shift of 1 to \(side - 1) pixels, less than the images' size"
          : "no shift, for the images are one pixel high or wide")
    }
  }
}
