/// For whom a ``Resampler`` works; better costs more.
public enum ResamplingQuality: Sendable, Hashable {
    /// For ears and recognisers: about 80 dB of stop-band.
    case listening
    /// For detectors that look at a spectrum: about 50 dB of stop-band with the same transition, at
    /// half the cost.
    case detection

    /// Lobes of the sinc on each side, at the lower rate.
    ///
    /// Chosen: 15 / 8,000 Hz = 1.875 ms of look-ahead; 8 where the stop-band may be less deep.
    var zeroCrossings: Int {
        switch self {
        case .listening: 15
        case .detection: 8
        }
    }

    /// Shape of the Kaiser window: depth of the stop-band before the sinc's own decay.
    var kaiserBeta: Double {
        switch self {
        case .listening: 8
        case .detection: 5
        }
    }
}
