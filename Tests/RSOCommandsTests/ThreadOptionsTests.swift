import RSOCommands
import Testing

@Suite("Usable processors")
struct ThreadOptionsTests {
  @Test(
    "are the bits of the affinity mask",
    arguments: [
      ("Name:\tx\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\n", 2),
      ("Cpus_allowed:\tffffffff,ffffffff\n", 64), ("Cpus_allowed:\t00000000,00000010\n", 1),
      ("Cpus_allowed:\t0\n", nil), ("Name:\tx\n", nil), ("", nil),
    ] as [(String, Int?)])
  func mask(status: String, expected: Int?) {
    #expect(ThreadOptions.processors(allowedBy: status) == expected)
  }
}
