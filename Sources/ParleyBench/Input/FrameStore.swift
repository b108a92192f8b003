internal import ParleyAudio
internal import ParleyClient
internal import ParleyHTTP
internal import ParleyNetwork

/// Audio as the bytes that go over the wire: whole WebSocket frames, masked beforehand.
///
/// A client has to mask what it sends. Thousands of sessions send the same audio, so it is encoded
/// and masked once; the mask of a frame is as random as any, only not fresh, which no server can
/// tell.
struct FrameStore: Sendable {
    /// How much audio a frame holds.
    let frameDuration: Duration
    /// The frames of the track, in order.
    let frames: [[UInt8]]
    /// A frame of a quiet room.
    let quiet: [UInt8]

    /// Encodes a track; its last frame is filled with silence.
    init(_ samples: [Int16], frameDuration: Duration) {
        self.frameDuration = frameDuration
        let milliseconds = Int(frameDuration.inMilliseconds)
        let length = max(1, milliseconds * AudioFormat.sessionSampleRate / 1_000)
        var random = SecureRandom()
        frames = stride(from: 0, to: samples.count, by: length).map { start in
            let piece = Array(samples[start..<min(start + length, samples.count)])
            let filled = piece + repeatElement(0, count: length - piece.count)
            return Self.masked(ClientMessage.append(filled), &random)
        }
        let room = InputTrack.room(frameDuration)
        quiet = Self.masked(ClientMessage.append(room), &random)
    }

    /// A text message as a masked frame.
    static func masked(_ message: [UInt8], _ random: inout SecureRandom) -> [UInt8] {
        var frame: [UInt8] = []
        frame.reserveCapacity(message.count + 14)
        // Never zero: a server may skip the work of a mask that changes nothing.
        let mask = WebSocketMask(UInt32(truncatingIfNeeded: random.next()) | 1)
        WebSocketFrame.write(.text, message, mask: mask, into: &frame)
        return frame
    }
}
