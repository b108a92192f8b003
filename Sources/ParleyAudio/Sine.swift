/// sin(π·x), by its series: the standard library has none, and this one is the same on every
/// machine.
func sine(halfTurns x: Double) -> Double {
    let nearest = x.rounded()
    let angle = (x - nearest) * .pi
    let square = angle * angle
    var term = angle
    var sum = angle
    // |angle| ≤ π/2, where the tenth term is below 1e-16.
    for order in 1...10 {
        term *= -square / Double(2 * order * (2 * order + 1))
        sum += term
    }
    return nearest.truncatingRemainder(dividingBy: 2) == 0 ? sum : -sum
}
