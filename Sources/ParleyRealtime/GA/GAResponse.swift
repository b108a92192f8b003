internal import ParleyJSON

/// A response in the GA dialect.
///
/// - Source: Realtime protocol, "Response object (GA)".
struct GAResponse: JSONWritable {
    let response: Response

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.beginMembers(of: response, output: response.output.map { GAItem(item: $0) })
            $0.member("output_modalities", [response.outputModality.rawValue])
            $0.member("max_output_tokens", response.maximumOutputTokens)
            $0.object("audio") {
                $0.object("output") {
                    $0.member("format", GAAudioFormat(format: response.outputFormat))
                    $0.member("voice", response.voice)
                }
            }
            $0.member("usage", response.usage)
            $0.member("metadata", response.metadata)
        }
    }
}
