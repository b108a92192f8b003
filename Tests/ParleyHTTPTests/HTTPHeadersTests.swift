import ParleyHTTP
import Testing

@Suite struct HTTPHeadersTests {
    @Test("Names are compared without case and kept as spelled")
    func names() {
        let headers: HTTPHeaders = ["X-Trace": "1", "content-TYPE": "text/plain"]
        #expect(headers["x-trace"] == "1")
        #expect(headers[.contentType] == "text/plain")
        #expect(headers.fields.map(\.name.spelling) == ["X-Trace", "content-TYPE"])
        #expect(Set<HTTPFieldName>(["a-b", "A-B"]).count == 1)
    }

    @Test("A name may come several times, in order")
    func several() {
        var headers: HTTPHeaders = ["A": "1", "B": "2", "a": "3"]
        #expect(headers.values("A") == ["1", "3"])
        headers["A"] = "4"
        #expect(headers == ["A": "4", "B": "2"])
        headers["A"] = nil
        #expect(headers == ["B": "2"])
        headers["C"] = "5"
        #expect(headers.fields.count == 2)
    }

    @Test("Lists are read over all lines, and not split within quotes")
    func lists() {
        let headers: HTTPHeaders = [
            "L": "a, ,b", "M": "x", "l": #""c, \" d", e ;q=1,"#,
        ]
        #expect(headers.list("L") == ["a", "b", #""c, \" d""#, "e ;q=1"])
        #expect(headers.contains("L", token: "B"))
        #expect(!headers.contains("L", token: "c"))
    }

    @Test(
        "A value cannot bring in another line",
        arguments: ["a\r\nSet-Cookie: b", "a\nb", "a\rb", "a\0b", "a\u{7F}b", "\r\n\r\nGET /"]
    )
    func injection(value: String) {
        var headers: HTTPHeaders = ["A": value]
        headers.add("B", value)
        headers["C"] = value
        for field in headers.fields {
            #expect(field.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        }
    }

    @Test("A name that is no token is none", arguments: ["", "a b", "a:", "a\r\n", "é", "(x)"])
    func badNames(name: String) {
        #expect(HTTPFieldName(name) == nil)
        #expect(HTTPMethod(name) == nil)
    }

    @Test("Parameters are read with and without quotes")
    func parameters() {
        let value = ParameterizedValue(
            #"Form-Data; NAME=sdp; filename="a \"b\"; C:\x.wav"; broken; e="#
        )
        #expect(value.value == "form-data")
        #expect(value["name"] == "sdp")
        #expect(value["filename"] == #"a "b"; C:\x.wav"#)
        #expect(value["broken"] == nil)
        #expect(value["e"]?.isEmpty == true)
    }
}
