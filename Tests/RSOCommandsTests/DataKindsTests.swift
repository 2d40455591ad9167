import Foundation
import RSODatasets
import TestSupport
import Testing

@Suite("Kinds of data, in help and manual")
struct DataKindsTests {
  @Test("the help of --data names every kind, every published data set, and the default")
  func help() {
    for reader in DatasetReaders.all {
      #expect(DatasetReaders.help.contains(reader.kind))
      for dataset in reader.published { #expect(DatasetReaders.help.contains(dataset.name)) }
    }
    #expect(DatasetReaders.defaultText == "cifar10 for 3 x 32 x 32 images, otherwise mnist")
  }

  @Test("the manual has an entry for every kind, in the order in which they are tried")
  func manual() throws {
    let page = String(
      decoding: try Data(contentsOf: Fixtures.repository.appendingPathComponent("man/rso-train.1")),
      as: UTF8.self)
    let places = DatasetReaders.all.map { page.range(of: "\n.It\n\($0.kind):\n")?.lowerBound }
    for (reader, place) in zip(DatasetReaders.all, places) {
      #expect(place != nil, "\(reader.kind)")
    }
    let found = places.compactMap { $0 }
    #expect(found == found.sorted() && found.count == DatasetReaders.all.count)
  }
}
