/// Media types of what Parley serves from files.
package enum MediaType {
    /// The type for a file's name; `application/octet-stream` where the extension is not known.
    package static func forFile(named name: String) -> String {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return unknown }
        return types[name[name.index(after: dot)...].lowercased()] ?? unknown
    }

    private static let unknown = "application/octet-stream"

    private static let types: [String: String] = [
        "css": "text/css; charset=utf-8", "csv": "text/csv; charset=utf-8",
        "html": "text/html; charset=utf-8", "htm": "text/html; charset=utf-8",
        "js": "text/javascript; charset=utf-8", "mjs": "text/javascript; charset=utf-8",
        "json": "application/json", "map": "application/json", "md": "text/markdown; charset=utf-8",
        "txt": "text/plain; charset=utf-8", "xml": "application/xml",
        "yaml": "application/yaml", "yml": "application/yaml", "wasm": "application/wasm",
        "pdf": "application/pdf", "webmanifest": "application/manifest+json",
        "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg",
        "gif": "image/gif", "webp": "image/webp", "avif": "image/avif", "ico": "image/x-icon",
        "woff": "font/woff", "woff2": "font/woff2", "ttf": "font/ttf",
        "wav": "audio/wav", "mp3": "audio/mpeg", "ogg": "audio/ogg", "opus": "audio/ogg",
        "flac": "audio/flac", "webm": "video/webm", "mp4": "video/mp4",
    ]
}
