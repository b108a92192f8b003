internal import FoundationEssentials
internal import Glibc
internal import ParleyJSON
internal import ParleyTesting

// Plays golden traces and prints what goes over the wire, one object of JSON a line: with it, tools
// that know other people's models of the protocol check ours.

/// Ends with a line of complaint.
func fail(_ message: String) -> Never {
    print("parley-protocol: \(message)")
    exit(1)
}

let paths = CommandLine.arguments.dropFirst()
guard !paths.isEmpty else { fail("expected the paths of traces") }

for path in paths {
    do {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        for message in try TracePlayer.messages(of: text) {
            print(String(decoding: message.described.serialized(), as: UTF8.self))
        }
    } catch {
        fail("\(path): \(error)")
    }
}
