import ParleyJSON
import ParleyRealtime
import ParleySession
import Testing

@Suite("Stored prompts")
struct PromptCatalogTests {
    private let catalog = PromptCatalog([
        StoredPrompt(
            id: "greeting",
            template: PromptTemplate("Greet {{name}} in {{language}}."),
            defaults: ["language": "English"]
        ),
        StoredPrompt(id: "greeting", version: 10, template: PromptTemplate("Welcome {{name}}.")),
        StoredPrompt(id: "greeting", version: 9, template: PromptTemplate("Never.")),
    ])

    private func text(_ reference: JSONObject) -> String? {
        try? catalog.instructions(for: reference, param: "p").get()
    }

    private func fault(_ reference: JSONObject) -> ProtocolError? {
        switch catalog.instructions(for: reference, param: "p") {
        case .success: nil
        case .failure(let error): error
        }
    }

    @Test("Without a version the highest is used")
    func newest() {
        #expect(text(["id": "greeting", "variables": ["name": "Ann"]]) == "Welcome Ann.")
    }

    @Test("A version that was asked for is used, with its defaults")
    func version() {
        let reference: JSONObject = [
            "id": "greeting", "version": "1", "variables": ["name": "Ann"],
        ]
        #expect(text(reference) == "Greet Ann in English.")
    }

    @Test("A variable may be a part that holds a text")
    func part() {
        let part: JSON = ["type": "input_text", "text": "Ann"]
        let reference: JSONObject = ["id": "greeting", "variables": ["name": part]]
        #expect(text(reference) == "Welcome Ann.")
    }

    @Test("Values are no templates")
    func values() {
        let reference: JSONObject = ["id": "greeting", "variables": ["name": "{{name}}"]]
        #expect(text(reference) == "Welcome {{name}}.")
    }

    @Test(
        "What isn't there has a code and a path",
        arguments: [
            (["id": "other"], .invalidValue, "p.id"),
            (["id": "greeting", "version": "2"], .invalidValue, "p.version"),
            (["id": "greeting", "version": "x"], .invalidValue, "p.version"),
            (["id": "greeting"], .missingRequiredParameter, "p.variables.name"),
            (
                ["id": "greeting", "variables": ["name": "A", "x": "B"]], .unknownParameter,
                "p.variables.x"
            ),
        ] as [(JSONObject, ProtocolError.Code, String)]
    )
    func faults(reference: JSONObject, code: ProtocolError.Code, param: String) {
        #expect(fault(reference)?.code == code)
        #expect(fault(reference)?.param == param)
    }

    @Test("Instructions that grow beyond their limit are refused")
    func limit() {
        let long = String(repeating: "a", count: 1_048_577)
        let error = fault(["id": "greeting", "variables": ["name": .string(long)]])
        #expect(error?.code == .stringAboveMaximumLength)
    }

    @Test(
        "Gaps are names in double braces; all else is text",
        arguments: [
            ("", []), ("{{a}}", ["a"]), ("{{ a }} {{b-1}} {{a}}", ["a", "b-1"]),
            ("{a} {{}} {{ }} {{a b}}", []), ("{{{a}}}", []), ("{{a", []), ("a}} {{b}}", ["b"]),
            ("{{a.b}} {{ü}} {{c}}", ["c"]),
        ] as [(String, [String])]
    )
    func gaps(text: String, variables: [String]) {
        let template = PromptTemplate(text)
        #expect(template.variables == variables)
        if variables.isEmpty { #expect(template.text(with: [:]) == text) }
    }
}
