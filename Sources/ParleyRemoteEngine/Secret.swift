/// A text that is used and never shown: printed, it is three dots.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The text itself, for the one place that sends or compares it.
    package let revealed: String

    /// Keeps a text.
    package init(_ text: String) {
        revealed = text
    }

    package var description: String { "…" }
    package var debugDescription: String { "…" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
