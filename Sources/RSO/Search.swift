import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSORuns
import RSOSearch

/// A run in progress: the random search of a plan, from its beginning or from any checkpoint.
///
/// *Reproducibility:* bitwise. A search that continues from a checkpoint reaches the states that the uninterrupted
/// search would have reached.
public struct Search: ~Copyable {
  /// The end of a call to ``run(savingTo:every:shouldStop:observe:)``.
  public enum Ending: Sendable, Hashable {
    /// The plan is carried out, or its patience has run out.
    case finished
    /// `shouldStop` was true; the search can go on.
    case stopped
  }

  private var recorded: RecordedSearch
  /// The state at the last boundary between two neurons.
  private var boundary: Checkpoint
  /// The evaluator, if it is the program's.
  private let own: OwnEvaluator?
  private let isAsked: Bool
  /// The number of losses that were asked for and are not told yet.
  private var pending: Int?
  private let clock = RunClock.system

  // MARK: Beginning

  /// The training of a network.
  ///
  /// - Parameters:
  ///   - checkpoint: The beginning of a run, or any of its states.
  ///   - dataset: The data of the plan; they are recognised by their content.
  ///   - objective: The objective that the plan names.
  ///   - threads: Change only the speed; nil for one for each usable processor.
  ///
  /// - Throws: An error if the data or the objective are not the plan's, or if the checkpoint is of a version
  ///   of rso with other bits.
  public init(
    from checkpoint: CheckpointFile, on dataset: Dataset, objective: (any Objective)? = nil,
    threads: Int? = nil
  ) throws {
    let boundary = try checkpoint.continued()
    let command = boundary.plan.options.objectiveCommand
    guard command.name == objective?.name else { throw SearchError.noProgram(command) }
    let recorded = try RecordedSearch(
      boundary, dataset: dataset.content, program: objective.map(OwnObjective.init),
      makeEvaluator: Backends.standard.factory(
        threads: max(1, threads ?? MachineProcessors.usable())))
    self.boundary = boundary
    self.recorded = recorded
    own = nil
    isAsked = false
  }

  /// The search for the least value of a function.
  ///
  /// - Throws: An error if the plan is not one of a function, or if the checkpoint is of a version of rso with other bits.
  public init(from checkpoint: CheckpointFile, evaluator: any Evaluator) throws {
    try self.init(from: checkpoint, own: evaluator)
  }

  /// The search for the least value of a closure; see ``Evaluator``.
  public init(
    from checkpoint: CheckpointFile,
    loss: @escaping (_ parameters: [Float], _ cases: [Int]) throws -> Double
  ) throws {
    try self.init(from: checkpoint, own: ClosureEvaluator(loss))
  }

  /// The search for the least value of a function that the caller evaluates: see ``ask()``.
  ///
  /// - Throws: as above, and for a plan with the option `parallel`.
  public init(asking checkpoint: CheckpointFile) throws {
    try self.init(from: checkpoint, own: nil)
  }

  private init(from checkpoint: CheckpointFile, own evaluator: (any Evaluator)?) throws {
    let boundary = try checkpoint.continued()
    let plan = boundary.plan
    guard plan.data.areCases == true else {
      throw LibraryError("the plan trains a network on data; give the data")
    }
    guard evaluator != nil || plan.options.parallel == .none else {
      throw LibraryError("a search that asks for losses cannot search neurons in parallel")
    }
    let failure = Failure()
    var made: OwnEvaluator?
    let recorded = try RecordedSearch(boundary, program: failure) { parameters in
      let own = try OwnEvaluator(
        evaluator, architecture: plan.architecture, parameters: parameters, failure: failure)
      made = own
      return own
    }
    self.boundary = boundary
    self.recorded = recorded
    own = made
    isAsked = evaluator == nil
  }

  // MARK: State

  /// True if the plan is carried out, or its patience has run out.
  public var isFinished: Bool { recorded.isFinished }

  /// The parameters at the last boundary between two neurons, in one vector.
  public var parameters: [Float] { boundary.state.parameters }

  /// The state at the last boundary between two neurons.
  public var checkpoint: CheckpointFile { CheckpointFile(boundary) }

  /// Writes the state of the last boundary between two neurons, durably.
  ///
  /// - Throws: An error that names the path and the reason.
  public mutating func save(to path: String) throws {
    boundary.provenance.saved = clock.date()
    try checkpoint.write(to: path)
  }

  // MARK: Searching

