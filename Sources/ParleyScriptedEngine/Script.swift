internal import ParleyNames

/// A conversation as rules: what is said to what, and which tool is called for what.
///
/// Rules are tried in order; the first that matches and has something to say answers.
package struct Script: Sendable, Equatable {
    /// What is said when the conversation has no words of the user yet.
    var greeting: [Template]
    /// What is said when no rule answers.
    var fallback: [Template]
    /// What is said of a tool's result when the rule that called it doesn't say.
    var result: [Template]
    var rules: [Rule]
    var reflections: Reflections
    var pace: Pace

    /// How fast an answer comes; nil members are the script's own, and those nothing.
    struct Pace: Sendable, Equatable {
        /// Before the first word.
        var delay: Duration?
        /// Between two words.
        var wordDelay: Duration?
    }

    /// What is said to one kind of sentence.
    struct Rule: Sendable, Equatable {
        var patterns: [WordPattern]
        /// The language that the replies translate into; nil for replies that answer.
        var language: String?
        /// Said when it matches; before the call, if there is one.
        var replies: [Template]
        /// Called when it matches; a rule with a call matches only while its tool may be called.
        var call: Call?
        /// Said of the call's result.
        var results: [Template]
        var pace: Pace
    }

    /// A tool and its arguments.
    struct Call: Sendable, Equatable {
        /// The first tool offered whose name matches one of them is called; case doesn't count.
        var names: [NamePattern]
        var arguments: ArgumentTemplate
    }
}

extension Script {
    /// A script that has nothing to say.
    init() {
        self.init(
            greeting: [],
            fallback: [],
            result: [],
            rules: [],
            reflections: .english,
            pace: Pace()
        )
    }
}
