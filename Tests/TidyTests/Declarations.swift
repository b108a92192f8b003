/// A function, initialiser, subscript or computed property that has a body.
struct FunctionBody: Sendable, Equatable {
    let name: String
    /// Where the declaration begins.
    let line: Int
    /// From the line of the opening brace to that of the closing one.
    let lineCount: Int
}

/// A type that is declared or extended.
struct TypeDeclaration: Sendable, Equatable {
    let keyword: String
    let name: String
    let line: Int
    /// How many braces are open around it.
    let depth: Int
}

/// An enumeration of states, such as `TurnDetector.State`.
struct StateDeclaration: Sendable, Equatable {
    /// With the types that it stands in.
    let name: String
    let cases: [String]
}

/// What an enumeration is called that holds the states of a machine.
private let stateNames: Set<String> = ["State", "Life", "Stage", "Phase"]

private let typeKeywords: Set<String> = [
    "struct", "class", "enum", "actor", "protocol", "extension", "typealias",
]

/// Words that begin the next declaration, so that the one before had no body.
private let declarationWords: Set<String> = [
    "func", "var", "let", "init", "deinit", "subscript", "case", "typealias", "associatedtype",
    "static",
    "mutating", "public", "package", "internal", "private", "fileprivate", "struct", "enum",
    "class",
    "actor", "protocol", "extension", "import",
]

extension SourceFile {
    /// Every body of a function in the file, nested ones too.
    var functionBodies: [FunctionBody] {
        tokens.indices.compactMap { functionBody(at: $0) }
    }

    /// Every type declared or extended in the file.
    var typeDeclarations: [TypeDeclaration] {
        var found: [TypeDeclaration] = []
        var depth = 0
        for index in tokens.indices {
            let token = tokens[index]
            if token.text == "{" { depth += 1 }
            if token.text == "}" { depth -= 1 }
            guard token.kind == .word, typeKeywords.contains(token.text),
                let name = tokens[(index + 1)...].first, name.kind == .word, name.text != "func",
                index == 0 || tokens[index - 1].text != "."
            else { continue }
            found.append(
                TypeDeclaration(
                    keyword: token.text,
                    name: name.text,
                    line: token.line,
                    depth: depth
                )
            )
        }
        return found
    }

    /// Every enumeration of states in the file.
    var stateDeclarations: [StateDeclaration] {
        var found: [StateDeclaration] = []
        var owners: [(name: String, depth: Int)] = []
        var depth = 0
        var pending: String?
        for index in tokens.indices {
            let text = tokens[index].text
            if text == "{" {
                depth += 1
                if let name = pending { owners.append((name, depth)) }
                pending = nil
            } else if text == "}" {
                if owners.last?.depth == depth { owners.removeLast() }
                depth -= 1
            } else if typeKeywords.contains(text), text != "typealias", index + 1 < tokens.count,
                tokens[index + 1].kind == .word
            {
                let name = tokens[index + 1].text
                pending = name
                guard text == "enum", stateNames.contains(name) else { continue }
                let path = owners.map(\.name) + [name]
                found.append(
                    StateDeclaration(
                        name: path.joined(separator: "."),
                        cases: caseNames(from: index)
                    )
                )
            }
        }
        return found
    }

    private func functionBody(at index: Int) -> FunctionBody? {
        let token = tokens[index]
        guard token.kind == .word, index == 0 || tokens[index - 1].text != "." else { return nil }
        switch token.text {
        case "func", "init", "subscript":
            let start = token.text == "func" ? index + 2 : index + 1
            guard let open = openingBrace(from: start) else { return nil }
            return body(named: token.text == "func" ? nextText(index) : token.text, index, open)
        case "deinit":
            guard nextText(index) == "{" else { return nil }
            return body(named: "deinit", index, index + 1)
        case "var":
            guard let open = accessorBrace(from: index + 1) else { return nil }
            return body(named: nextText(index), index, open)
        default:
            return nil
        }
    }

    private func nextText(_ index: Int) -> String {
        index + 1 < tokens.count ? tokens[index + 1].text : ""
    }

    private func body(named name: String, _ start: Int, _ open: Int) -> FunctionBody? {
        guard let close = closingBrace(of: open) else { return nil }
        return FunctionBody(
            name: name,
            line: tokens[start].line,
            lineCount: tokens[close].line - tokens[open].line + 1
        )
    }

    /// The brace that opens the body of a function; default arguments may hold closures.
    private func openingBrace(from start: Int) -> Int? {
        var nesting = 0
        var sawParameters = false
        for index in tokens.indices.dropFirst(start) {
            switch tokens[index].text {
            case "(", "[":
                nesting += 1
            case ")", "]":
                nesting -= 1
                sawParameters = true
            case "{" where nesting == 0:
                return index
            case "}" where nesting == 0:
                return nil
            case let word where nesting == 0 && sawParameters && declarationWords.contains(word):
                return nil
            default:
                break
            }
        }
        return nil
    }

    /// The brace that opens the accessors of a property: on its line, before any `=`.
    private func accessorBrace(from start: Int) -> Int? {
        guard start < tokens.count else { return nil }
        let line = tokens[start].line
        for index in tokens.indices.dropFirst(start) where tokens[index].line == line {
            if tokens[index].text == "=" { return nil }
            if tokens[index].text == "{" { return index }
        }
        return nil
    }

    private func closingBrace(of open: Int) -> Int? {
        var depth = 0
        for index in tokens.indices.dropFirst(open) {
            if tokens[index].text == "{" { depth += 1 }
            if tokens[index].text == "}" { depth -= 1 }
            if depth == 0 { return index }
        }
        return nil
    }

    /// The names of the cases of the enumeration whose keyword is at an index.
    private func caseNames(from start: Int) -> [String] {
        guard let open = tokens.indices.dropFirst(start).first(where: { tokens[$0].text == "{" }),
            let close = closingBrace(of: open)
        else { return [] }
        var names: [String] = []
        var braces = 0
        var parentheses = 0
        var expectsName = false
        for token in tokens[(open + 1)..<close] {
            switch token.text {
            case "{": braces += 1
            case "}": braces -= 1
            case "(": parentheses += 1
            case ")": parentheses -= 1
            case "case" where braces == 0: expectsName = true
            case "," where braces == 0 && parentheses == 0: expectsName = true
            default:
                if expectsName { names.append(token.text) }
                expectsName = false
            }
        }
        return names
    }
}
