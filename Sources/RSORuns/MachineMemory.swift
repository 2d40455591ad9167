import Foundation
internal import Glibc

/// The memory that this process can come to have.
package struct MachineMemory: Sendable, Hashable {
  /// What is to be had at the moment, in bytes; nil where the system does not say.
  package var available: Int?
  /// More than this there will never be; nil where there is no such bound.
  package var limit: Int?

  package init(available: Int?, limit: Int?) {
    self.available = available
    self.limit = limit
  }

  /// This machine's: of proc(5), of the control groups that the process is in, and of its own limit
  /// of address space.
  package static func current(root: String = "/") -> MachineMemory {
    let info = fields(text(root + "proc/meminfo"))
    let swap = info["SwapFree"] ?? 0
    var memory = MachineMemory(
      available: info["MemAvailable"].map { $0 + swap },
      limit: info["MemTotal"].map { $0 + (info["SwapTotal"] ?? 0) })
    for group in groups(text(root + "proc/self/cgroup")) {
      let directory = root + "sys/fs/cgroup" + group.path
      let limit = text("\(directory)/\(group.isUnified ? "memory.max" : "memory.limit_in_bytes")")
      let used = text(
        "\(directory)/\(group.isUnified ? "memory.current" : "memory.usage_in_bytes")")
      guard let limit = number(limit) else { continue }
      // Files that were read a while ago are given up when memory is asked for.
      let idle =
        text("\(directory)/memory.stat").split(separator: "\n")
        .first { $0.hasPrefix("inactive_file ") }.flatMap { number(String($0.dropFirst(14))) } ?? 0
      memory.bound(limit: limit, available: number(used).map { max(0, limit - max(0, $0 - idle)) })
    }
    var own = rlimit()
    if root == "/", getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &own) == 0,
      own.rlim_cur < UInt64(Int.max)
    {
      memory.bound(limit: Int(own.rlim_cur), available: nil)
    }
    return memory
  }

  private mutating func bound(limit: Int, available: Int?) {
    self.limit = min(self.limit ?? limit, limit)
    let most = min(limit, available ?? limit)
    self.available = min(self.available ?? most, most)
  }

  /// `Name:  123 kB` lines, in bytes.
  private static func fields(_ text: String) -> [String: Int] {
    var fields: [String: Int] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split { $0 == ":" || $0 == " " }
      guard words.count == 3, words[2] == "kB", let kilobytes = Int(words[1]) else { continue }
      fields[String(words[0])] = kilobytes.multipliedReportingOverflow(by: 1024).partialValue
    }
    return fields
  }

  private struct Group {
    var path: String
    var isUnified: Bool
  }

  /// The groups that bound the process's memory: its own and those around it.
  private static func groups(_ text: String) -> [Group] {
    text.split(separator: "\n").flatMap { line -> [Group] in
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return [] }
      let isUnified = parts[0] == "0" && parts[1].isEmpty
      guard isUnified || parts[1].split(separator: ",").contains("memory") else { return [] }
      let names = parts[2].split(separator: "/").filter { $0 != ".." }
      return (0...names.count).map { depth in
        Group(
          path: (isUnified ? "" : "/memory") + names[..<depth].map { "/\($0)" }.joined(),
          isUnified: isUnified)
      }
    }
  }

  private static func text(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }

  /// A number of bytes; nil for `max`.
  private static func number(_ text: String) -> Int? {
    Int(text.split(separator: "\n").first ?? "")
  }
}
