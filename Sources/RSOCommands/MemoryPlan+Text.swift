import RSORuns

extension MemoryPlan {
  /// `about 1.86 GB at once, in layer 'conv1'`.
  var summary: String {
    let place = estimate.layer.map { "in layer '\($0)'" } ?? "while statistics are computed"
    return "about \(Numbers.bytes(peak)) at once, \(place)"
      + (workers > 1 ? ", of \(workers) evaluators together" : "")
  }

  /// Returns a warning for a run that needs more memory than is free at the moment.
  ///
  /// *Throws:* `CommandError.tooLarge` for a run that can never have the memory it needs.
  func check(against machine: MachineMemory = .current()) throws -> String? {
    switch fit(on: machine) {
    case .fits:
      return nil
    case .notNow(let available):
      return "the run needs \(summary), and \(Numbers.bytes(available)) are free"
        + (try advice(available).map { "; \($0)" } ?? "")
    case .never(let limit):
      throw CommandError.tooLarge(
        needs: summary, has: Numbers.bytes(limit), advice: try advice(limit))
    }
  }

  private func advice(_ bytes: Int) throws -> String? {
    let offers = try offers(within: bytes).map { offer in
      let option =
        switch offer.option {
        case .phaseSamples: "--phase-samples"
        case .batchSize: "--batch-size"
        }
      return "with \(option) \(offer.value) it needs \(Numbers.bytes(offer.peak))"
    }
    return offers.isEmpty ? nil : offers.joined(separator: ", ")
  }
}
