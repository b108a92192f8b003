/// The text of a scalar and how it was written.
package struct YAMLScalar: Sendable, Equatable {
    /// How the text was marked off.
    package enum Style: Sendable, Equatable {
        case plain, singleQuoted, doubleQuoted, literal, folded
    }

    /// What a scalar may be told to be.
    package enum Tag: String, Sendable, Equatable {
        case string = "tag:yaml.org,2002:str"
        case null = "tag:yaml.org,2002:null"
        case bool = "tag:yaml.org,2002:bool"
        case integer = "tag:yaml.org,2002:int"
        case number = "tag:yaml.org,2002:float"
        /// `!`: text, whatever it looks like.
        case nonSpecific = "!"
    }

    /// What a scalar means.
    package enum Value: Sendable, Equatable {
        case null
        case bool(Bool)
        case integer(Int)
        case number(Double)
        case string(String)
    }

    package var text: String
    package var style: Style
    package var tag: Tag?

    /// Makes a scalar.
    package init(_ text: String, style: Style = .plain, tag: Tag? = nil) {
        self.text = text
        self.style = style
        self.tag = tag
    }

    /// The meaning by the core schema; a plain `yes` is text, as are numbers that don't fit.
    ///
    /// A tag which the text can't fulfil leaves it text: who reads the value then says what was
    /// expected.
    ///
    /// - Source: YAML 1.2.2, section 10.3.2, "Tag Resolution".
    package var value: Value {
        switch tag {
        case .string?, .nonSpecific?: .string(text)
        case .null?: Self.isNull(text) ? .null : .string(text)
        case .bool?: Self.bool(text).map(Value.bool) ?? .string(text)
        case .integer?: Self.integer(text).map(Value.integer) ?? .string(text)
        case .number?: Self.number(text).map(Value.number) ?? .string(text)
        case nil: style == .plain ? plainValue : .string(text)
        }
    }

    private var plainValue: Value {
        if Self.isNull(text) { return .null }
        if let bool = Self.bool(text) { return .bool(bool) }
        if let integer = Self.integer(text) { return .integer(integer) }
        if let number = Self.number(text) { return .number(number) }
        return .string(text)
    }

    private static func isNull(_ text: String) -> Bool {
        ["", "~", "null", "Null", "NULL"].contains(text)
    }

    private static func bool(_ text: String) -> Bool? {
        switch text {
        case "true", "True", "TRUE": true
        case "false", "False", "FALSE": false
        default: nil
        }
    }

    private static func integer(_ text: String) -> Int? {
        if text.hasPrefix("0x") { return digits(text.dropFirst(2), radix: 16) }
        if text.hasPrefix("0o") { return digits(text.dropFirst(2), radix: 8) }
        let unsigned = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
        return digits(unsigned, radix: 10) == nil ? nil : Int(text)
    }

    /// `Int(_:radix:)` takes a sign; the schema takes none after a prefix.
    private static func digits(_ text: Substring, radix: Int) -> Int? {
        text.utf8.allSatisfy { $0 != 0x2B && $0 != 0x2D } ? Int(text, radix: radix) : nil
    }

    private static func number(_ text: String) -> Double? {
        switch text {
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .infinity
        case "-.inf", "-.Inf", "-.INF": return -.infinity
        case ".nan", ".NaN", ".NAN": return .nan
        default: break
        }
        // `Double(_:)` knows names and hexadecimal too; the schema's numbers are made of these
        // only.
        let allowed = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x45, 0x65: true
            default: false
            }
        }
        let hasDigit = text.utf8.contains { (0x30...0x39).contains($0) }
        return allowed && hasDigit ? Double(text) : nil
    }
}
