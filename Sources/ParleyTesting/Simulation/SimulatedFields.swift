internal import ParleyJSON
internal import ParleyRealtime
internal import ParleySession

/// Stored prompts and images as random clients name them, often wrongly.
enum SimulatedFields {
    static let prompts = PromptCatalog([
        StoredPrompt(id: "greet", template: PromptTemplate("Greet {{name}}.")),
        StoredPrompt(id: "greet", version: 2, template: PromptTemplate("Welcome {{name}}.")),
        StoredPrompt(id: "part", template: PromptTemplate("Say goodbye.")),
    ])

    static func prompt(_ random: inout SeededRandom) -> JSONObject {
        var prompt: JSONObject = ["id": .string(random.pick(["greet", "part", "none"]) ?? "")]
        if random.once(in: 3) { prompt["version"] = .string("\(random.number(1...3))") }
        if random.once(in: 2) { prompt["variables"] = ["name": "Ann"] }
        return prompt
    }

    /// Texts and images in any order; an image is small, too large, or elsewhere.
    static func message(_ random: inout SeededRandom) -> Message {
        let parts = (0..<random.number(1...3)).map { _ -> ContentPart in
            let details: [String?] = [nil, "low", "high", "auto"]
            let detail = random.pick(details) ?? nil
            return switch random.number(0...4) {
            case 0: .inputText("See?")
            case 1: .inputImage(url: largeImage, detail: detail)
            case 2: .inputImage(url: "https://example.com/\(random.number(0...9))", detail: detail)
            default: .inputImage(url: TraceImage.url(side: 600), detail: detail)
            }
        }
        return Message(role: .user, parts: parts)
    }

    /// Most bytes of an image where clients are simulated.
    static let imageByteCount = 200
    private static let largeImage = ImageURL.data(.gif, [UInt8](repeating: 71, count: 300))
}
