import ParleySession
import ParleyYAML
import Testing

@testable import ParleyServer

@Suite("Prompt files")
struct StoredPromptTests {
    private func problems(_ texts: String...) -> [String] {
        let files = texts.enumerated().map {
            ConfigurationFile(name: "p/\($0).yaml", text: $1)
        }
        do throws(YAMLProblems) {
            _ = try StoredPrompt.read(files)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test("A file says all that it can")
    func whole() throws {
        let text = """
            id: concierge
            version: 2
            description: For the front desk.
            instructions: You greet {{guest}} at {{hotel}}.
            variables: {hotel: the Grand Hotel}
            """
        let prompt = try StoredPrompt.read(ConfigurationFile(name: "p/x.yaml", text: text))
        #expect(prompt.id == "concierge" && prompt.version == 2)
        #expect(prompt.template.variables == ["guest", "hotel"])
        #expect(prompt.defaults == ["hotel": "the Grand Hotel"])
    }

    @Test("Sessions that begin later are planned with what was put on the shelf since")
    func reloaded() {
        let old = StoredPrompt(id: "hello", template: PromptTemplate("Hi."))
        let new = StoredPrompt(id: "hello", template: PromptTemplate("Good day."))
        let shelf = PromptShelf(PromptCatalog([old]))
        let begun = shelf.catalog
        #expect(!shelf.replace(PromptCatalog([old])))
        #expect(shelf.replace(PromptCatalog([new])))
        #expect(shelf.catalog == PromptCatalog([new]) && begun == PromptCatalog([old]))
    }

    @Test("The file's name is the id where it names none")
    func short() throws {
        let file = ConfigurationFile(name: "p/hello.yaml", text: "instructions: Hi.")
        let prompt = try StoredPrompt.read(file)
        #expect(prompt == StoredPrompt(id: "hello", template: PromptTemplate("Hi.")))
    }

    @Test(
        "What is wrong is told with its place",
        arguments: [
            ("{}", "p/0.yaml:1:1: instructions: missing, expected text"),
            (
                "instructions: Hi.\nversion: x",
                "p/0.yaml:2:10: version: found \"x\", expected a number from 1 to 1000000"
            ),
            (
                "instructions: Hi {{guest}}.\nvariables: {gust: Ann}",
                "p/0.yaml:2:19: variables.gust: the instructions have no such variable; "
                    + "did you mean \"guest\"?"
            ),
            ("instructions: Hi.\nvoice: slt", "p/0.yaml:2:1: voice: unknown key"),
        ]
    )
    func faults(text: String, problem: String) {
        #expect(problems(text) == [problem])
    }

    @Test("Two files can't be the same version of one prompt")
    func twice() {
        let found = problems("id: a\ninstructions: A.", "id: a\ninstructions: B.")
        #expect(found == ["p/1.yaml: another file has version 1 of \"a\""])
    }
}
