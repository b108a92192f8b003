import FuzzDriver
import ParleyTesting

/// Lets the input decide what a client, the engines and the clock do to one session, and watches
/// its promises.
@main
enum FuzzSession {
    static func main() { runFuzzer(check) }
}

private func check(_ bytes: [UInt8]) {
    do {
        try Simulation.run(bytes: bytes)
    } catch {
        fatalError("\(error)")
    }
}
