import ParleyAudio
import ParleyRealtime
import Testing

@testable import ParleySession

@Suite("Input audio")
struct InputAudioTests {
    @Test(
        "What there is room for in bytes can be taken, and a second more can't",
        arguments: [AudioFormat.pcm(sampleRate: 24_000), .pcm(sampleRate: 16_000), .pcmu, .pcma]
    )
    func room(format: AudioFormat) {
        var configuration = SessionConfiguration(model: "test", voice: .named("hum")).input
        configuration.format = format
        var input = InputAudio(configuration, limits: Limits())
        input.buffer.append([Int16](repeating: 0, count: 12_345))
        let free = input.freeByteCount
        #expect(free > 0)
        #expect(input.hasRoom(forBytes: free))
        #expect(!input.hasRoom(forBytes: free + format.sampleRate * format.bytesPerSample))
    }
}
