/// One part of a form: its headers, with the name and file name they give it.
///
/// - Source: RFC 7578, section 4.
package struct MultipartPart: Sendable, Hashable {
    package let headers: HTTPHeaders
    package let name: String
    package let fileName: String?

    /// The media type in lower case, without parameters; `text/plain` where none is given.
    package var mediaType: String {
        headers[.contentType].map { ParameterizedValue($0).value } ?? "text/plain"
    }

    /// Reads a part's headers; nil without `Content-Disposition: form-data; name=…`.
    init?(_ headers: HTTPHeaders) {
        guard let disposition = headers[.contentDisposition].map(ParameterizedValue.init),
            disposition.value == "form-data", let name = disposition["name"]
        else { return nil }
        self.headers = headers
        self.name = name
        fileName = disposition["filename"]
    }
}
