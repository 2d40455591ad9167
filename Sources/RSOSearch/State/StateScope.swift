import RSONetworks

/// The plan, order and position that decide the shapes of a state's entries.
package struct StateScope: Sendable {
  package let plan: SearchPlan
  package let order: SearchOrder
  /// The state's cursor. Entries after it in the list may rely on it.
  package var cursor: SearchCursor

  package init(_ plan: SearchPlan, order: SearchOrder, cursor: SearchCursor) {
    self.plan = plan
    self.order = order
    self.cursor = cursor
  }

  var layout: ParameterLayout { order.layout }
  var layers: Int { order.layout.layers.count }

  /// True if the cursor is a position of the plan's run; the first neuron after its last cycle is one.
  var isInRun: Bool {
    order.contains(cursor)
      && (cursor.cycle < plan.options.cycles
        || cursor == order.first(cycle: plan.options.cycles))
  }
}
