/// First in, first out, with room kept from turn to turn: an idle turn allocates nothing.
struct JobQueue {
    private var jobs: [UnownedJob] = []
    private var head = 0

    /// Places of taken jobs that may stay: enough that moving the others costs little.
    private static let emptyPlaces = 1_024

    var isEmpty: Bool { head == jobs.count }

    mutating func append(_ job: UnownedJob) { jobs.append(job) }

    mutating func popFirst() -> UnownedJob? {
        guard head < jobs.count else { return nil }
        let job = jobs[head]
        head += 1
        if head == jobs.count {
            jobs.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= Self.emptyPlaces, 2 * head > jobs.count {
            jobs.removeFirst(head)
            head = 0
        }
        return job
    }
}
