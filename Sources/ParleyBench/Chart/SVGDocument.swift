internal import ParleyClient

/// A picture as SVG text, drawn element by element.
///
/// It knows as much of SVG as our charts need; numbers are written with two places, texts are
/// escaped.
///
/// - Source: Scalable Vector Graphics (SVG) 1.1, second edition.
package struct SVGDocument: Sendable, Equatable {
    /// A place, in pixels from the upper left corner.
    package struct Point: Sendable, Equatable {
        package var x: Double
        package var y: Double

        /// Makes a point.
        package init(_ x: Double, _ y: Double) {
            self.x = x
            self.y = y
        }
    }

    /// How a line is drawn.
    package struct Stroke: Sendable, Equatable {
        package var color: String
        package var width = 1.0
        /// Lengths of dash and gap, such as `4 3`; nil for a whole line.
        package var dashes: String?

        /// Makes a stroke.
        package init(_ color: String, width: Double = 1, dashes: String? = nil) {
            self.color = color
            self.width = width
            self.dashes = dashes
        }
    }

    /// Which end of a text its point is.
    package enum Anchor: String, Sendable {
        case start, middle, end
    }

    /// How a text is set.
    package struct TextStyle: Sendable, Equatable {
        package var size = 12.0
        package var color = "#333333"
        package var anchor = Anchor.start
        package var isBold = false

        /// Makes a style.
        package init(
            size: Double = 12,
            color: String = "#333333",
            anchor: Anchor = .start,
            isBold: Bool = false
        ) {
            self.size = size
            self.color = color
            self.anchor = anchor
            self.isBold = isBold
        }
    }

    private let width: Double
    private let height: Double
    private var elements: [String] = []

    /// Begins a white sheet.
    package init(width: Double, height: Double) {
        self.width = width
        self.height = height
        rectangle(at: Point(0, 0), width: width, height: height, fill: "#ffffff")
    }

    /// Fills a rectangle, given its upper left corner.
    package mutating func rectangle(at point: Point, width: Double, height: Double, fill: String) {
        elements.append(
            "<rect x=\"\(number(point.x))\" y=\"\(number(point.y))\" width=\"\(number(width))\" "
                + "height=\"\(number(height))\" fill=\"\(Self.escaped(fill))\"/>"
        )
    }

    /// Draws a line through points.
    package mutating func polyline(_ points: [Point], _ stroke: Stroke) {
        let list = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
        let dashes = stroke.dashes.map { " stroke-dasharray=\"\(Self.escaped($0))\"" } ?? ""
        elements.append(
            "<polyline points=\"\(list)\" fill=\"none\" stroke=\"\(Self.escaped(stroke.color))\" "
                + "stroke-width=\"\(number(stroke.width))\"\(dashes)/>"
        )
    }

    /// Draws a dot.
    package mutating func dot(at point: Point, radius: Double, fill: String) {
        elements.append(
            "<circle cx=\"\(number(point.x))\" cy=\"\(number(point.y))\" r=\"\(number(radius))\" "
                + "fill=\"\(Self.escaped(fill))\"/>"
        )
    }

    /// Sets a text on its base line.
    package mutating func text(_ text: String, at point: Point, _ style: TextStyle = TextStyle()) {
        let weight = style.isBold ? " font-weight=\"bold\"" : ""
        elements.append(
            "<text x=\"\(number(point.x))\" y=\"\(number(point.y))\" "
                + "font-size=\"\(number(style.size))\" fill=\"\(Self.escaped(style.color))\" "
                + "text-anchor=\"\(style.anchor.rawValue)\"\(weight)>\(Self.escaped(text))</text>"
        )
    }

    /// The whole file.
    package var markup: String {
        let size = "width=\"\(number(width))\" height=\"\(number(height))\""
        let box = "viewBox=\"0 0 \(number(width)) \(number(height))\""
        let head =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) \(box) "
            + "font-family=\"Helvetica, Arial, sans-serif\">"
        return ([head] + elements + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    private func number(_ value: Double) -> String {
        let text = value.fixed(2)
        guard text.contains(".") else { return text }
        let trimmed = text.reversed().drop { $0 == "0" }.drop { $0 == "." }
        return String(trimmed.reversed())
    }

    /// A text as it may stand in an element or an attribute; what XML forbids is dropped.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\t", "\n", "\r": result += " "
            case _ where scalar.value < 0x20 || (0xFFFE...0xFFFF).contains(scalar.value): break
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
