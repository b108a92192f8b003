/// Leaves out the quiet that an answer's first words begin with; between clauses it is a pause.
///
/// flite begins each text with 0.16 to 0.33 s of it (measured), which a listener hears as the
/// answer's being late.
struct LeadingSilence {
    /// Softer samples are quiet: 0.6 % of full scale.
    ///
    /// Measured on eight openings in both voices: their quiet peaks at 80 and the first consonants
    /// of words pass 200 within 40 ms of their onset.
    private static let threshold: UInt16 = 200

    /// Samples of quiet that stay before the first sound, so that it does not set in with a click.
    let keptCount: Int
    /// The last of the quiet; nil once there was a sound.
    private var quiet: [Int16]? = []

    /// Expects the beginning of an answer.
    ///
    /// - Parameter keptCount: 20 ms, where nothing else is said.
    init(keeping keptCount: Int = 320) {
        self.keptCount = keptCount
    }

    /// What is left of the next samples; nothing as long as all is quiet.
    mutating func trim(_ samples: [Int16]) -> [Int16] {
        guard let before = quiet else { return samples }
        let all = before + samples
        guard let first = all.firstIndex(where: { $0.magnitude > Self.threshold }) else {
            quiet = Array(all.suffix(keptCount))
            return []
        }
        quiet = nil
        return Array(all[max(0, first - keptCount)...])
    }
}
