// swift-tools-version: 6.2
import PackageDescription

// The libraries that `make setup` unpacks. An installed program looks beside itself first.
let openVINO = Context.packageDirectory + "/.deps/openvino/lib"
let heif = Context.packageDirectory + "/.deps/heif/lib"

/// One list of settings for every Swift target.
let settings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),  // SE-0335
  .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
  .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),  // SE-0461
]

/// Loops over pixels are 100 to 250 times slower unoptimised: optimised in debug builds too.
let kernelSettings = settings + [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
  name: "stance",
  products: [
    .library(name: "Stance", targets: ["Stance"]),
    .library(name: "PoseRendering", targets: ["PoseRendering"]),
    .library(name: "PoseFormats", targets: ["PoseFormats"]),
    .library(name: "PoseMotion", targets: ["PoseMotion"]),
    .library(name: "Video", targets: ["Video"]),
    .executable(name: "stance", targets: ["stance"]),
    .executable(name: "stance-decode", targets: ["stance-decode"]),
  ],
  targets: [
    // Floor 4, the door.
    .executableTarget(name: "stance", dependencies: ["StanceCommands"], swiftSettings: settings),

    // Floor 3, the product.
    .target(
      name: "StanceCommands",
      dependencies: [
        "Stance", "PoseRendering", "PoseFormats", "PoseMotion", "PoseVideo", "Images", "Video",
        "Inference", "Options", "Files", "Checksums", "Processes", "StanceService", "HTTPServer",
        "Telemetry", "StanceJobs", "HTTPClient",
      ],
      swiftSettings: settings),
    .target(
      name: "StanceService",
      dependencies: [
        "Stance", "PoseRendering", "PoseFormats", "PoseMotion", "PoseVideo", "Images", "Video",
        "Inference", "HTTPServer", "Telemetry", "Options", "Files", "Checksums", "Processes",
        "CPage", "StanceJobs", "Archives", "HTTPClient",
      ],
      swiftSettings: settings),

    // Floor 2, the pose. `Stance` is the public library.
    .target(
      name: "Stance", dependencies: ["Inference", "Images", "PixelKernels", "Files"],
      swiftSettings: settings),
    .target(
      name: "PoseRendering",
      dependencies: ["Stance", "PoseMotion", "Images", "PixelKernels", "CCairo"],
      swiftSettings: settings),
    .target(
      name: "PoseVideo",
      dependencies: [
        "Stance", "PoseRendering", "PoseFormats", "PoseMotion", "Video", "Images", "Files",
        "Processes",
      ],
      swiftSettings: settings),
    .target(
      name: "PoseFormats", dependencies: ["Stance", "PoseMotion", "Files"], swiftSettings: settings),
    .target(name: "PoseMotion", dependencies: ["Stance", "CPostures"], swiftSettings: settings),
    .target(
      name: "StanceJobs",
      dependencies: ["Files", "Checksums", "Processes", "CProcesses", "CSQLite"],
      swiftSettings: settings),

    // Floor 1, the tools.
    .target(
      name: "Inference", dependencies: ["CInference", "Checksums", "Files"],
      swiftSettings: settings),
    .target(
      name: "Images",
      dependencies: [
        "CJPEG", "CPNG", "CZlib", "CWebP", "PixelKernels", "Processes", "Files",
      ],
      swiftSettings: settings),
    .target(
      name: "Video", dependencies: ["Images", "PixelKernels", "Processes", "Files"],
      swiftSettings: settings),
    .target(name: "PixelKernels", dependencies: ["CPixelKernels"], swiftSettings: kernelSettings),
    .target(name: "Processes", dependencies: ["CProcesses"], swiftSettings: settings),
    .target(name: "Files", dependencies: ["CProcesses"], swiftSettings: settings),
    .target(
      name: "Archives", dependencies: ["ArchiveFrames", "Processes", "Files", "CZlib"],
      swiftSettings: settings),
    .target(name: "ArchiveFrames", swiftSettings: settings),
    .target(name: "Checksums", dependencies: ["CCrypto"], swiftSettings: settings),
    .target(name: "Options", swiftSettings: settings),
    .target(name: "HTTPServer", dependencies: ["CHTTPServer"], swiftSettings: settings),
    .target(name: "HTTPClient", dependencies: ["CCurl"], swiftSettings: settings),
    .target(name: "Telemetry", dependencies: ["Files"], swiftSettings: settings),

    // A process of its own for formats whose decoders are large, or don't keep to the header's size.
    .executableTarget(
      name: "stance-decode",
      dependencies: ["PictureDecoders", "ArchiveDecoder", "ArchiveFrames", "CSandbox"],
      swiftSettings: settings),
    .target(
      name: "ArchiveDecoder", dependencies: ["ArchiveFrames", "CArchive"],
      swiftSettings: settings),
    .target(
      name: "PictureDecoders", dependencies: ["CGIF", "CTIFF", "CHEIF", "CAVIF"],
      swiftSettings: settings),

    // Floor 0, the cellar: C libraries and the smallest shims.
    .target(
      name: "CInference",
      cxxSettings: [.headerSearchPath("../../.deps/openvino/include")],
      linkerSettings: [
        .linkedLibrary("openvino"),
        .unsafeFlags([
          "-L\(openVINO)",
          "-Xlinker", "-rpath", "-Xlinker", "$ORIGIN/../lib/stance",
          "-Xlinker", "-rpath", "-Xlinker", openVINO,
        ]),
      ]),
    .target(
      name: "CPixelKernels", cSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug))]),
    .target(name: "CProcesses"),
    .target(name: "CCurl"),
    .target(
      name: "CHTTPServer",
      cxxSettings: [
        // As system headers: their warnings are not ours to mend.
        .unsafeFlags(["-isystem", Context.packageDirectory + "/.deps/boost/usr/include"]),
        .treatAllWarnings(as: .error),
        .define("BOOST_ASIO_SEPARATE_COMPILATION"),
        .define("BOOST_BEAST_SEPARATE_COMPILATION"),
        .define("BOOST_ASIO_NO_DEPRECATED"),
      ],
      linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
    // The page's files, embedded by the C compiler's #embed.
    .target(
      name: "CPage", exclude: ["page"], cSettings: [.unsafeFlags(["-Wno-c23-extensions"])]),
    .target(
      name: "CPostures", exclude: ["samples.bin"],
      cSettings: [.unsafeFlags(["-Wno-c23-extensions"])]),
    .target(name: "CJPEG", linkerSettings: [.linkedLibrary("jpeg")]),
    .systemLibrary(name: "CPNG", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CWebP", providers: [.apt(["libwebp-dev"])]),
    .systemLibrary(name: "CCairo", providers: [.apt(["libcairo2-dev"])]),
    .target(
      name: "CHEIF",
      linkerSettings: [
        .linkedLibrary("heif"),
        .unsafeFlags([
          "-L\(heif)",
          "-Xlinker", "-rpath", "-Xlinker", "$ORIGIN/../../lib/stance",
          "-Xlinker", "-rpath", "-Xlinker", heif,
        ]),
      ]),
    .target(name: "CArchive", linkerSettings: [.linkedLibrary("archive")]),
    .target(name: "CTIFF", linkerSettings: [.linkedLibrary("tiff")]),
    .target(name: "CSandbox", linkerSettings: [.linkedLibrary("seccomp")]),
    .systemLibrary(name: "CGIF", providers: [.apt(["libgif-dev"])]),
    .systemLibrary(name: "CAVIF", providers: [.apt(["libavif-dev"])]),
    .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),

    // Measured by `make bench`; no product.
    .executableTarget(
      name: "stance-benchmark",
      dependencies: [
        "Stance", "PoseRendering", "PoseFormats", "PoseMotion", "Images", "Inference",
        "PixelKernels", "Files",
      ],
      path: "Benchmarks/StanceBenchmark", swiftSettings: settings),
    // Measured by `make jobs-bench`; no product.
    .executableTarget(
      name: "stance-jobs-benchmark",
      dependencies: [
        "StanceService", "StanceJobs", "Stance", "PoseFormats", "Images", "Telemetry", "Files",
      ],
      path: "Benchmarks/JobsBenchmark", swiftSettings: settings),

    // Tests.
    .target(
      name: "TestSupport", dependencies: ["Images", "Files", "Processes"],
      path: "Tests/TestSupport",
      swiftSettings: settings),
    // One suite for all job stores.
    .target(
      name: "JobStoreConformance", dependencies: ["StanceJobs", "Processes"],
      path: "Tests/JobStoreConformance", swiftSettings: settings),
    .testTarget(
      name: "StanceTests",
      dependencies: [
        "Stance", "Inference", "Images", "PixelKernels", "Files", "TestSupport",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "PixelKernelsTests", dependencies: ["PixelKernels", "Images", "TestSupport"],
      swiftSettings: kernelSettings),
    .testTarget(
      name: "InferenceTests", dependencies: ["Inference", "Checksums", "Files", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "ImagesTests",
      dependencies: ["Images", "Processes", "Files", "TestSupport", "stance-decode"],
      swiftSettings: settings),
    .testTarget(
      name: "VideoTests",
      dependencies: ["Video", "Images", "Processes", "Files", "TestSupport", "stance-decode"],
      swiftSettings: settings),
    .testTarget(
      name: "ArchivesTests",
      dependencies: [
        "Archives", "ArchiveFrames", "Images", "Files", "Processes", "TestSupport", "stance-decode",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "FilesTests", dependencies: ["Files", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "ProcessesTests", dependencies: ["Processes", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "HTTPServerTests", dependencies: ["HTTPServer", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "StanceJobsTests",
      dependencies: ["StanceJobs", "JobStoreConformance", "Checksums", "Files", "TestSupport"],
      swiftSettings: settings),
    .testTarget(name: "TelemetryTests", dependencies: ["Telemetry"], swiftSettings: settings),
    .testTarget(
      name: "StanceServiceTests",
      dependencies: [
        "StanceService", "HTTPServer", "Telemetry", "Stance", "Images", "Video", "Inference",
        "PoseFormats", "PoseMotion", "PoseRendering", "PoseVideo", "Options", "Checksums", "Files",
        "Processes", "StanceJobs", "Archives", "HTTPClient", "TestSupport", "stance-decode",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "PageTests", dependencies: ["CPage", "PoseRendering", "Stance"],
      swiftSettings: settings),
    .testTarget(name: "OptionsTests", dependencies: ["Options"], swiftSettings: settings),
    .testTarget(
      name: "PoseRenderingTests",
      dependencies: ["PoseRendering", "PoseMotion", "Stance", "Images", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "PoseFormatsTests",
      dependencies: ["PoseFormats", "Stance", "Images", "Files", "TestSupport"],
      exclude: ["Kept"], swiftSettings: settings),
    .testTarget(
      name: "PoseMotionTests",
      dependencies: ["PoseMotion", "PoseFormats", "Stance", "Images", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "PoseVideoTests", dependencies: ["PoseVideo", "Stance", "Video", "Images"],
      swiftSettings: settings),
    .testTarget(
      name: "StanceCommandsTests",
      dependencies: [
        "StanceCommands", "StanceService", "StanceJobs", "Stance", "PoseFormats", "PoseMotion",
        "PoseVideo",
        "PoseRendering", "Video", "Images", "Processes", "Files", "TestSupport", "stance",
      ],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx20
)

// The fuzz targets, for `make fuzz` alone: they need libFuzzer and instrumented modules.
if Context.environment["FUZZING"] != nil {
  package.targets += [
    .systemLibrary(name: "CFuzzer", path: "Fuzzing/CFuzzer"),
    .executableTarget(
      name: "stance-fuzz",
      dependencies: [
        "StanceService", "HTTPServer", "Telemetry", "Stance", "Images", "Inference", "PoseVideo",
        "PictureDecoders", "CHTTPServer", "CFuzzer",
      ],
      path: "Fuzzing/StanceFuzz", swiftSettings: settings),
  ]
}
