// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "trial",
  dependencies: [.package(name: "rso", path: "../..")],
  targets: [
    .executableTarget(name: "trial", dependencies: [.product(name: "RSO", package: "rso")]),
    .executableTarget(
      name: "contents", dependencies: [.product(name: "RSOCheckpoints", package: "rso")]),
  ],
  swiftLanguageModes: [.v6]
)