  /// Searches the next neuron: a row of a block of parameters, or the parameters of one output of a layer.
  ///
  /// - Returns: The results of the cycle, if the neuron was its last one.
  ///
  /// - Throws: The error of the evaluator or of the objective; an error if no candidate of a step has a finite loss.
  ///   The search is then over; ``checkpoint`` is the boundary before.
  @discardableResult
  public mutating func step() throws -> CheckpointFile.Cycle? {
    try requireUse(asking: false)
    return try reach(try recorded.step())
  }

  /// Searches to the end of the cycle.
  ///
  /// - Throws: as ``step()``.
  public mutating func cycle() throws -> CheckpointFile.Cycle {
    while true {
      if let cycle = try step() { return cycle }
    }
  }

  /// Searches to the end of the plan.
  ///
  /// - Parameters:
  ///   - path: The file that the state is saved to: at the beginning, after `seconds`, and at the end, also at that
  ///     by an error. Nil to save nothing.
  ///   - seconds: The time between two saves.
  ///   - shouldStop: Asked between two neurons.
  ///   - observe: Called after each cycle.
  ///
  /// - Throws: as ``step()`` and ``save(to:)``.
  @discardableResult
  public mutating func run(
    savingTo path: String? = nil, every seconds: Double = 60, shouldStop: () -> Bool = { false },
    observe: (CheckpointFile.Cycle) -> Void = { _ in }
  ) throws -> Ending {
    try requireUse(asking: false, mayBeFinished: true)
    if let path { try save(to: path) }
    var saved = clock.elapsed()
    while !isFinished, !shouldStop() {
      let cycle: CheckpointFile.Cycle?
      do { cycle = try step() } catch {
        if let path { try? save(to: path) }
        throw error
      }
      if let path, clock.elapsed() - saved >= seconds {
        try save(to: path)
        saved = clock.elapsed()
      }
      if let cycle { observe(cycle) }
    }
    if let path { try save(to: path) }
    return isFinished ? .finished : .stopped
  }

  // MARK: Asking and telling

  /// Candidates whose losses the search needs.
  public struct Question: Sendable {
    /// Parameters, block by block and row by row.
    public let candidates: [[Float]]
    /// The numbers of the cases on which the candidates are compared.
    public let cases: [Int]
  }

  /// Returns the candidates whose losses the search needs to go on; the same ones until ``tell(_:)`` gives them. Nil
  /// once the plan is carried out.
  ///
  /// A step asks one question or two. After a row is finished, the state can be saved; ``checkpoint`` is always the
  /// state at the last such boundary, and a search that continues from it asks again what came after it.
  ///
  /// - Throws: An error if no candidate of a step has a finite loss.
  public mutating func ask() throws -> Question? {
    try requireUse(asking: true, mayBeFinished: true)
    while !isFinished {
      switch try recorded.ask() {
      case .outcome(let outcome): _ = try reach(outcome)
      case .question(let question):
        pending = question.count
        return asked(question)
      }
    }
    return nil
  }

  /// Gives the losses of the last question, in the order of its candidates: the lower, the better.
  ///
  /// - Throws: An error if there is no question, or one with another number of candidates.
  public mutating func tell(_ losses: [Double]) throws {
    guard losses.count == pending else {
      throw LibraryError("\(losses.count) losses; expected one for each candidate of a question")
    }
    pending = nil
    recorded.tell(losses)
  }

  private func asked(_ question: SearchQuestion) -> Question {
    let candidates: [[Float]] =
      switch question.candidates {
      case .networks(let networks): networks
      case .values(let address, let values): own?.networks(values.map { (address, $0) }) ?? []
      }
    return Question(candidates: candidates, cases: own?.cases(of: question.minibatch) ?? [])
  }

  // MARK: Boundaries

  /// Takes the state that the search has reached.
  private mutating func reach(_ outcome: RSOSearch.Search.Outcome) throws -> CheckpointFile.Cycle? {
    switch outcome {
    case .abandoned: return nil
    case .neuronFinished:
      boundary = recorded.checkpoint(nil)
      return nil
    case .cycleFinished(let summary):
      let statistics = try recorded.finish(summary)
      boundary = recorded.checkpoint(statistics)
      return recorded.history.last.map { CheckpointFile.Cycle($0) }
    }
  }

  private func requireUse(asking: Bool, mayBeFinished: Bool = false) throws {
    guard isAsked == asking else {
      throw LibraryError(
        asking ? "the search has an evaluator; it asks nothing" : "the search asks for its losses")
    }
    guard mayBeFinished || !isFinished else { throw LibraryError("the plan is carried out") }
  }
}
