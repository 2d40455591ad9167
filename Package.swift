// swift-tools-version: 6.1
import PackageDescription

// Imports go down only: a module lists exactly what it may import, and the build enforces it with
// `--explicit-target-dependency-import-check error`. README.md has the map.

// SwiftPM refuses unsafe flags in a dependency that is named by its version. They only make programs
// small, so such a dependency has none.
let isDependency = Context.packageDirectory.contains("/checkouts/")

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
// Release programs carry the Swift library and libhdf5: they start sooner, and run where neither is
// installed. Of these libraries only what is needed is linked, in a small form:
// - The list of the Swift library's own linker options exports all symbols, which keeps all code.
// - Functions with the same code are one.
// - Relative relocations are packed, as glibc 2.36 and later read them.
// - Swift keeps frame pointers, so a crash report needs no tables for unwinding.
let carriesSwift: [LinkerSetting] =
  isDependency
  ? []
  : [
    .unsafeFlags(
      [
        "-static-stdlib", "-use-ld=lld", "-Xlinker", "--start-group", "-lFoundationEssentials",
        "-l_FoundationCShims", "-l_FoundationCollections", "-Xlinker", "--end-group",
        "-Xlinker", "--no-export-dynamic", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs",
        "-Xlinker", "--icf=all", "-Xlinker", "--no-eh-frame-hdr", "-Xlinker", "-T", "-Xlinker",
        "\(Context.packageDirectory)/Sources/rso/no-unwind-tables.ld",
      ], .when(platforms: [.linux], configuration: .release))
  ]

// libhdf5 and the compression library that it needs, without the network libraries that the shared
// libhdf5 of Debian loads.
let hdf5: [LinkerSetting] = [":libhdf5_serial.a", ":libsz.a", ":libaec.a", "z", "m"].map {
  .linkedLibrary($0)
}

// What is not executed often is optimized for size.
let small: [SwiftSetting] =
  isDependency ? [] : [.unsafeFlags(["-Osize"], .when(configuration: .release))]

// libpng and libjpeg-turbo, linked statically, so that programs run where they are not installed.
let pictures: [LinkerSetting] = [":libpng16.a", ":libjpeg.a", "z", "m"].map { .linkedLibrary($0) }

