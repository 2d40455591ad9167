import RSODevices
import TestSupport
import Testing

@Suite("Remembered self-tests")
struct DeviceVerdictsTests {
  private let device = OpenCLDevice(
    index: 0, name: "name", vendor: "vendor", version: "OpenCL 1.2", driver: "1.0",
    platform: "platform", memory: 1 << 30, largestBuffer: 1 << 28, computeUnits: 4, lacks: [])

  private func verdicts(
    in directory: TemporaryDirectory, version: String = "1.0.0"
  ) -> DeviceVerdicts {
    DeviceVerdicts(version: version) { $0 == "XDG_CACHE_HOME" ? directory.path : nil }
  }

  @Test(
    "a result is remembered as it was",
    arguments: [
      DeviceVerdict.agrees(cases: 3), .differs(cases: 3, different: 3, first: "convolve 3x3"),
    ])
  func remembered(verdict: DeviceVerdict) throws {
    let directory = try TemporaryDirectory()
    let verdicts = verdicts(in: directory)
    #expect(verdicts.verdict(on: device) == nil)
    try verdicts.remember(verdict, on: device)
    #expect(verdicts.verdict(on: device) == verdict)
    #expect(try directory.names(in: "rso/devices").count == 1)
  }

  @Test("a test that could not be run is not remembered")
  func failure() throws {
    let directory = try TemporaryDirectory()
    let verdicts = verdicts(in: directory)
    try verdicts.remember(.fails(reason: "out of resources"), on: device)
    #expect(verdicts.verdict(on: device) == nil)
  }

  @Test("another device, driver or version of rso is tested anew")
  func others() throws {
    let directory = try TemporaryDirectory()
    let verdicts = verdicts(in: directory)
    try verdicts.remember(.agrees(cases: 3), on: device)
    var others = Array(repeating: device, count: 3)
    others[0].index = 1
    others[1].driver = "1.1"
    others[2].platform = "platform, 2"
    for other in others { #expect(verdicts.verdict(on: other) == nil, "\(other)") }
    #expect(self.verdicts(in: directory, version: "1.0.1").verdict(on: device) == nil)
    // The same device while less memory is free, and with fewer processors.
    var same = device
    (same.memory, same.largestBuffer, same.computeUnits) = (1 << 29, 1 << 27, 1)
    #expect(verdicts.verdict(on: same) == .agrees(cases: 3))
  }

  @Test(
    "a file that is damaged, or of something else, is as good as none",
    arguments: [
      "", "\n", "agrees", "agrees\t3", "agrees\t0\n", "agrees\tx\n", "agrees\t3\t3\n",
      "differs\t3\n",
      "differs\t3\t4\tx\n", "differs\t3\t0\tx\n", "disagrees\t3\n", "agrees\t3\nagrees\t3\n",
      String(repeating: "x", count: 5000),
    ])
  func damaged(text: String) throws {
    let directory = try TemporaryDirectory()
    let verdicts = verdicts(in: directory)
    try verdicts.remember(.agrees(cases: 3), on: device)
    let name = try #require(try directory.names(in: "rso/devices").first)
    try directory.write(text.utf8, to: "rso/devices/" + name)
    #expect(verdicts.verdict(on: device) == nil)
  }

  @Test("the directory is the one that the environment names, if it is absolute")
  func directories() {
    func directory(_ environment: [String: String]) -> String? {
      DeviceVerdicts(version: "1.0.0") { environment[$0] }.directory
    }
    #expect(directory([:]) == nil)
    #expect(directory(["HOME": "/home/a"]) == "/home/a/.cache/rso/devices")
    #expect(directory(["HOME": "/home/a", "XDG_CACHE_HOME": "/c"]) == "/c/rso/devices")
    #expect(directory(["HOME": "/home/a", "XDG_CACHE_HOME": "c"]) == "/home/a/.cache/rso/devices")
    #expect(directory(["HOME": ""]) == nil)
  }
}
