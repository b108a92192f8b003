// swift-tools-version: 6.3
import PackageDescription

/// Native libraries that do not come from Debian; `scripts/setup` fills this folder.
let deps = Context.packageDirectory + "/.deps"

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    // Without it, every nonisolated async function leaves its caller's loop for the global pool.
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let depsHeaders: SwiftSetting = .unsafeFlags(["-Xcc", "-I\(deps)/include"])
let depsLibraries: LinkerSetting = .unsafeFlags([
    "-L\(deps)/lib",
    "-Xlinker", "-rpath", "-Xlinker", "\(deps)/lib",
    "-Xlinker", "-rpath", "-Xlinker", "$ORIGIN/../lib",
])

func swift(
    _ name: String,
    _ dependencies: [Target.Dependency] = [],
    _ settings: [SwiftSetting] = []
) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict + settings)
}

func tests(
    _ name: String,
    _ dependencies: [Target.Dependency],
    resources: [Resource] = [],
    exclude: [String] = []
) -> Target {
    .testTarget(
        name: name,
        dependencies: dependencies,
        exclude: exclude,
        resources: resources,
        swiftSettings: strict + [depsHeaders],
        linkerSettings: [depsLibraries]
    )
}

let package = Package(
    name: "parley",
    products: [
        .executable(name: "parley", targets: ["parley"]),
        .executable(name: "parley-simulate", targets: ["parley-simulate"]),
        .library(name: "ParleyAudio", targets: ["ParleyAudio"]),
        .library(name: "ParleyRealtime", targets: ["ParleyRealtime"]),
        .library(name: "ParleySession", targets: ["ParleySession"]),
        .library(name: "ParleyEngine", targets: ["ParleyEngine"]),
    ],
    targets: [
        // C: system libraries and shims.
        .target(name: "CLinux"),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CCurlSystem",
            pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]
        ),
        .target(name: "CCurl", dependencies: ["CCurlSystem"]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CFlite", providers: [.apt(["flite1-dev"])]),
        .systemLibrary(name: "CPocketSphinx"),
        .target(name: "CSilero", linkerSettings: [.linkedLibrary("m")]),
        .target(name: "CResampler"),

        // Pure.
        swift("ParleyJSON"),
        // Rounding and square roots are calls to libm in a debug build.
        .target(
            name: "ParleyAudio",
            dependencies: ["CResampler"],
            swiftSettings: strict,
            linkerSettings: [.linkedLibrary("m")]
        ),
        swift("ParleyHTTP"),
        swift("ParleyNames"),
        swift("ParleyRealtime", ["ParleyJSON", "ParleyAudio", "ParleyHTTP"]),
        swift("ParleyMCP", ["ParleyJSON", "ParleyHTTP"]),
        swift("ParleySession", ["ParleyRealtime", "ParleyAudio", "ParleyJSON", "ParleyNames"]),

        // Engines.
        swift("ParleyEngine", ["ParleyAudio", "ParleyJSON"]),
        swift("ParleyEngineThreads", ["ParleyEngine", "CLinux"]),
        swift(
            "ParleySileroEngine",
            ["ParleyEngine", "ParleyEngineThreads", "CSilero"]
        ),
        swift(
            "ParleyPocketSphinxEngine",
            ["ParleyEngine", "ParleyEngineThreads", "ParleyAudio", "CPocketSphinx"],
            [depsHeaders]
        ),
        swift(
            "ParleyFliteEngine",
            ["ParleyEngine", "ParleyEngineThreads", "ParleyAudio", "CFlite"]
        ),
        swift("ParleyYAML", ["ParleyNames", "CYAML"]),
        swift(
            "ParleyScriptedEngine",
            ["ParleyEngine", "ParleyJSON", "ParleyNames", "ParleyYAML"]
        ),
        swift(
            "ParleyRemoteEngine",
            ["ParleyEngine", "ParleyAudio", "ParleyJSON", "ParleyHTTP", "ParleyNetwork"]
        ),

        swift(
            "ParleyMCPEngine",
            ["ParleyEngine", "ParleyMCP", "ParleyJSON", "ParleyHTTP", "ParleyNetwork"]
        ),

        // Shells.
        swift("ParleyNetwork", ["ParleyHTTP", "CLinux", "COpenSSL", "CCurl", "CCurlSystem"]),
        swift(
            "ParleyRuntime",
            [
                "ParleySession", "ParleyRealtime", "ParleyAudio", "ParleyJSON", "ParleyEngine",
                "ParleyNames", "ParleyNetwork", "ParleyHTTP",
            ]
        ),
        swift(
            "ParleyWebSocketTransport",
            ["ParleyRuntime", "ParleySession", "ParleyRealtime", "ParleyNetwork", "ParleyHTTP"]
        ),
        swift(
            "ParleyClient",
            ["ParleyNetwork", "ParleyHTTP", "ParleyJSON", "ParleyAudio"]
        ),
        swift(
            "ParleyBench",
            ["ParleyClient", "ParleyNetwork", "ParleyHTTP", "ParleyJSON", "ParleyAudio", "CLinux"]
        ),
        swift(
            "ParleyServer",
            [
                "ParleyWebSocketTransport", "ParleyRuntime", "ParleySession", "ParleyRealtime",
                "ParleyAudio", "ParleyJSON", "ParleyNames", "ParleyYAML", "ParleyEngine",
                "ParleyEngineThreads",
                "ParleyNetwork", "ParleyHTTP", "ParleySileroEngine",
                "ParleyPocketSphinxEngine", "ParleyFliteEngine", "ParleyScriptedEngine",
                "ParleyRemoteEngine", "ParleyMCPEngine",
            ],
            [depsHeaders]
        ),
        .executableTarget(
            name: "parley",
            dependencies: [
                "ParleyServer", "ParleyClient", "ParleyBench", "ParleyNetwork", "ParleyHTTP",
                "ParleyJSON", "ParleyNames", "ParleyYAML",
            ],
            swiftSettings: strict + [depsHeaders],
            linkerSettings: [depsLibraries]
        ),

        // Tests and what they share.
        swift(
            "ParleyTesting",
            [
                "ParleySession", "ParleyRealtime", "ParleyAudio", "ParleyJSON", "ParleyNames",
                "ParleyHTTP",
            ]
        ),
        swift("ParleyNetworkTesting", ["ParleyNetwork"]),
        .executableTarget(
            name: "parley-simulate",
            dependencies: ["ParleyTesting"],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "parley-protocol",
            dependencies: ["ParleyTesting", "ParleyJSON"],
            swiftSettings: strict
        ),
        tests("ParleyJSONTests", ["ParleyJSON", "ParleyTesting"]),
        tests("ParleyAudioTests", ["ParleyAudio", "ParleyTesting"]),
        tests("ParleyHTTPTests", ["ParleyHTTP", "ParleyTesting"]),
        tests("ParleyNamesTests", ["ParleyNames"]),
        tests("ParleyMCPTests", ["ParleyMCP", "ParleyJSON", "ParleyHTTP"]),
        tests(
            "ParleyMCPEngineTests",
            [
                "ParleyMCPEngine", "ParleyMCP", "ParleyEngine", "ParleyNetwork", "ParleyHTTP",
                "ParleyJSON",
            ]
        ),
        tests(
            "ParleyRealtimeTests",
            ["ParleyRealtime", "ParleyJSON", "ParleyAudio", "ParleyHTTP", "ParleyTesting"],
            exclude: ["Fixtures"]
        ),
        tests(
            "ParleySessionTests",
            [
                "ParleySession", "ParleyTesting", "ParleyRealtime", "ParleyAudio", "ParleyJSON",
                "ParleyNames",
            ],
            exclude: ["Traces"]
        ),
        tests("ParleySimulationTests", ["ParleyRealtime", "ParleySession", "ParleyTesting"]),
        tests("ParleyYAMLTests", ["ParleyYAML"]),
        tests("ParleyNetworkTests", ["ParleyNetwork", "ParleyNetworkTesting", "ParleyHTTP"]),
        tests(
            "ParleyLocalEngineTests",
            [
                "ParleyEngine", "ParleyEngineThreads", "ParleyAudio", "ParleySileroEngine",
                "ParleyPocketSphinxEngine", "ParleyFliteEngine", "ParleyTesting",
            ],
            exclude: ["Reference"]
        ),
        tests(
            "ParleyScriptedEngineTests",
            ["ParleyScriptedEngine", "ParleyEngine", "ParleyJSON", "ParleyYAML"]
        ),
        tests(
            "ParleyRemoteEngineTests",
            [
                "ParleyRemoteEngine", "ParleyEngine", "ParleyNetwork", "ParleyHTTP", "ParleyJSON",
                "ParleyAudio",
            ]
        ),
        tests(
            "ParleyRuntimeTests",
            [
                "ParleyRuntime", "ParleySession", "ParleyRealtime", "ParleyAudio", "ParleyJSON",
                "ParleyEngine",
                "ParleyNames", "ParleyNetwork", "ParleyNetworkTesting", "ParleyHTTP",
                "ParleyTesting",
            ]
        ),
        tests(
            "ParleyServerTests",
            [
                "ParleyServer", "ParleyClient", "ParleyNetwork", "ParleyNetworkTesting",
                "ParleyHTTP", "ParleyJSON", "ParleyNames", "ParleyRuntime", "ParleyYAML",
                "ParleyEngine",
                "ParleyRemoteEngine", "ParleyRealtime", "ParleySession",
            ]
        ),
        tests(
            "ParleyClientTests",
            [
                "ParleyClient", "ParleyBench", "ParleyNetwork", "ParleyHTTP", "ParleyJSON",
                "ParleyAudio", "parley",
            ]
        ),
        tests("TidyTests", []),
    ],
    swiftLanguageModes: [.v6]
)
