public import ParleyJSON

/// The members of events about input and items; every dialect writes them alike.
extension JSONWriter {
    /// All members are always there; those without a value are null.
    mutating func error(_ error: ProtocolError, clientEventID: EventID?) {
        object("error") {
            $0.member("type", error.kind.rawValue)
            $0.member("code", error.code?.rawValue)
            $0.member("message", error.message)
            $0.member("param", error.param)
            $0.member("event_id", clientEventID?.rawValue)
        }
    }

    mutating func speech(start: Duration, _ itemID: ItemID) {
        member("audio_start_ms", start.wholeMilliseconds)
        member("item_id", itemID.rawValue)
    }

    mutating func speech(end: Duration, _ itemID: ItemID) {
        member("audio_end_ms", end.wholeMilliseconds)
        member("item_id", itemID.rawValue)
    }

    mutating func timeout(start: Duration, end: Duration, _ itemID: ItemID) {
        member("audio_start_ms", start.wholeMilliseconds)
        speech(end: end, itemID)
    }

    mutating func committed(_ itemID: ItemID, after previousItemID: ItemID?) {
        member("previous_item_id", previousItemID?.rawValue)
        member("item_id", itemID.rawValue)
    }

    mutating func dtmf(_ key: String, at time: Int) {
        member("event", key)
        member("received_at", time)
    }

    mutating func conversation(_ id: ConversationID) {
        object("conversation") {
            $0.member("id", id.rawValue)
            $0.member("object", "realtime.conversation")
        }
    }

    mutating func item(_ item: some JSONWritable, after previousItemID: ItemID?) {
        member("previous_item_id", previousItemID?.rawValue)
        member("item", item)
    }

    mutating func truncated(_ itemID: ItemID, contentIndex: Int, audioEnd: Duration) {
        member("item_id", itemID.rawValue)
        member("content_index", contentIndex)
        member("audio_end_ms", audioEnd.wholeMilliseconds)
    }

    // MARK: Transcription

    mutating func transcription(_ itemID: ItemID, _ index: Int, delta: String, _ logprobs: JSON?) {
        member("item_id", itemID.rawValue)
        member("content_index", index)
        member("delta", delta)
        if let logprobs { member("logprobs", logprobs) }
    }

    mutating func transcription(
        _ itemID: ItemID,
        _ index: Int,
        transcript: String,
        _ usage: TranscriptionUsage,
        _ logprobs: JSON?
    ) {
        member("item_id", itemID.rawValue)
        member("content_index", index)
        member("transcript", transcript)
        switch usage {
        case .duration(let duration):
            object("usage") {
                $0.member("type", "duration")
                $0.member("seconds", duration.fractionalSeconds)
            }
        }
        if let logprobs { member("logprobs", logprobs) }
    }

    mutating func transcription(_ itemID: ItemID, _ segment: TranscriptionSegment) {
        member("item_id", itemID.rawValue)
        member("content_index", segment.contentIndex)
        member("id", segment.id)
        member("speaker", segment.speaker)
        member("start", segment.start.fractionalSeconds)
        member("end", segment.end.fractionalSeconds)
        member("text", segment.text)
    }

    /// Here, unlike in an `error` event, clients take no null.
    mutating func transcription(_ itemID: ItemID, _ index: Int, _ error: ProtocolError) {
        member("item_id", itemID.rawValue)
        member("content_index", index)
        object("error") {
            $0.member("type", error.kind.rawValue)
            $0.member("code", error.code?.rawValue ?? "")
            $0.member("message", error.message)
            $0.member("param", error.param ?? "")
        }
    }
}

extension RateLimit: JSONWritable {
    /// Writes one entry of `rate_limits.updated`.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("name", name)
            $0.member("limit", limit)
            $0.member("remaining", remaining)
            $0.member("reset_seconds", reset.fractionalSeconds)
        }
    }
}
