import ParleyRealtime
import Testing

@testable import ParleySession

@Suite struct ReportedUsageTests {
    @Test(
        "Whatever a service reports, totals can be summed",
        arguments: [Int.max, Int.min, -1, 0, 12]
    )
    func clampsReports(tokens: Int) {
        var meter = UsageMeter()
        meter.takeReport(
            Session.GenerationResult(
                inputTokens: tokens,
                cachedTokens: tokens,
                outputTokens: tokens
            )
        )
        let total = meter.total
        #expect(total.total == total.input + total.output)
        #expect(total.cached <= total.input)
        #expect(total.total >= 0)
    }
}
