import RSONetworks
import RSORuns
import RSOSearch

extension DeviceChooser {
  /// Returns what computes the run of a plan.
  ///
  /// *Throws:* as `chosen(_:path:memory:)`; `NumericPathError`; `ArchitectureError`.
  func chosen(_ choice: DeviceChoice, for plan: SearchPlan, threads: Int) throws -> ChosenDevice {
    // A path that the machine lacks is refused or replaced by the caller, as without a device.
    let path = (try? Backends.standard.path(named: plan.numericPath)) ?? .f32
    return try chosen(choice, path: path) { backends in
      try MemoryPlan(plan, threads: threads, backends: backends, mostWorkers: 1).estimate
    }
  }
}
