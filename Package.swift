// swift-tools-version: 6.1
import PackageDescription

// Imports go down only: a module lists exactly what it may import, and the build enforces it with
// `--explicit-target-dependency-import-check error`. README.md has the map.

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")

// Release programs carry the Swift library: they start sooner, and run where Swift is not installed.
let carriesSwift: [LinkerSetting] = [
  .unsafeFlags(
    [
      "-static-stdlib", "-Xlinker", "--start-group", "-lFoundationEssentials",
      "-l_FoundationCShims", "-l_FoundationCollections", "-Xlinker", "--end-group", "-Xlinker",
      "--gc-sections",
    ], .when(platforms: [.linux], configuration: .release))
]

// libpng and libjpeg-turbo, linked statically, so that programs run where they are not installed.
let pictures: [LinkerSetting] = [":libpng16.a", ":libjpeg.a", "z", "m"].map { .linkedLibrary($0) }

let package = Package(
  name: "rso",
  products: [
    .executable(name: "rso", targets: ["rso"]),
    .executable(name: "hdf5-contents", targets: ["hdf5-contents"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
  ],
  targets: [
    // 0: numbers, files, hot loops
    .systemLibrary(
      name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"]), .brew(["hdf5"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CCrypto", pkgConfig: "libcrypto",
      providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
    .target(name: "CRSOSystem"),
    .target(
      name: "RSOSystem", dependencies: ["CCrypto", "CZlib", "CRSOSystem"], exclude: ["README.md"]),
    .target(name: "CRSOKernels", exclude: ["README.md"]),
    .target(name: "RSONumerics", exclude: ["README.md"]),
    .target(name: "HDF5", dependencies: ["CHDF5"], exclude: ["README.md"]),
    .target(
      name: "HDF5Isolation", dependencies: ["HDF5", "RSOSystem"], exclude: ["README.md"]),
    .target(name: "LinearAlgebra", exclude: ["README.md"]),
    .target(name: "CRSOPictures", linkerSettings: pictures),
    .target(
      name: "Pictures", dependencies: ["CRSOPictures", "RSOSystem"], exclude: ["README.md"]),
    .target(name: "RSOTensorFiles", dependencies: ["RSOSystem"], exclude: ["README.md"]),

    // 1: networks and data
    .target(
      name: "RSODatasets",
      dependencies: [
        "RSONumerics", "RSOSystem", "RSOTensorFiles", "HDF5", "HDF5Isolation", "Pictures",
      ],
      exclude: ["README.md"]),
    .target(
      name: "RSONetworks", dependencies: ["RSONumerics", "RSOSystem", "CRSOKernels"],
      exclude: ["README.md", "Backends/CPU/Incremental/README.md"]),

    // 2: the algorithm
    .target(
      name: "RSOSearch",
      dependencies: ["RSONumerics", "RSOSystem", "RSODatasets", "RSONetworks"],
      exclude: ["README.md"]),

    // 3: files
    .target(
      name: "RSOCheckpoints",
      dependencies: [
        "RSONumerics", "RSOSystem", "RSODatasets", "RSONetworks", "RSOSearch", "HDF5",
        "HDF5Isolation",
      ],
      exclude: ["README.md"]),

    .target(
      name: "RSOExporters",
      dependencies: [
        "RSOSystem", "RSODatasets", "RSONetworks", "RSOTensorFiles", "HDF5", protobuf,
      ],
      exclude: ["README.md", "ONNX/onnx.proto"]),

    // 4: runs
    .target(
      name: "RSORuns",
      dependencies: [
        "RSONumerics", "RSOSystem", "LinearAlgebra", "RSODatasets", "RSONetworks", "RSOSearch",
        "RSOCheckpoints",
      ], exclude: ["README.md"]),

    // 5: verbs
    .target(
      name: "RSOCommands",
      dependencies: [
        "RSONumerics", "RSOSystem", "RSODatasets", "RSONetworks", "RSOSearch", "RSOCheckpoints",
        "RSORuns", "RSOTensorFiles", "RSOExporters", "Pictures", argumentParser,
      ], exclude: ["README.md"]),

    // 6: executables
    .executableTarget(
      name: "rso", dependencies: ["RSOCommands"], linkerSettings: carriesSwift),

    // What libhdf5 runs in; no verb, and not for people
    .executableTarget(
      name: "hdf5-contents", dependencies: ["HDF5", "CRSOSystem"], linkerSettings: carriesSwift),

    // Tests
    .target(
      name: "TestSupport",
      dependencies: [
        "RSONumerics", "RSODatasets", "RSONetworks", "RSOSearch", "RSOCheckpoints", "RSORuns",
      ], path: "Tests/TestSupport"),
    .testTarget(name: "RSOSystemTests", dependencies: ["RSOSystem"]),
    .testTarget(name: "RSONumericsTests", dependencies: ["RSONumerics", "TestSupport"]),
    .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra"]),
    .testTarget(name: "HDF5Tests", dependencies: ["HDF5", "TestSupport"]),
    .testTarget(
      name: "HDF5IsolationTests", dependencies: ["HDF5", "HDF5Isolation", "TestSupport"]),
    .testTarget(
      name: "RSOTensorFilesTests", dependencies: ["RSOSystem", "RSOTensorFiles", "TestSupport"]),
    .testTarget(name: "PicturesTests", dependencies: ["Pictures", "TestSupport"]),
    .testTarget(
      name: "RSODatasetsTests",
      dependencies: [
        "RSONumerics", "RSOSystem", "RSOTensorFiles", "RSODatasets", "HDF5", "TestSupport",
      ]),
    .target(
      name: "BackendConformance", dependencies: ["RSONumerics", "RSONetworks", "TestSupport"],
      path: "Tests/BackendConformance", exclude: ["README.md"]),
    .testTarget(
      name: "RSONetworksTests",
      dependencies: ["RSONumerics", "RSONetworks", "BackendConformance", "TestSupport"]),
    .testTarget(
      name: "RSOSearchTests",
      dependencies: [
        "RSONumerics", "RSOSystem", "RSODatasets", "RSONetworks", "RSOSearch", "TestSupport",
      ]),
    .testTarget(
      name: "RSOCheckpointsTests",
      dependencies: [
        "RSONumerics", "RSOSystem", "RSODatasets", "RSONetworks", "RSOSearch", "RSOCheckpoints",
        "HDF5", "HDF5Isolation", "TestSupport",
      ]),
    .testTarget(
      name: "RSOExportersTests",
      dependencies: [
        "RSONumerics", "RSODatasets", "RSONetworks", "RSOTensorFiles", "RSOExporters",
        "TestSupport",
      ]),
    .testTarget(
      name: "RSORunsTests",
      dependencies: [
        "RSONumerics", "RSOSystem", "RSODatasets", "RSONetworks", "RSOSearch", "RSOCheckpoints",
        "RSORuns", "BackendConformance", "TestSupport",
      ]),
    .testTarget(
      name: "RSOCommandsTests",
      dependencies: [
        "RSONumerics", "RSOSystem", "RSODatasets", "RSONetworks", "RSOSearch", "RSOCheckpoints",
        "RSORuns", "RSOTensorFiles", "RSOExporters", "RSOCommands", "TestSupport",
      ]),
    // Campaigns: what Tests/Campaigns/run does inside a process
    .executableTarget(
      name: "campaign-boundaries",
      dependencies: ["RSODatasets", "RSONetworks", "RSOSearch", "RSOCheckpoints", "RSORuns"],
      path: "Tests/Campaigns/Boundaries"),
    .executableTarget(
      name: "campaign-damage", dependencies: ["RSOCheckpoints"], path: "Tests/Campaigns/Damage"),
    .executableTarget(
      name: "campaign-fuzz",
      dependencies: [
        "HDF5", "Pictures", "RSOTensorFiles", "RSODatasets", "RSONetworks", "RSOCheckpoints",
      ], path: "Tests/Campaigns/Fuzz"),
    .testTarget(name: "EndToEndTests", dependencies: ["TestSupport"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c17
)
