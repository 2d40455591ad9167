import RSODevices

extension IncrementalEvaluator {
  package var deviceWork: DeviceWork? {
    execution.device.map { session in
      let figures = session.figures
      return DeviceWork(
        launches: figures.launches, sentBytes: figures.sentBytes,
        receivedBytes: figures.receivedBytes, peakBytes: figures.peakBytes)
    }
  }
}
