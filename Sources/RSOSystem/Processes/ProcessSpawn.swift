internal import Glibc

/// The call of posix_spawn(3) for `ChildProcess`.
enum ProcessSpawn {
  /// Starts a program and returns its process ID.
  ///
  /// - Parameter streams: The descriptor of standard input, output and error each, or nil for
  ///   `/dev/null`.
  ///
  /// *Throws:* `SystemError`.
  static func start(
    _ program: String, _ arguments: [String], streams: [Int32?], variables: [String: String]
  ) throws(SystemError) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (index, descriptor) in streams.enumerated() {
      let stream = Int32(index)
      if let descriptor {
        posix_spawn_file_actions_adddup2(&actions, descriptor, stream)
      } else {
        let mode = stream == STDIN_FILENO ? O_RDONLY : O_WRONLY
        posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", mode, 0)
      }
    }
    var attributes = attributes()
    defer { posix_spawnattr_destroy(&attributes) }
    let words = ([program] + arguments).map { withPath($0) { strdup($0) } } + [nil]
    let environment = environment(adding: variables)
    defer { for word in words + environment { free(word) } }
    var process = pid_t()
    let code = withPath(program) {
      posix_spawnp(&process, $0, &actions, &attributes, words, environment)
    }
    guard code == 0 else { throw SystemError(operation: .run, path: program, code: code) }
    return process
  }

  /// Returns attributes for a new process group in which no signal is blocked or ignored.
  private static func attributes() -> posix_spawnattr_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    return attributes
  }

  /// This process's environment, with variables added or replaced.
  private static func environment(
    adding variables: [String: String]
  ) -> [UnsafeMutablePointer<CChar>?] {
    var words: [UnsafeMutablePointer<CChar>?] = []
    var index = 0
    while let word = environ[index] {
      let isReplaced = variables.keys.contains { name in
        strncmp(word, name + "=", name.utf8.count + 1) == 0
      }
      if !isReplaced { words.append(strdup(word)) }
      index += 1
    }
    return words + variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
  }
}
