"""Where Parley does something else than the published protocol says, why, and what proves it.

Rows as those of `choices`: (what the protocol says, what Parley does and why, proof).
"""

DEVIATIONS = [
    (
        "A message may have several parts of `input_audio`",
        "One, and an error names the second: transcription events of an item would not tell whose "
        "words are whose. No known client sends two; several items do the same.",
        "test_deviations.py::test_a_second_part_of_speech_in_an_item_is_refused",
    ),
    (
        "`transcription: null` switches the recogniser off",
        "In a session of kind `transcription` it is the pipeline's recogniser: without one the "
        "session would have nothing to do, and clients write null for what they don't set.",
        "test_deviations.py::test_null_is_the_usual_recogniser_where_a_session_only_listens",
    ),
    (
        "Each item of speech gets its transcription's `completed` or `failed`",
        "An item that is deleted before gets neither: clients end their session on events of "
        "items that they don't know.",
        "test_deviations.py::test_an_item_deleted_while_it_is_written_down_is_not_told_of_again",
    ),
    (
        "The voice can't change once the session has answered with audio",
        "Speech of a response out of band locks it, too: the listener has heard that voice.",
        "test_deviations.py::test_speech_out_of_band_locks_the_voice",
    ),
    (
        "`usage` of a transcription counts tokens",
        "It tells the seconds of speech: recognisers here count none. The published type is a "
        "union of both.",
        "test_voice_turn.py::test_speech_is_understood",
    ),
]
