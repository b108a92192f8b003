import Foundation
import ParleyNetwork
import Testing

/// A self-signed certificate, for this machine unless told otherwise.
///
/// Made by the `openssl` command.
final class TestCertificate: Sendable {
    let folder: URL
    var certificateFile: String { folder.appending(path: "certificate.pem").path }
    var keyFile: String { folder.appending(path: "key.pem").path }

    private let names: String

    init(names: String = "DNS:localhost,IP:127.0.0.1") throws {
        self.names = names
        folder = FileManager.default.temporaryDirectory
            .appending(path: "parley-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try make()
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// A server's configuration with this pair.
    func configuration() throws(TLSError) -> TLSConfiguration {
        try TLSConfiguration(certificateFile: certificateFile, keyFile: keyFile)
    }

    /// Puts a new pair into the same files.
    func make() throws {
        try openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-days", "2", "-subj", "/CN=test", "-addext",
            "subjectAltName=\(names)", "-keyout", keyFile, "-out",
            certificateFile,
        ])
    }

    /// Puts the key under a pass phrase.
    func encryptKey() throws {
        let locked = keyFile + ".locked"
        try openssl([
            "ec", "-in", keyFile, "-aes128", "-passout", "pass:hidden", "-out", locked,
        ])
        try FileManager.default.removeItem(atPath: keyFile)
        try FileManager.default.moveItem(atPath: locked, toPath: keyFile)
    }

    private func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}
