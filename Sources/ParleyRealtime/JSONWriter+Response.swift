internal import ParleyJSON

/// The members of events about a response's output; every dialect writes them alike.
extension JSONWriter {
    mutating func place(_ place: PartLocation) {
        member("response_id", place.responseID.rawValue)
        member("item_id", place.itemID.rawValue)
        member("output_index", place.outputIndex)
        member("content_index", place.contentIndex)
    }

    mutating func outputItem(_ item: some JSONWritable, _ responseID: ResponseID, _ index: Int) {
        member("response_id", responseID.rawValue)
        member("output_index", index)
        member("item", item)
    }

    /// Parts are `text` and `audio` here, though items of GA say `output_text` and `output_audio`.
    mutating func part(_ part: OutputPart, at place: PartLocation, _ dialect: Dialect) {
        self.place(place)
        switch part {
        case .text(let text):
            guard !dialect.isBeta else {
                return member("part", BetaPart(type: "text", text: text))
            }
            object("part") {
                $0.member("type", "text")
                $0.member("text", text)
            }
        case .audio(let transcript):
            guard !dialect.isBeta else {
                return member("part", BetaPart(type: "audio", transcript: transcript))
            }
            object("part") {
                $0.member("type", "audio")
                $0.member("transcript", transcript)
            }
        }
    }

    mutating func part(_ key: StaticString, _ text: String, at place: PartLocation) {
        self.place(place)
        member(key, text)
    }

    /// The hot one: base64 goes straight into the message.
    mutating func part(audio: [UInt8], at place: PartLocation) {
        self.place(place)
        member("delta", base64: audio)
    }

    // MARK: Calls

    mutating func call(_ place: CallLocation, delta: String) {
        call(place)
        member("delta", delta)
    }

    mutating func call(_ place: CallLocation, name: String, arguments: String) {
        call(place)
        member("name", name)
        member("arguments", arguments)
    }

    private mutating func call(_ place: CallLocation) {
        member("response_id", place.responseID.rawValue)
        member("item_id", place.itemID.rawValue)
        member("output_index", place.outputIndex)
        member("call_id", place.callID.rawValue)
    }

    mutating func mcpCall(_ itemID: ItemID, _ index: Int) {
        member("item_id", itemID.rawValue)
        member("output_index", index)
    }

    mutating func mcpCall(_ responseID: ResponseID, _ itemID: ItemID, _ index: Int, delta: String) {
        member("response_id", responseID.rawValue)
        mcpCall(itemID, index)
        member("delta", delta)
        // Padding that hides lengths upstream; clients demand that it is a string.
        member("obfuscation", "")
    }

    mutating func mcpCall(
        _ responseID: ResponseID,
        _ itemID: ItemID,
        _ index: Int,
        arguments: String
    ) {
        member("response_id", responseID.rawValue)
        mcpCall(itemID, index)
        member("arguments", arguments)
    }
}
