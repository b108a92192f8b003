internal import ParleyClient

/// The distributions of some delays in one picture: how many per cent took how long at most.
///
/// Milliseconds run to the right on a logarithmic axis, per cent upwards; dots mark the 50th, 95th
/// and 99th percentile. A curve further to the left is better, a steeper one steadier.
package struct DistributionChart: Sendable {
    /// One curve.
    package struct Series: Sendable {
        package var name: String
        package var histogram: Histogram

        /// Makes a curve of a histogram.
        package init(_ name: String, _ histogram: Histogram) {
            self.name = name
            self.histogram = histogram
        }
    }

    private let title: String
    private let subtitle: String
    private let series: [Series]
    private let target: Duration?

    private static let width = 840.0
    /// Where the legend begins, and how far its lines are apart.
    private static let legendY = 428.0
    private static let legendStep = 18.0
    /// Where the axis begins at the latest, in milliseconds: nothing shorter matters here.
    private static let finest = 0.1
    private static let plotX = 64.0...816.0
    private static let plotY = 72.0...372.0
    /// Told apart also by who sees no red or green (Okabe and Ito, 2008).
    private static let colors = [
        "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#777777",
    ]

    /// Makes a chart; curves without a value are left out.
    ///
    /// - Parameters:
    ///   - title: What was measured.
    ///   - subtitle: How: sessions, frames, machine.
    ///   - series: The curves, in the order of the legend.
    ///   - target: A delay to hold, drawn as a line.
    package init(title: String, subtitle: String, series: [Series], target: Duration? = nil) {
        self.title = title
        self.subtitle = subtitle
        self.series = series.filter { $0.histogram.count > 0 }
        self.target = target
    }

    /// The picture as an SVG file.
    package var markup: String {
        var sheet = SVGDocument(width: Self.width, height: height)
        let axis = LogAxis(covering: range, pixels: Self.plotX)
        sheet.text(title, at: .init(Self.plotX.lowerBound, 30), .init(size: 18, isBold: true))
        sheet.text(subtitle, at: .init(Self.plotX.lowerBound, 52), .init(color: "#666666"))
        drawGrid(axis, on: &sheet)
        drawTarget(axis, on: &sheet)
        for (index, series) in series.enumerated() {
            let color = Self.colors[index % Self.colors.count]
            drawCurve(series, color: color, axis, on: &sheet)
            drawLegend(series, color: color, index: index, on: &sheet)
        }
        return sheet.markup
    }

    private var height: Double {
        Self.legendY + Double((series.count + 1) / 2) * Self.legendStep
    }

    private var range: ClosedRange<Double> {
        var values = series.flatMap { series in
            [series.histogram.percentile(0.01), series.histogram.maximum].compactMap(
                \.?.inMilliseconds
            )
        }
        if let target { values.append(target.inMilliseconds) }
        let low = max(values.min() ?? 1, Self.finest)
        return low...max(values.max() ?? 1, low)
    }

    private func y(_ share: Double) -> Double {
        let height = Self.plotY.upperBound - Self.plotY.lowerBound
        return Self.plotY.upperBound - share * height
    }

    private func drawGrid(_ axis: LogAxis, on sheet: inout SVGDocument) {
        let bottom = Self.plotY.upperBound
        for tick in axis.minorTicks {
            vertical(axis.pixel(of: tick), .init("#f0f0f0"), on: &sheet)
        }
        for tick in axis.majorTicks {
            let x = axis.pixel(of: tick)
            vertical(x, .init("#cccccc"), on: &sheet)
            let label = tick < 1 ? tick.fixed(1) : tick.fixed(0)
            sheet.text(label, at: .init(x, bottom + 18), .init(anchor: .middle))
        }
        for percent in stride(from: 0, through: 100, by: 25) {
            let y = y(Double(percent) / 100)
            sheet.polyline(
                [.init(Self.plotX.lowerBound, y), .init(Self.plotX.upperBound, y)],
                .init(percent == 0 ? "#333333" : "#e0e0e0")
            )
            sheet.text(
                "\(percent) %",
                at: .init(Self.plotX.lowerBound - 8, y + 4),
                .init(anchor: .end)
            )
        }
        sheet.text(
            "milliseconds (logarithmic)",
            at: .init(Self.plotX.upperBound, bottom + 36),
            .init(color: "#666666", anchor: .end)
        )
    }

    private func vertical(
        _ x: Double,
        _ stroke: SVGDocument.Stroke,
        on sheet: inout SVGDocument
    ) {
        sheet.polyline([.init(x, Self.plotY.lowerBound), .init(x, Self.plotY.upperBound)], stroke)
    }

    private func drawTarget(_ axis: LogAxis, on sheet: inout SVGDocument) {
        guard let target else { return }
        let x = axis.pixel(of: target.inMilliseconds)
        vertical(x, .init("#333333", width: 1.5, dashes: "6 4"), on: &sheet)
        sheet.text(
            "target \(target.inMilliseconds.fixed(0)) ms",
            at: .init(x - 6, Self.plotY.lowerBound + 12),
            .init(size: 11, anchor: .end)
        )
    }

    /// A stair: the share of delays up to a value holds until the next value.
    private func drawCurve(
        _ series: Series,
        color: String,
        _ axis: LogAxis,
        on sheet: inout SVGDocument
    ) {
        var points: [SVGDocument.Point] = []
        var last = y(0)
        for point in series.histogram.distribution {
            let x = axis.pixel(of: point.duration.inMilliseconds)
            points.append(.init(x, last))
            last = y(point.share)
            points.append(.init(x, last))
        }
        sheet.polyline(points, .init(color, width: 2))
        for share in [0.5, 0.95, 0.99] {
            guard let value = series.histogram.percentile(share) else { continue }
            sheet.dot(
                at: .init(axis.pixel(of: value.inMilliseconds), y(share)),
                radius: 4,
                fill: color
            )
        }
    }

    private func drawLegend(
        _ series: Series,
        color: String,
        index: Int,
        on sheet: inout SVGDocument
    ) {
        let x = Self.plotX.lowerBound + Double(index % 2) * 380
        let y = Self.legendY + Double(index / 2) * Self.legendStep
        sheet.dot(at: .init(x + 4, y - 4), radius: 4, fill: color)
        let figures = [0.5, 0.95, 0.99].map { share in
            series.histogram.percentile(share).map { $0.inMilliseconds.fixed(1) } ?? "–"
        }
        sheet.text(
            "\(series.name): \(figures.joined(separator: " / ")) ms",
            at: .init(x + 14, y)
        )
    }
}
