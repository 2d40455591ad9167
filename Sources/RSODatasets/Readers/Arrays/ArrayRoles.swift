/// The arrays of a data set: for each part its samples and its targets, as indices of the file's arrays.
struct ArrayRoles: Equatable {
  struct Pair: Equatable {
    var samples: Int
    var targets: Int
  }

  var training: Pair
  var validation: Pair?
  var test: Pair?
}

extension ArrayRoles {
  /// Finds the roles of a file's arrays: by the names that were given, or by their own names.
  ///
  /// *Throws:* `ArraysError` with what the file holds and what to type.
  init(of file: any ArrayFile, _ request: DataRequest) throws(ArraysError) {
    let finder = RoleFinder(file)
    training = try finder.training(request)
    validation = finder.pair(like: training, in: .validation)
    test = finder.pair(like: training, in: .test)
  }

  /// Finds samples and targets in a file of test data: the arrays of the same names as in the training
  /// file if it has them; else its test set, or its only pair.
  ///
  /// *Throws:* `ArraysError`.
  static func testPair(
    in file: any ArrayFile, _ request: DataRequest
  ) throws(ArraysError) -> Pair {
    let finder = RoleFinder(file)
    if request.inputs != nil || request.labels != nil {
      let training = try finder.training(request)
      return finder.pair(like: training, in: .test) ?? training
    }
    return try finder.pair(in: [.test, nil, .training, .validation])
  }

  /// Finds an array of samples that need no targets.
  ///
  /// *Throws:* `ArraysError`.
  static func samples(
    in file: any ArrayFile, _ request: DataRequest
  ) throws(ArraysError) -> Int {
    let finder = RoleFinder(file)
    if let inputs = request.inputs { return try finder.index(of: inputs, option: "inputs") }
    if file.arrays.count == 1 { return 0 }
    do throws(ArraysError) {
      return try finder.only(.samples, [.test, nil, .validation, .training], option: "inputs")
    } catch {
      // Of several arrays of samples, those with targets are the data set's.
      guard let pair = try? finder.pair(in: [.test, nil, .training]) else { throw error }
      return pair.samples
    }
  }
}

/// Looks for arrays by their names.
private struct RoleFinder {
  let file: any ArrayFile
  /// The roles that the arrays' names tell, in the order of the file.
  let roles: [ArrayRole]

  init(_ file: any ArrayFile) {
    self.file = file
    var roles = file.arrays.map { array in
      var role = ArrayRole(of: array.hint)
      if ArrayNames.use(of: array) != nil { role.content = nil }
      return role
    }
    // numpy.savez('data.npz', X, y) names the arrays by their order.
    if file.arrays.map(\.name) == ["arr_0", "arr_1"] {
      (roles[0].content, roles[1].content) = (.samples, .targets)
      (roles[0].group, roles[1].group) = ([], [])
    }
    self.roles = roles
  }

  func training(_ request: DataRequest) throws(ArraysError) -> ArrayRoles.Pair {
    switch (request.inputs, request.labels) {
    case (nil, nil):
      let hasTraining = roles.contains { $0.content == .samples && $0.part != .test }
      if !hasTraining, let test = try? pair(in: [.test]) {
        if request.isToMeasure == true { return test }
        throw .noTraining(path: file.path, arrays: file.arrays.map(\.description))
      }
      return try pair(in: [.training, nil])
    case (let inputs?, let labels?):
      return ArrayRoles.Pair(
        samples: try index(of: inputs, option: "inputs"),
        targets: try index(of: labels, option: "labels"))
    case (let inputs?, nil):
      let samples = try index(of: inputs, option: "inputs")
      let part = roles[samples].part
      let targets = try only(.targets, [part, .training, nil], not: samples, option: "labels")
      return ArrayRoles.Pair(samples: samples, targets: targets)
    case (nil, let labels?):
      let targets = try index(of: labels, option: "labels")
      let part = roles[targets].part
      let samples = try only(.samples, [part, .training, nil], not: targets, option: "inputs")
      return ArrayRoles.Pair(samples: samples, targets: targets)
    }
  }

  func index(of name: String, option: String) throws(ArraysError) -> Int {
    guard let index = file.arrays.firstIndex(where: { $0.name == name }) else {
      throw .noArray(
        path: file.path, name: name, option: option, arrays: file.arrays.map(\.description))
    }
    return index
  }

  /// The only array of a content in the first of these parts that has one.
  func only(
    _ content: ArrayRole.Content, _ parts: [ArrayRole.Part?], not other: Int? = nil, option: String
  ) throws(ArraysError) -> Int {
    for part in parts {
      let found = candidates(content, part).filter { $0 != other }
      if found.count == 1 { return found[0] }
      if found.count > 1 { throw unknown(option, found) }
    }
    throw unknown(option, [])
  }

  /// The samples and targets of the first of these parts that has both, in one group.
  func pair(in parts: [ArrayRole.Part?]) throws(ArraysError) -> ArrayRoles.Pair {
    for part in parts {
      let samples = candidates(.samples, part)
      let targets = candidates(.targets, part)
      let groups = Set(samples.map { roles[$0].group }).intersection(
        targets.map { roles[$0].group })
      guard groups.count <= 1 else {
        throw .severalGroups(
          path: file.path, groups: groups.map { $0.joined(separator: "-") }.sorted())
      }
      guard let group = groups.first else { continue }
      return ArrayRoles.Pair(
        samples: try single(samples.filter { roles[$0].group == group }, "inputs"),
        targets: try single(targets.filter { roles[$0].group == group }, "labels"))
    }
    let isFound = !roles.filter { $0.content == .samples }.isEmpty
    throw unknown(isFound ? "labels" : "inputs", [])
  }

  private func single(_ found: [Int], _ option: String) throws(ArraysError) -> Int {
    guard found.count == 1 else { throw unknown(option, found) }
    return found[0]
  }

  /// The arrays of another part whose names are those of the training part but for the part.
  func pair(like training: ArrayRoles.Pair, in part: ArrayRole.Part) -> ArrayRoles.Pair? {
    guard let samples = counterpart(of: training.samples, in: part),
      let targets = counterpart(of: training.targets, in: part)
    else { return nil }
    return ArrayRoles.Pair(samples: samples, targets: targets)
  }

  private func counterpart(of index: Int, in part: ArrayRole.Part) -> Int? {
    let own = roles[index]
    guard own.part != part else { return nil }
    let found = roles.indices.filter {
      roles[$0].part == part && roles[$0].content == own.content && roles[$0].group == own.group
    }
    return found.count == 1 ? found[0] : nil
  }

  private func candidates(_ content: ArrayRole.Content, _ part: ArrayRole.Part?) -> [Int] {
    roles.indices.filter { roles[$0].content == content && roles[$0].part == part }
  }

  private func unknown(_ option: String, _ found: [Int]) -> ArraysError {
    .unknownRole(
      path: file.path, option: option, candidates: found.map { file.arrays[$0].name },
      arrays: file.arrays.map(\.description))
  }
}
