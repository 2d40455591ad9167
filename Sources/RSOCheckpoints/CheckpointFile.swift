import RSONetworks
import RSOSearch
import RSOSystem

/// A run at a position between two neurons: its plan, parameters, position and history, as a checkpoint file
/// holds them.
///
/// Every checkpoint of rso can be read, whether a program or `rso train` has written it. The manual page
/// rso-checkpoint(5) specifies the file.
///
/// libhdf5 is not made for several threads: read and write files on one thread at a time.
public struct CheckpointFile: Sendable {
  package var checkpoint: Checkpoint
  /// The file that the checkpoint was read from; nil for one that was not.
  package let sealed: SealedCheckpoint?

  package init(_ checkpoint: Checkpoint) {
    self.checkpoint = checkpoint
    sealed = nil
  }

  /// Reads a file. Its digest is checked before libhdf5 parses a byte, and everything that the format does not
  /// define is refused.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - program: The path of an installed `rso`. It parses the file in a process of its own, under limits of
  ///     memory and time. Nil to parse it in this process, where a file that was made to attack libhdf5 can do
  ///     harm: give a program for files of strangers.
  ///
  /// - Throws: An error that names the path and the fault, and says what to do.
  public init(contentsOf path: String, parsingWith program: String? = nil) throws {
    let sealed = try CheckpointReader.read(path, parsingWith: program)
    checkpoint = sealed.checkpoint
    self.sealed = sealed
  }

  /// Writes the file whole, synchronises it, reads it back, and only then gives it its name. A crash leaves either
  /// the file that was there before or the new one.
  ///
  /// - Throws: An error that names the path and the reason.
  public func write(to path: String) throws {
    try DurableFile.write(CheckpointWriter.encode(checkpoint), to: path)
  }

  // MARK: Content

  /// The identity of the state, as 64 hexadecimal digits: two runs are the same, bit for bit, if it is the same.
  /// It covers everything that determines what the run does next.
  public var stateSHA256: String {
    get throws { try StateDigest.sha256(plan: checkpoint.plan, state: checkpoint.state) }
  }

  /// The identity of the run, the same through all resumes.
  public var runID: String { checkpoint.provenance.runID }

  /// The number of times that the run was resumed.
  public var resumes: Int { checkpoint.provenance.resumes }

  /// The number of finished cycles.
  public var finishedCycles: Int { checkpoint.state.cursor.cycle }

  /// The number of cycles of the plan.
  public var plannedCycles: Int { checkpoint.plan.options.cycles }

  /// The plan as JSON, with sorted keys; rso-checkpoint(5) lists them.
  public var planJSON: String {
    get throws { try CanonicalJSON.encode(StoredPlan(checkpoint.plan)) }
  }

  /// The architecture as JSON, with sorted keys; rso-architecture(5) lists them.
  public var architectureJSON: String {
    get throws { try CanonicalJSON.encode(checkpoint.plan.architecture) }
  }

  /// All parameters in one vector; ``tensors`` divides it.
  public var parameters: [Float] { checkpoint.state.parameters }

  /// One tensor of parameters.
  public struct Tensor: Sendable, Hashable {
    /// The name of the layer, or of the block of parameters.
    public let layer: String
    /// `weight`, `bias`, `gamma` or `beta`.
    public let name: String
    /// Outputs, inputs and kernel, in PyTorch's order; row-major.
    public let shape: [Int]
    public let values: [Float]
  }

  /// The parameters, tensor by tensor, in the order of ``parameters``.
  public var tensors: [Tensor] {
    get throws {
      try checkpoint.plan.architecture.layout().layers.flatMap { layer in
        layer.tensors.map { tensor in
          Tensor(
            layer: layer.name, name: tensor.kind.rawValue, shape: tensor.shape,
            values: Array(checkpoint.state.parameters[tensor.range]))
        }
      }
    }
  }

  /// The results of a finished cycle.
  public struct Cycle: Sendable, Hashable {
    /// 1 for the first cycle.
    public let number: Int
    /// The mean loss of the chosen candidates, over the cycle's steps.
    public let trainingLoss: Double
    /// The loss on the validation set after the cycle; nil without one.
    public let validationLoss: Double?
    /// The accuracy on the validation set, 0 to 1; nil without one, and where there are no classes.
    public let validationAccuracy: Double?
    /// The same on the test set; nil if it was not measured.
    public let testLoss: Double?
    public let testAccuracy: Double?
    /// The number of losses that were evaluated.
    public let evaluations: Int
    /// Seconds of the cycle.
    public let seconds: Double

    package init(_ record: CycleRecord) {
      number = record.cycle
      trainingLoss = record.trainingLoss
      validationLoss = record.validation?.loss
      validationAccuracy = record.validation?.accuracy
      testLoss = record.test?.loss
      testAccuracy = record.test?.accuracy
      evaluations = record.evaluations
      seconds = record.seconds
    }
  }

  /// The finished cycles, the first one first.
  public var history: [Cycle] { checkpoint.history.map(Cycle.init) }
}
