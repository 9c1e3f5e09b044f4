// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "swift-neural-functionals",
    products: [
        .library(
            name: "NeuralFunctionals", targets: ["NeuralFunctionals", "Graphs", "WeightSpaces", "Torch", "TorchBridge"]),
        .library(name: "Zoo", targets: ["Zoo", "TorchBridge"]),
        .executable(name: "nfn", targets: ["nfn"]),
        // What nfn loads when it computes; without, it starts in a fraction of the time.
        .library(name: "TorchBridge", type: .dynamic, targets: ["TorchBridge"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .target(name: "CTorch", cSettings: [.treatAllWarnings(as: .error)]),
        .target(
            name: "TorchBridge",
            publicHeadersPath: ".",
            cxxSettings: [.headerSearchPath("../CTorch/include"), .treatAllWarnings(as: .error)],
            linkerSettings: [.linkedLibrary("torch_cpu"), .linkedLibrary("c10")]
        ),
        .target(
            name: "CPictures",
            cSettings: [.treatAllWarnings(as: .error)],
            linkerSettings: [.linkedLibrary("png"), .linkedLibrary("jpeg")]
        ),
        .target(
            name: "CZlib",
            cSettings: [.treatAllWarnings(as: .error)],
            linkerSettings: [.linkedLibrary("z")]
        ),
        .target(name: "Torch", dependencies: ["CTorch"], swiftSettings: settings),
        .target(name: "WeightSpaces", dependencies: ["CZlib", "Torch"], swiftSettings: settings),
        .target(
            name: "Graphs",
            dependencies: [
                "WeightSpaces", "Torch", "Yams", .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            exclude: ["ONNX/onnx.proto"],
            swiftSettings: settings
        ),
        .target(name: "NeuralFunctionals", dependencies: ["WeightSpaces", "Torch"], swiftSettings: settings),
        .target(
            name: "Zoo",
            dependencies: [
                "CPictures", "Graphs", "WeightSpaces", "Torch", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Experiments",
            dependencies: ["NeuralFunctionals", "WeightSpaces", "Zoo", "Torch"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "nfn",
            dependencies: [
                "Experiments", "NeuralFunctionals", "Graphs", "WeightSpaces", "Zoo", "Torch",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "TestSupport",
            dependencies: ["NeuralFunctionals", "WeightSpaces", "Zoo", "Torch", "TorchBridge"],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        .testTarget(name: "TorchTests", dependencies: ["Torch", "CTorch", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "WeightSpacesTests",
            dependencies: ["WeightSpaces", "TestSupport"],
            resources: [.copy("Fixtures")],
            swiftSettings: settings
        ),
        .testTarget(
            name: "GraphsTests",
            dependencies: [
                "Graphs", "NeuralFunctionals", "TestSupport",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            resources: [.copy("Fixtures")],
            swiftSettings: settings
        ),
        .testTarget(
            name: "NeuralFunctionalsTests",
            dependencies: ["NeuralFunctionals", "TestSupport"],
            resources: [.copy("Fixtures")],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ZooTests",
            dependencies: ["Zoo", "TestSupport", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: settings
        ),
        .testTarget(name: "ExperimentsTests", dependencies: ["Experiments", "TestSupport"], swiftSettings: settings),
        .testTarget(name: "nfnTests", dependencies: ["nfn", "Experiments", "TestSupport"], swiftSettings: settings),
    ],
    cxxLanguageStandard: .cxx20
)
