import FuzzDriver
import ParleyJSON

/// Reads the input as JSON, and what is read and written once more.
@main
enum FuzzJSON {
    static func main() { runFuzzer(check) }
}

private func check(_ bytes: [UInt8]) {
    do throws(JSONError) {
        let value = try JSON.parse(bytes)
        let written = value.serialized()
        let again = try? JSON.parse(written)
        precondition(again == value, "Written and read, the value differs")
        precondition(again?.serialized() == written, "Written again, the text differs")
        precondition(again?.hashValue == value.hashValue, "Equal values have other hashes")
    } catch {
        precondition(
            error.offset <= bytes.count && error.line >= 1,
            "The fault is outside the text"
        )
    }
}
