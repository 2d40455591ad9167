import ArgumentParser
import RSORuns

/// `rso resume`: continues a run.
package struct ResumeCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso resume",
    abstract: "Continue a run as if it had never stopped.",
    discussion: """
      The result is what it would have been without the interruption, bit for bit. The options of the \
      plan may be repeated (see 'rso train --help'); a value other than the plan's is refused. \
      Data that were moved are named with --data, and test data of their own with --test-data.
      """,
    version: Version.current)

  @Argument(
    help: "A run directory; a checkpoint; or RUN@40, for the state after cycle 40.",
    completion: .run)
  var path: String

  @OptionGroup(title: OptionTitle.length) var length: ListedOptions<PlannedLengthSection>
  @OptionGroup(title: OptionTitle.length) var extensionOption: ExtensionOption
  @OptionGroup(title: OptionTitle.files) var outputOption: BranchOption
  @OptionGroup(title: OptionTitle.files) var dataOptions: DataOptions
  @OptionGroup var runOptions: RunOptions

  @Flag(
    help:
      "Continue a run of a version of rso with other bits, or of a numeric path that this machine lacks."
  )
  var acceptDifferentBits = false

  // They only repeat what the run's plan says, so help does not list them.
  @OptionGroup(visibility: .hidden) var trained: TrainedOptions
  @OptionGroup(visibility: .hidden) var changes: ChangeOptions
  @OptionGroup(visibility: .hidden) var knobs: KnobOptions
  @OptionGroup(visibility: .hidden) var dataRequestOptions: DataRequestOptions

  package init() {}

  private var request: PlanRequest {
    PlanRequest(trained, length: length.texts, changes: changes, knobs: knobs)
  }

  package func validate() throws {
    if extensionOption.extend != nil, request.cycles == nil {
      throw ValidationError("--extend needs --cycles")
    }
  }

  package func run() throws {
    try Resumption(
      verb: self, path: path, request: request, extend: extensionOption.extend,
      output: outputOption.output, data: dataOptions, dataRequest: dataRequestOptions.request,
      options: runOptions, acceptsDifferentBits: acceptDifferentBits
    ).run()
  }
}
