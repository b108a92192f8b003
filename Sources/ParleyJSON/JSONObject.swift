/// The members of a JSON object, in order.
///
/// A key that comes twice keeps its first place and its last value, as JavaScript has it. Keys are
/// compared byte by byte: two spellings of one accented letter are two keys.
public struct JSONObject: Sendable {
    /// One name and its value.
    public struct Member: Sendable, Hashable {
        /// The name.
        public var key: String
        /// What it names.
        public var value: JSON

        /// Makes a member.
        public init(key: String, value: JSON) {
            self.key = key
            self.value = value
        }
    }

    /// Up to this many members, chosen, a look along them is quicker than a hash table.
    private static let linearCount = 16

    /// All members, in the order in which their keys first came.
    public private(set) var members: [Member] = []
    /// Where each key stands; only for objects of many members, so that hostile ones cost linear
    /// time.
    private var places: [ExactKey: Int]?

    /// Makes an object without members.
    public init() {}

    /// Makes an object of these members in order; of a repeated key the last value counts.
    public init(_ members: some Sequence<(String, JSON)>) {
        for (key, value) in members { self[key] = value }
    }

    /// How many members there are.
    public var count: Int { members.count }
    /// There are no members.
    public var isEmpty: Bool { members.isEmpty }

    /// The value of a key; setting nil removes the member, setting a new key appends it.
    public subscript(key: String) -> JSON? {
        get { place(of: key).map { members[$0].value } }
        set {
            switch (place(of: key), newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil): remove(at: place)
            case (nil, let value?): append(key, value)
            case (nil, nil): break
            }
        }
    }

    private func place(of key: String) -> Int? {
        if let places { return places[ExactKey(text: key)] }
        return members.firstIndex { ExactKey.isSame($0.key, key) }
    }

    private mutating func append(_ key: String, _ value: JSON) {
        members.append(Member(key: key, value: value))
        if places != nil {
            places?[ExactKey(text: key)] = members.count - 1
        } else if members.count > Self.linearCount {
            indexMembers()
        }
    }

    private mutating func remove(at place: Int) {
        members.remove(at: place)
        places = nil
        if members.count > Self.linearCount { indexMembers() }
    }

    private mutating func indexMembers() {
        var places: [ExactKey: Int] = [:]
        for (place, member) in members.enumerated() { places[ExactKey(text: member.key)] = place }
        self.places = places
    }

    /// A key as its bytes: `String` itself takes different spellings of one character for the same.
    private struct ExactKey: Hashable {
        let text: String

        static func == (left: Self, right: Self) -> Bool {
            isSame(left.text, right.text)
        }

        /// Equality of `String` is the quicker test, and what differs by it differs in its bytes.
        static func isSame(_ left: String, _ right: String) -> Bool {
            left == right && left.utf8.elementsEqual(right.utf8)
        }

        func hash(into hasher: inout Hasher) {
            var text = text
            text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }
}

extension JSONObject: Hashable {
    /// Two objects are equal when they have the same members, in any order.
    public static func == (left: Self, right: Self) -> Bool {
        left.count == right.count
            && left.members.allSatisfy { right[$0.key] == $0.value }
    }

    /// Feeds the members, in an order of no meaning.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        // A sum, because order doesn't count.
        hasher.combine(members.reduce(0) { $0 &+ $1.hashValue })
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Takes the members in order; of a repeated key the last value.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self.init(elements)
    }
}
