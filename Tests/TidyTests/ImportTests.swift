import Testing

/// Arrows between targets never turn back; SwiftPM lets undeclared imports pass, these tests don't.
@Suite("Imports")
struct ImportTests {
    private let tree = SourceTree.shared
    private let manifest = Manifest.shared

    /// What the pure targets may import, written out so that a new edge is a decision.
    static let pureEdges: [String: Set<String>] = [
        "ParleyJSON": [],
        "ParleyAudio": ["CResampler"],
        "ParleyHTTP": [],
        "ParleyMCP": ["ParleyJSON", "ParleyHTTP"],
        "ParleyNames": [],
        "ParleyRealtime": ["ParleyJSON", "ParleyAudio", "ParleyHTTP"],
        "ParleySession": ["ParleyJSON", "ParleyAudio", "ParleyNames", "ParleyRealtime"],
    ]

    /// Targets that only state what engines do: free of the system, but their calls take time.
    static let abstractTargets: Set<String> = ["ParleyEngine"]

    /// Modules of the toolchain that the other targets may import.
    static let systemModules: Set<String> = ["FoundationEssentials", "Glibc", "Synchronization"]

    @Test("The manifest is read")
    func manifestIsRead() {
        #expect(manifest.targets.count > 20)
        #expect(manifest.dependencies(of: "ParleySession").contains("ParleyRealtime"))
        #expect(manifest.dependencies(of: "COpenSSL").isEmpty)
    }

    @Test("A target imports only what the manifest lets it")
    func importsAreDeclared() {
        let findings = tree.sources.flatMap { file in
            file.imports.filter { !allowedImports(of: file.target).contains($0.module) }
                .map { Finding(file, $0.line, "\(file.target) may not import \($0.module)") }
        }
        expectNone(findings)
    }

    @Test("A product's target imports all that the manifest lets it")
    func declaredEdgesAreUsed() {
        let findings = manifest.targets.flatMap { target in
            let files = tree.sources.filter { $0.target == target.name }
            let used = Set(files.flatMap { $0.imports.map(\.module) })
            return target.dependencies.filter { !files.isEmpty && !used.contains($0) }
                .map { Finding("Package.swift", "\(target.name) doesn't import \($0)") }
        }
        expectNone(findings)
    }

    @Test("A test imports what it tests, and libraries for tests")
    func testImportsAreDeclared() {
        let findings = tree.tests.flatMap { file in
            let allowed = Self.systemModules
                .union(manifest.dependencies(of: file.target))
                .union(["Testing", "Foundation"])
            return file.imports.filter { !allowed.contains($0.module) }
                .map { Finding(file, $0.line, "\(file.target) may not import \($0.module)") }
        }
        expectNone(findings)
    }

    @Test("The manifest gives the pure targets no edge that these tests don't know")
    func pureEdgesAreDecided() {
        for (name, edges) in Self.pureEdges {
            #expect(edges.isSuperset(of: manifest.dependencies(of: name)), "\(name) has a new edge")
        }
    }

    /// Engines that are somebody else's process.
    static let networkedEngines: Set<String> = ["ParleyRemoteEngine", "ParleyMCPEngine"]

    @Test("Engines depend on no shell, and only those of other processes on the network")
    func enginesStandAlone() {
        let shells: Set<String> = [
            "ParleyRuntime", "ParleyServer", "ParleyWebSocketTransport", "ParleyNetwork",
            "ParleySession",
        ]
        for target in manifest.targets
        where target.name.hasSuffix("Engine") && !Self.networkedEngines.contains(target.name) {
            #expect(shells.isDisjoint(with: target.dependencies), "\(target.name)")
        }
    }

    @Test("Only the composition knows engines and transports by name")
    func compositionIsInOnePlace() {
        let composers: Set<String> = ["ParleyServer", "parley"]
        for target in manifest.targets
        where !composers.contains(target.name) && !target.name.hasSuffix("Tests") {
            let adapters = target.dependencies.filter {
                $0.hasSuffix("Transport") || ($0.hasSuffix("Engine") && $0 != "ParleyEngine")
            }
            #expect(adapters.isEmpty, "\(target.name) knows \(adapters)")
        }
    }

    @Test("Products don't import Foundation")
    func foundationStaysOut() {
        let findings = tree.sources.flatMap { file in
            file.imports.filter { $0.module == "Foundation" }
                .map { Finding(file, $0.line, "import FoundationEssentials or nothing") }
        }
        expectNone(findings)
    }

    private func allowedImports(of target: String) -> Set<String> {
        if let edges = Self.pureEdges[target] { return edges }
        let declared = Set(manifest.dependencies(of: target))
        return Self.abstractTargets.contains(target) ? declared : declared.union(Self.systemModules)
    }
}

extension SourceFile {
    /// Every import with its line; of `import struct A.B` and `import A.B`, the module `A`.
    var imports: [(module: String, line: Int)] {
        let kinds: Set<String> = [
            "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
        ]
        return tokens.indices.compactMap { index in
            guard tokens[index].text == "import" else { return nil }
            let names = tokens[(index + 1)...].prefix(2).map(\.text)
            guard let first = names.first else { return nil }
            return (kinds.contains(first) ? names[1] : first, tokens[index].line)
        }
    }
}
