import RSODevices
import RSOSystem
import TestSupport
import Testing

/// Programs in place of `rso opencl-devices`.
@Suite("The process that opens OpenCL")
struct DevicesProcessTests {
  private let directory: TemporaryDirectory
  private let device = OpenCLDevice(
    index: 2, kind: .accelerator, name: "a", vendor: "b", version: "c", driver: "d", platform: "e",
    memory: 5,
    largestBuffer: 6, computeUnits: 7, lacks: [])

  init() throws { directory = try TemporaryDirectory() }

  /// A process that runs a script. Another process writes the script: no thread of this one has it open while a
  /// child starts.
  private func process(_ script: String) throws -> DevicesProcess {
    let path = directory("program")
    let writer = try ChildProcess(
      "/bin/sh",
      ["-c", #"printf '#!/bin/sh\n%s\n' "$1" > "$2" && chmod 755 "$2""#, "sh", script, path],
      streams: [])
    #expect(writer.reap() == .exited(status: 0))
    return DevicesProcess(program: path)
  }

  private func failure(_ process: DevicesProcess) -> String? {
    let result = Result { () throws(DevicesProcess.Failure) in try process.devices() }
    guard case .failure(let failure) = result else { return nil }
    return failure.reason
  }

  @Test("devices are read, with what they lack")
  func devices() throws {
    let line = #"device\t2\taccelerator\ta\tb\tc\td\te\t5\t6\t7\t"#
    let process = try process(
      #"[ "$*" = opencl-devices ] && printf '\#(line)\n\#(line)double precision,a compiler\n'"#)
    var lacking = device
    lacking.lacks = [.double, .compiler]
    #expect(try process.devices() == .found([device, lacking]))
  }

  @Test("a machine without devices says why")
  func none() throws {
    #expect(try process(#"printf 'none\tno library\n'"#).devices() == .none(reason: "no library"))
  }

  @Test(
    "an answer that is no answer, and a process that crashes or hangs, are failures",
    arguments: [
      (":", "another answer"), ("echo device", "another answer"), (#"printf '\377\n'"#, "another"),
      (#"printf 'device\t-1\tgpu\ta\tb\tc\td\te\t5\t6\t7\t\n'"#, "another answer"),
      (#"printf 'device\t1\tgpu\ta\tb\tc\td\te\t5\t6\t7\tcharm\n'"#, "another answer"),
      (
        #"printf 'device\t1\tgpu\ta\tb\tc\td\te\t5\t6\t99999999999999999999\t\n'"#, "another answer"
      ),
      (#"printf 'device\t1\ttoaster\ta\tb\tc\td\te\t5\t6\t7\t\n'"#, "another answer"),
      ("exit 3", "status 3"), ("kill -SEGV $$", "crashed: Segmentation fault"),
      ("kill -ALRM $$", "took too long"), ("yes", "crashed: Killed"),
    ])
  func failures(script: String, expected: String) throws {
    let process = try process(script)
    #expect(try #require(failure(process)).contains(expected))
    guard case .fails(let reason) = process.test(device) else {
      Issue.record("no failure")
      return
    }
    #expect(reason.contains(expected))
  }

  @Test("a program that is missing is a failure")
  func missing() {
    let path = directory("nothing")
    #expect(
      failure(DevicesProcess(program: path))
        == "cannot run '\(path)', which examines devices: no such file or directory; "
        + "install rso again")
  }

  @Test("a test names the device, and gives its options on")
  func test() throws {
    let process = try process(
      #"[ "$*" = 'opencl-devices 2 -cl-a -cl-b' ] && printf 'differs\t9\t4\tmoments\n'"#)
    #expect(
      process.test(device, options: "-cl-a -cl-b")
        == .differs(cases: 9, different: 4, first: "moments"))
    #expect(process.test(device) == .fails(reason: "the process ended with status 1"))
  }
}
