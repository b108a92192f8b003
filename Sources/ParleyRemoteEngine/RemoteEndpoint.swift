package import ParleyHTTP

/// A service that speaks the OpenAI API, and how patient we are with it.
package struct RemoteEndpoint: Sendable, Equatable {
    /// Where its paths begin, with the version: `https://api.openai.com/v1`.
    package var baseURL: WebURL
    /// Sent as a bearer token; nil for services without keys.
    package var key: Secret?
    /// The model's name as the service has it.
    package var model: String
    package var timeouts = Timeouts()
    package var retries = Retries()
    /// Requests at once; one more is refused as overloaded.
    ///
    /// Chosen: more than one service answers in time.
    package var requestLimit = 64

    /// How long is waited for what.
    package struct Timeouts: Sendable, Equatable {
        /// For the connection, TLS and name look-up included.
        package var connect = Duration.seconds(5)
        /// From the request to the first byte of the answer's body.
        package var firstByte = Duration.seconds(30)
        /// Between two pieces of the answer.
        package var idle = Duration.seconds(15)
        /// For the whole call, retries included.
        package var total = Duration.seconds(120)

        /// Chosen: a spoken turn that waits longer is lost, a slow local model still answers.
        package init() {}
    }

    /// What is tried again, where nothing was reported yet.
    package struct Retries: Sendable, Equatable {
        /// Tries after the first; 0 to never try again.
        package var limit = 2
        /// The wait before the first further try; it doubles each time.
        package var backoff = Duration.milliseconds(250)
        /// The longest wait a service may ask for with `Retry-After`; one that asks for more has
        /// failed.
        package var longestWait = Duration.seconds(5)

        /// Chosen: what a person who waits for an answer still bears.
        package init() {}
    }

    /// Makes an endpoint with the patience of a spoken conversation.
    package init(baseURL: WebURL, key: Secret? = nil, model: String) {
        self.baseURL = baseURL
        self.key = key
        self.model = model
    }
}
