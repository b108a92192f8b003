// swift-tools-version: 6.3
import PackageDescription

/// What the root package sets, so that the sources compile here as they do there.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// A target of the root package, compiled again under `Sources/` through a symbolic link.
///
/// A dependency on the root package would not do: `package` declarations end at its border, and
/// here they are compiled with the coverage instrumentation that guides the fuzzer.
func subject(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(
        name: name,
        dependencies: dependencies,
        swiftSettings: strict + [.unsafeFlags(["-sanitize=fuzzer"])]
    )
}

/// A fuzzer: `Sources/Fuzz<Name>` with a `main` that calls `runFuzzer`, seeds in `Corpus/<Name>`.
func fuzzer(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: "Fuzz" + name,
        dependencies: ["FuzzDriver"] + dependencies,
        swiftSettings: strict + [.unsafeFlags(["-sanitize=fuzzer"])],
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]
    )
}

let package = Package(
    name: "parley-fuzz",
    targets: [
        .target(name: "CFuzzer"),
        .target(name: "FuzzDriver", dependencies: ["CFuzzer"], swiftSettings: strict),
        subject("ParleyHTTP"),
        subject("ParleyNames"),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1"),
        subject("ParleyYAML", ["ParleyNames", "CYAML"]),
        subject("ParleyJSON"),
        .target(name: "CResampler"),
        subject("ParleyAudio", ["CResampler"]),
        subject("ParleyRealtime", ["ParleyJSON", "ParleyAudio", "ParleyHTTP"]),
        subject("ParleyMCP", ["ParleyJSON", "ParleyHTTP"]),
        subject("ParleyEngine", ["ParleyAudio", "ParleyJSON"]),
        subject(
            "ParleyRemoteAnswers",
            ["ParleyEngine", "ParleyAudio", "ParleyHTTP", "ParleyJSON"]
        ),
        subject("ParleySession", ["ParleyRealtime", "ParleyAudio", "ParleyJSON", "ParleyNames"]),
        subject(
            "ParleyTesting",
            [
                "ParleySession", "ParleyRealtime", "ParleyAudio", "ParleyJSON", "ParleyNames",
                "ParleyHTTP",
            ]
        ),
        fuzzer("HTTPRequest", ["ParleyHTTP"]),
        fuzzer("HTTPResponse", ["ParleyHTTP"]),
        fuzzer("WebSocket", ["ParleyHTTP"]),
        fuzzer("Multipart", ["ParleyHTTP"]),
        fuzzer("EventStream", ["ParleyHTTP"]),
        fuzzer("URL", ["ParleyHTTP"]),
        fuzzer("YAML", ["ParleyYAML"]),
        fuzzer("JSON", ["ParleyJSON"]),
        fuzzer("Base64", ["ParleyJSON"]),
        fuzzer("ClientEvent", ["ParleyRealtime"]),
        fuzzer("MCP", ["ParleyMCP", "ParleyHTTP", "ParleyJSON"]),
        fuzzer("Session", ["ParleyTesting"]),
        fuzzer("WAV", ["ParleyAudio"]),
        fuzzer(
            "ChatAnswer",
            ["ParleyRemoteAnswers", "ParleyEngine", "ParleyHTTP", "ParleyJSON"]
        ),
        fuzzer(
            "TranscriptionAnswer",
            ["ParleyRemoteAnswers", "ParleyEngine", "ParleyHTTP", "ParleyJSON"]
        ),
        fuzzer("SpeechAnswer", ["ParleyRemoteAnswers", "ParleyAudio"]),
    ],
    swiftLanguageModes: [.v6]
)