let package = Package(
  name: "rso",
  products: [
    .executable(name: "rso", targets: ["rso"]),
    // What other packages import. Everything else has package access.
    .library(name: "RSO", targets: ["RSO"]),
    .library(name: "RSOCheckpoints", targets: ["RSOCheckpoints"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // 0: numbers, files, hot loops
    .systemLibrary(name: "CHDF5", providers: [.apt(["libhdf5-dev"])]),
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
    .target(
      name: "HDF5", dependencies: ["CHDF5"], exclude: ["README.md"], swiftSettings: small,
      linkerSettings: hdf5),
    .target(
      name: "HDF5Isolation", dependencies: ["HDF5", "RSOSystem"], exclude: ["README.md"],
      swiftSettings: small),
    .target(name: "LinearAlgebra", exclude: ["README.md"]),
    .target(name: "CRSOPictures", linkerSettings: pictures),
    .target(
      name: "Pictures", dependencies: ["CRSOPictures", "RSOSystem"], exclude: ["README.md"]),
    .target(
      name: "RSOTensorFiles", dependencies: ["RSOSystem", "HDF5", "HDF5Isolation"],
      exclude: ["README.md"], swiftSettings: small),
    .systemLibrary(name: "CMPIShim"),
    .target(
      name: "RSORanks", dependencies: ["CMPIShim", "RSOSystem"], exclude: ["README.md"]),

    .target(name: "CTensorAnalysis", exclude: ["README.md"]),
    .target(
      name: "CRSODevices", dependencies: ["CRSOKernels"], exclude: ["README.md", "kernels.cl"]),
    .target(
      name: "RSODevices", dependencies: ["CRSODevices", "RSOSystem"], exclude: ["README.md"],
      swiftSettings: small),

    // 1: networks and data
    .target(
      name: "TensorAnalysis",
      dependencies: ["RSOSystem", "RSOTensorFiles", "LinearAlgebra", "CTensorAnalysis"],
      exclude: ["README.md"]),
    .target(
      name: "RSODatasets",
      dependencies: [
        "RSONumerics", "RSOSystem", "RSOTensorFiles", "HDF5", "HDF5Isolation", "Pictures",
      ],
      exclude: ["README.md"]),
    .target(
      name: "RSONetworks",
      dependencies: ["RSONumerics", "RSOSystem", "RSORanks", "RSODevices", "CRSOKernels"],
      exclude: [
        "README.md", "Backends/CPU/Incremental/README.md", "Backends/OpenCL/README.md",
      ]),

    // 2: the algorithm
    .target(
      name: "RSOSearch",
      dependencies: ["RSONumerics", "RSOSystem", "RSORanks", "RSODatasets", "RSONetworks"],
      exclude: ["README.md"]),

    // 3: files
    .target(
      name: "RSOCheckpoints",
      dependencies: [
        "RSONumerics", "RSOSystem", "RSODatasets", "RSONetworks", "RSOSearch", "HDF5",
        "HDF5Isolation",
      ],
      exclude: ["README.md"], swiftSettings: small),

    .target(
      name: "RSOExporters",
      dependencies: [
        "RSONumerics", "RSOSystem", "RSODatasets", "RSONetworks", "RSOTensorFiles", "HDF5",
      ],
      exclude: ["README.md"], swiftSettings: small),

    // 4: runs
    .target(
      name: "RSORuns",
      dependencies: [
        "RSONumerics", "RSOSystem", "RSORanks", "LinearAlgebra", "RSODatasets", "RSONetworks",
        "RSOSearch", "RSOCheckpoints",
      ], exclude: ["README.md"], swiftSettings: small),

    // 5: verbs, and the library for other packages
    .target(
      name: "RSO",
      dependencies: [
        "RSONumerics", "RSOSystem", "RSODatasets", "RSONetworks", "RSOSearch", "RSOCheckpoints",
        "RSORuns",
      ], exclude: ["README.md"]),
    .target(
      name: "RSOCommands",
      dependencies: [
        "RSONumerics", "RSOSystem", "RSORanks", "RSODatasets", "RSONetworks", "RSOSearch",
        "RSOCheckpoints", "RSORuns", "RSOTensorFiles", "TensorAnalysis", "RSOExporters",
        "HDF5Isolation", "Pictures", "LinearAlgebra", "RSODevices",
        argumentParser,
      ], exclude: ["README.md"], resources: [.embedInCode("Resources")], swiftSettings: small),

    // 6: executables
    .executableTarget(
      name: "rso", dependencies: ["RSOCommands"], exclude: ["no-unwind-tables.ld"],
      linkerSettings: carriesSwift),

    // Tests
    .target(
      name: "TestSupport",
      dependencies: [
        "RSONumerics", "RSOTensorFiles", "RSODatasets", "RSONetworks", "RSOSearch",
        "RSOCheckpoints", "RSORuns",
      ], path: "Tests/TestSupport"),
    .testTarget(name: "RSOSystemTests", dependencies: ["RSOSystem"]),
    .testTarget(name: "RSORanksTests", dependencies: ["RSORanks"]),
    .testTarget(name: "RSONumericsTests", dependencies: ["RSONumerics", "TestSupport"]),
    .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra"]),
    .testTarget(name: "RSODevicesTests", dependencies: ["RSODevices", "RSOSystem", "TestSupport"]),
    .testTarget(name: "HDF5Tests", dependencies: ["HDF5", "TestSupport"]),
    .testTarget(
      name: "HDF5IsolationTests", dependencies: ["HDF5", "HDF5Isolation", "TestSupport"]),
    .testTarget(
      name: "RSOTensorFilesTests", dependencies: ["RSOSystem", "RSOTensorFiles", "TestSupport"]),
    .testTarget(
      name: "TensorAnalysisTests",
      dependencies: [
        "RSOSystem", "RSOTensorFiles", "TensorAnalysis", "LinearAlgebra", "TestSupport",
      ]),
    .testTarget(name: "PicturesTests", dependencies: ["Pictures", "TestSupport"]),
    .testTarget(
      name: "RSODatasetsTests",
      dependencies: [
        "RSONumerics", "RSOSystem", "RSOTensorFiles", "RSODatasets", "HDF5", "TestSupport",
      ]),
    .target(
      name: "BackendConformance", dependencies: ["RSONumerics", "RSONetworks", "TestSupport"],
      path: "Tests/BackendConformance", exclude: ["README.md"]),
    .target(name: "KernelLayouts", path: "Tests/KernelLayouts"),
    .testTarget(
      name: "RSONetworksTests",
      dependencies: [
        "RSONumerics", "RSORanks", "RSODevices", "RSONetworks", "BackendConformance",
        "KernelLayouts", "TestSupport",
      ]),
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
        "RSONumerics", "RSOSystem", "RSODatasets", "RSONetworks", "RSOTensorFiles", "RSOExporters",
        "TestSupport",
      ]),
    .testTarget(
      name: "RSORunsTests",
      dependencies: [
        "RSONumerics", "RSOSystem", "RSORanks", "RSODatasets", "RSONetworks", "RSOSearch",
        "RSOCheckpoints", "RSORuns", "BackendConformance", "TestSupport",
      ]),
    .testTarget(
      name: "RSOCommandsTests",
      dependencies: [
        "RSONumerics", "RSOSystem", "RSODatasets", "RSONetworks", "RSOSearch", "RSOCheckpoints",
        "RSORuns", "RSOTensorFiles", "TensorAnalysis", "RSOExporters", "RSOCommands", "RSORanks",
        "LinearAlgebra", "RSODevices", "TestSupport",
      ]),
    .testTarget(name: "RSOTests", dependencies: ["RSO", "RSOCheckpoints", "TestSupport"]),
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

// Each function in a section of its own, so that the linker leaves out those that nothing calls.
for target in package.targets
where !isDependency && target.path == nil && target.type != .test {
  if target.type != .system {
    target.swiftSettings =
      (target.swiftSettings ?? [])
      + [
        .unsafeFlags(["-Xfrontend", "-function-sections"], .when(configuration: .release))
      ]
  }
}
