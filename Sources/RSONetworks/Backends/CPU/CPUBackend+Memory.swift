extension CPUBackend {
  package func memory(for workload: Workload) throws -> MemoryEstimate {
    try IncrementalMemory(workload, kernels: best(for: workload.path)).estimate
  }
}
