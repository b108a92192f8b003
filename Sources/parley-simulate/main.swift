internal import Glibc
internal import ParleyTesting

// Runs random sessions and says which seed and step broke a promise, if one did.

let arguments = CommandLine.arguments.dropFirst()

/// The number behind a flag.
func number(_ flag: String, default fallback: Int) -> Int {
    guard let index = arguments.firstIndex(of: flag) else { return fallback }
    let next = arguments.index(after: index)
    guard next < arguments.endIndex, let number = Int(arguments[next]), number >= 0 else {
        fail("\(flag) wants a number")
    }
    return number
}

/// Ends with a line of complaint.
func fail(_ message: String) -> Never {
    print("parley-simulate: \(message)")
    exit(1)
}

let first = number("--seed", default: 1)
let seeds = number("--seeds", default: 1)
let steps = number("--steps", default: 100_000)

for seed in first..<(first + seeds) {
    do {
        try Simulation.run(seed: UInt64(seed), steps: steps)
    } catch {
        fail("\(error)\nAgain with: parley-simulate --seed \(seed) --steps \(error.step + 1)")
    }
}
print("\(seeds) seeds from \(first), \(steps) steps each: every promise was kept")
