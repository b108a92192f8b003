import ParleyClient
import Testing

@testable import ParleyBench

@Suite("Charts")
struct ChartTests {
    @Test(
        "Numbers have their places",
        arguments: [
            (0, 2, "0.00"), (1.005, 1, "1.0"), (-1.25, 1, "-1.3"), (-0.001, 2, "0.00"),
            (12.345, 0, "12"),
            (.nan, 2, "–"), (.infinity, 2, "–"), (1e30, 2, "1e+30"), (0.0625, 3, "0.063"),
            (99.995, 2, "100.00"),
        ] as [(Double, Int, String)]
    )
    func fixed(_ row: (Double, Int, String)) {
        #expect(row.0.fixed(row.1) == row.2)
    }

    @Test("Text in a picture is escaped")
    func escaping() {
        var sheet = SVGDocument(width: 10, height: 20)
        sheet.text("a<b> & \"c\"\u{0}\u{1}", at: .init(1, 2.5))
        #expect(sheet.markup.contains(">a&lt;b&gt; &amp; &quot;c&quot;</text>"))
        #expect(sheet.markup.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\""))
        #expect(sheet.markup.hasSuffix("</svg>\n"))
    }

    @Test("Elements are written with short numbers")
    func elements() {
        var sheet = SVGDocument(width: 10, height: 20)
        sheet.polyline([.init(0, 1.5), .init(2.25, 3)], .init("#000", width: 2, dashes: "4 3"))
        sheet.dot(at: .init(10, 100), radius: 0.333, fill: "red")
        let lines = sheet.markup.split(separator: "\n")
        #expect(
            lines[2]
                == ##"<polyline points="0,1.5 2.25,3" fill="none" stroke="#000" "##
                + #"stroke-width="2" stroke-dasharray="4 3"/>"#
        )
        #expect(lines[3] == "<circle cx=\"10\" cy=\"100\" r=\"0.33\" fill=\"red\"/>")
    }

    @Test("A logarithmic axis covers whole decades")
    func axis() {
        let axis = LogAxis(covering: 0.5...300, pixels: 0...400)
        #expect(axis.decades == -1...3)
        #expect(axis.majorTicks.count == 5)
        #expect(axis.pixel(of: 0.1) == 0)
        #expect(axis.pixel(of: 10) == 200)
        #expect(axis.pixel(of: 1e9) == 400)
        #expect(axis.pixel(of: 0) == 0)
    }

    @Test(
        "An axis over one value, or over nothing sensible, is one decade at least",
        arguments: [
            1.0...1.0, 0.0...0.0, -5.0...(-1.0), 1e20...1e30, 1e-30...1e-20,
        ]
    )
    func degenerateAxis(_ range: ClosedRange<Double>) {
        let axis = LogAxis(covering: range, pixels: 0...1)
        #expect(axis.decades.count >= 2)
        #expect((0...1).contains(axis.pixel(of: range.lowerBound)))
    }

    @Test("A distribution chart names its series, percentiles and target")
    func chart() {
        var histogram = Histogram()
        for value in 1...100 { histogram.record(.milliseconds(value)) }
        let chart = DistributionChart(
            title: "Delay",
            subtitle: "1,000 sessions",
            series: [.init("speech_started", histogram), .init("nothing", Histogram())],
            target: .milliseconds(100)
        )
        #expect(chart.markup.contains(">speech_started: 50.0 / 95.0 / 99.0 ms</text>"))
        #expect(chart.markup.contains(">target 100 ms</text>"))
        #expect(!chart.markup.contains("nothing"))
        #expect(chart.markup.split(separator: "\n").filter { $0.hasPrefix("<circle") }.count == 4)
    }

    @Test("A legend of any length fits, and delays of nothing don't stretch the axis")
    func legend() throws {
        var histogram = Histogram()
        histogram.record(.zero)
        histogram.record(.milliseconds(500))
        let series = (0..<9).map { DistributionChart.Series("series \($0)", histogram) }
        let markup = DistributionChart(title: "t", subtitle: "s", series: series).markup
        #expect(markup.contains("height=\"518\" viewBox=\"0 0 840 518\""))
        #expect(markup.contains("y=\"500\""))
        #expect(markup.contains(">0.1</text>"))
        #expect(!markup.contains(">0.0</text>"))
    }

    @Test("A chart of nothing is still a picture")
    func emptyChart() {
        let chart = DistributionChart(title: "t", subtitle: "s", series: [])
        #expect(chart.markup.hasSuffix("</svg>\n"))
    }
}
