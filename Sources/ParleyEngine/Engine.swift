/// What every engine can say of itself.
public protocol Engine: Sendable {
    /// The name under which configuration and `/health` know it, such as `pocketsphinx`.
    var name: String { get }
    /// Where it is in its life.
    var state: EngineState { get }
    /// Work accepted and not yet finished, and the most of it there may be.
    var load: EngineLoad { get }
    /// Brings the engine to ``EngineState/ready``: reads its model, or asks its service for a sign
    /// of life.
    ///
    /// May be called again: after a failure it tries anew, when ready it returns at once.
    ///
    /// - Throws: ``EngineError``; the state is then ``EngineState/failed(_:)``.
    func prepare() async throws(EngineError)
}

/// The life of an engine.
public enum EngineState: Sendable, Equatable {
    /// Nothing is loaded. Next: ``loading``.
    case cold
    /// The model is being read. Next: ``ready`` or ``failed(_:)``.
    case loading
    /// It works.
    case ready
    /// It does not work. Next: ``loading``, when asked again.
    case failed(EngineError)
}

/// How busy an engine is.
public struct EngineLoad: Sendable, Equatable {
    /// Calls that run now.
    public var running: Int
    /// The most that run at once; nil where there is no limit.
    public var runningLimit: Int?
    /// Calls that wait for a turn.
    public var waiting: Int
    /// The most that may wait; one more is refused as ``EngineError/Fault/overloaded``.
    public var waitingLimit: Int

    /// Makes a reading; by default nothing waits, nor may.
    public init(running: Int, of runningLimit: Int?, waiting: Int = 0, of waitingLimit: Int = 0) {
        self.running = running
        self.runningLimit = runningLimit
        self.waiting = waiting
        self.waitingLimit = waitingLimit
    }

    /// Of an engine whose calls run on their callers' threads, each for a moment.
    public static let none = EngineLoad(running: 0, of: nil)
}
