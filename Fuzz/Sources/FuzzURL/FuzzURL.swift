import FuzzDriver
import ParleyHTTP

/// Reads the input as a URL, a target, a path and a query.
@main
enum FuzzURL {
    static func main() { runFuzzer(check) }
}

private func check(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    if let url = try? WebURL(text) {
        let again = try? WebURL(url.description)
        precondition(again?.description == url.description, "Printed and read, the URL differs")
        precondition(again?.host == url.host && again?.port == url.port, "The address differs")
    }
    _ = try? HTTPTarget.parse(text, for: .options)
    if let path = URLPath(text) {
        precondition(!path.segments.contains { $0 == "." || $0 == ".." }, "A dot segment survived")
        if let file = path.relativeFilePath {
            precondition(!file.hasPrefix("/") && !file.contains("//"), "\(file) may lead out")
        }
    }
    let query = QueryItems(parsing: text)
    precondition(QueryItems(parsing: query.encoded) == query, "Encoded and read, the query differs")
    var router = Router<Int>()
    router.add(.get, "/v1/{a}/b", 1)
    router.add(.get, "/v1/{rest...}", 2)
    _ = router.match(.get, text)
}
