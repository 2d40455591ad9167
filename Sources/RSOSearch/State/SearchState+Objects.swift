import RSONetworks

extension SearchState {
  /// The state's arrays: each layer's parameters in the order of evaluation, then the entries of
  /// `StateEntry.all`.
  ///
  /// - Parameters:
  ///   - scope: The plan, order and position that decide the shapes. The state must fit them.
  ///   - history: The finished cycles, for the entries that describe them.
  ///   - isIncluded: Tells which entries are wanted.
  package func objects(
    _ scope: StateScope, history: [CycleRecord] = [],
    where isIncluded: (StateEntry) -> Bool = { _ in true }
  ) -> [StateObject] {
    let tensors = scope.layout.layers.flatMap { layer in
      layer.tensors.map { tensor in
        StateObject(
          layer: layer.name, name: tensor.kind.rawValue, shape: tensor.shape,
          values: .float32(Array(parameters[tensor.range])))
      }
    }
    return tensors
      + StateEntry.all.filter(isIncluded).compactMap { entry in
        entry.values(self, history).map { values in
          StateObject(
            layer: nil, name: entry.name, shape: entry.shape(scope) ?? [values.count],
            values: values)
        }
      }
  }
}
