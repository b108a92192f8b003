"""What the published protocol leaves open or clients rely on, what Parley does, and what proves it.

A row is (what, choice, proof). A proof names tests (`test_x.py::test_y`) and golden traces
(`trace z`), with commas between them; where Parley lacks the thing it is one of the reasons.
"""

import pathlib
import re

TESTS = pathlib.Path(__file__).resolve().parents[1]
TRACES = TESTS.parent / "ParleySessionTests" / "Traces"

CALLS = "Only calls have it; Parley speaks WebSocket so far."

REASONS = {CALLS}

# Where the published reference says nothing, or not the same.
OPEN_POINTS = [
    (
        "How long a silence ends a turn, if nobody says",
        "500 ms, or what the pipeline says; the session shows what holds. 200 ms where a session "
        "only listens.",
        "test_text_turn.py::test_session_created_shows_the_whole_session, "
        "test_open_points.py::test_the_silence_that_ends_a_turn_is_the_operator_s_choice, "
        "test_transcription.py::test_session_created_shows_a_transcription_session",
    ),
    (
        "What the parts of an assistant's message are called in GA",
        "`output_text` and `output_audio`. A client may say `text`.",
        "test_text_turn.py::test_the_answer_is_a_message_of_the_assistant, "
        "test_voice_turn.py::test_the_answer_is_audible_and_says_its_transcript, "
        "test_open_points.py::test_the_short_name_of_written_content_is_read_and_never_shown",
    ),
    (
        "Whether GA has `conversation.created`",
        "No, as on the live service.",
        "test_text_turn.py::test_a_text_turn_comes_in_the_order_of_the_reference",
    ),
    (
        "When `rate_limits.updated` comes",
        "Never, unless the operator wants it; then behind `response.done` in GA, behind "
        "`response.created` in beta.",
        "test_keys.py::test_limits_for_all_keys_and_what_is_said_of_them, "
        "test_keys.py::test_nothing_is_said_of_limits_unless_asked, trace beta-rate-limits",
    ),
    (
        "A truncation beyond the end of the audio",
        "Up to a second is taken as the end, for clients go by the clock; more is `invalid_value`.",
        "test_interruption.py::test_a_small_overshoot_is_forgiven, "
        "test_bad_input.py::test_truncation_far_beyond_the_end_is_refused, trace truncate",
    ),
    (
        "The transcript of a truncated message",
        "No event shows one any more; the model is told the words that were heard.",
        "test_interruption.py::test_after_barge_in_and_truncate_the_next_turn_is_answered, "
        "test_remote.py::test_the_model_remembers_only_what_was_heard",
    ),
    (
        "Whether the model goes on by itself after the result of an MCP tool",
        "No: the client asks, as on the live service. The operator may have it otherwise.",
        "test_mcp.py::test_the_model_goes_on_only_when_it_is_asked_to, "
        "test_mcp.py::test_the_server_goes_on_by_itself_where_that_is_set, trace mcp-continue",
    ),
    (
        "Whether a response is done before the results of its MCP tools",
        "Yes.",
        "test_mcp.py::test_without_approval_the_order_is_that_of_the_reference, trace mcp-call",
    ),
    ("In which order a call tells of a barge-in", "Not decided in code yet.", CALLS),
    (
        "An item whose id is taken",
        "An error; the first item stays. Once it is deleted the id is free.",
        "test_bad_input.py::test_an_id_is_given_once, "
        "test_items.py::test_an_id_may_come_back_after_its_item_was_deleted",
    ),
    (
        "`session.update` without a `type`",
        "It is that of the session.",
        "test_session_update.py::test_a_missing_type_is_inferred",
    ),
    (
        "Members that no event has",
        "Ignored, and told in the log at `debug`; a strict server refuses them by name.",
        "test_strict.py::test_unknown_members_are_ignored, "
        "test_open_points.py::test_what_is_ignored_is_told_in_the_log, "
        "test_strict.py::test_a_strict_server_names_unknown_members",
    ),
    ("What a socket hears first that joins a call", "There is no call to join yet.", CALLS),
    (
        "A turn that ends while an answer goes on that speech does not interrupt",
        "It becomes an item and is written down, without an answer and without an error.",
        "test_open_points.py::"
        "test_a_turn_during_an_answer_that_goes_on_is_heard_and_not_answered, trace turn-options",
    ),
    (
        "A commit of the client while the server looks for turns",
        "Ends the turn with the id that was announced; `speech_stopped` does not come, and nothing "
        "is answered unasked.",
        "test_open_points.py::test_a_client_may_commit_while_the_server_listens_for_turns, "
        "trace turn-options",
    ),
    (
        "Sounds of less than 100 ms",
        "The server makes no turn of them; a client that commits so little hears an error.",
        "test_open_points.py::test_a_sound_of_less_than_a_tenth_of_a_second_is_no_turn, "
        "test_bad_input.py::test_less_than_a_tenth_of_a_second_is_no_turn",
    ),
    (
        "Whether beta is still served",
        "Yes, to every client that says so.",
        "test_beta.py::test_the_sdk_of_beta_holds_a_conversation, "
        "test_beta.py::test_the_subprotocol_of_browsers_says_beta_and_realtime_is_selected",
    ),
    (
        "Clients that speak beta and do not say so",
        "A setting of the server, or of a key.",
        "test_beta.py::test_a_server_may_speak_beta_to_who_says_nothing, "
        "test_client_secrets.py::test_the_secret_outranks_the_key_and_the_key_the_server, "
        "test_transcription.py::test_a_client_of_speaches_needs_no_mark",
    ),
    (
        "`status_details` of a response that was completed",
        "null.",
        "test_open_points.py::test_a_response_that_went_well_has_no_details_of_its_status",
    ),
    (
        "How much audio is in one delta",
        "20 to 200 ms, and 100 where there is no hurry; what is left at the end may be less.",
        "test_open_points.py::test_a_piece_of_audio_is_20_to_200_milliseconds",
    ),
    (
        "`previous_item_id` of the first turn",
        "null.",
        "test_open_points.py::test_the_first_turn_follows_nothing",
    ),
    ("How often a webhook is tried again", "There are no webhooks yet.", CALLS),
    (
        "Items that are created or deleted during a response",
        "At once for the conversation; the response goes by what it began with.",
        "test_open_points.py::test_an_item_that_comes_during_a_response_is_for_the_next_one, "
        "test_open_points.py::test_an_item_deleted_during_a_response_is_gone_for_the_next_one",
    ),
    (
        "Which conversations a response may name",
        "`auto`, `none`, and the id of the one that there is; every other name is an error.",
        "test_open_points.py::test_a_response_may_name_the_conversation, "
        "test_text_turn.py::test_a_response_out_of_band_leaves_the_conversation_alone, "
        "test_bad_input.py::test_a_wrong_event_is_told_and_forgotten",
    ),
    (
        "How a WebSocket without a good key is refused",
        "It is opened, hears an `error` and is closed with 3000: browsers show no status of HTTP.",
        "test_handshake.py::test_the_sdk_is_told_about_a_bad_key, "
        "test_handshake.py::test_no_key_is_told_without_a_code",
    ),
]

# What each of the clients that exist depends on.
CLIENTS = [
    (
        "openai-python: every event fits a type of its union",
        "Every event of every test is read by its models, which allow no other members.",
        "test_checker.py::test_the_models_of_the_sdk_are_asked, "
        "test_text_turn.py::test_a_text_turn_comes_in_the_order_of_the_reference",
    ),
    (
        "openai-python: reconnects where the close code says so",
        "A server that stops closes with 1012.",
        "test_process.py::test_sigterm_says_goodbye_to_those_who_stay, trace shutdown",
    ),
    (
        "openai-node, beta: every event has an `event_id`",
        "One that is never used twice.",
        "test_checker.py::test_differences_are_noticed, "
        "test_checker.py::test_a_used_event_id_is_noticed",
    ),
    (
        "openai-node, beta: an item is told of before its parts, a part before its deltas",
        "So it is in both dialects.",
        "test_beta.py::test_an_item_is_told_before_its_parts_and_those_before_their_deltas, "
        "test_beta.py::test_a_text_turn_comes_in_the_order_of_the_reference, trace beta-voice-turn",
    ),
    (
        "openai-node, beta: adds to what a call and a part begin with",
        'They begin with `""`.',
        "test_beta.py::test_calls_and_transcripts_begin_empty",
    ),
    (
        "openai-node, beta: begins with all settings, the modalities in an order of its own",
        "Taken, and shown as they are.",
        "test_beta.py::test_the_vendor_s_javascript_client_begins_with_all_its_settings",
    ),
    (
        "openai-agents-js: a part with audio has a `transcript`",
        "null where there is none.",
        "test_clients.py::test_speech_without_a_transcript_says_so",
    ),
    (
        "openai-agents-js: texts are never null, content has its long names, `status` one of three",
        "An item shows the members of its type and no others.",
        "test_checker.py::test_differences_are_noticed, "
        "test_items.py::test_messages_of_every_role_can_be_created, "
        "test_text_turn.py::test_the_answer_is_a_message_of_the_assistant",
    ),
    (
        "openai-agents-js: the members of a failed transcription's error are texts",
        'What there is not is `""`.',
        "test_remote.py::test_a_recogniser_that_fails_is_told_as_such",
    ),
    (
        "openai-agents-js: reads a turn again once its transcript is there",
        "The item has transcript and audio.",
        "test_clients.py::test_a_turn_is_read_again_with_its_transcript_once_that_is_there",
    ),
    (
        "openai-agents-js: waits five seconds for `session.updated` when it connects",
        "On a socket it comes at once; data channels are not there yet.",
        "test_session_update.py::test_its_own_session_can_be_sent_back",
    ),
    (
        "openai-agents-js: takes format and turn detection from the session",
        "Formats are objects, `interrupt_response` is always there.",
        "test_session_update.py::test_g711_has_no_rate, "
        "test_clients.py::test_the_session_says_whether_speech_interrupts",
    ),
    (
        "openai-agents-js: cancels by itself where the server does not interrupt, and sometimes "
        "where it does",
        "The one works, the other is the error that it knows.",
        "test_clients.py::test_a_client_that_interrupts_by_itself_may, "
        "test_clients.py::test_a_cancel_behind_the_server_s_own_is_the_harmless_error",
    ),
    (
        "openai-agents-js: truncates at every barge-in, by its own clock",
        "Allowed during and after the answer, and a little beyond its end.",
        "test_interruption.py::test_after_barge_in_and_truncate_the_next_turn_is_answered, "
        "test_interruption.py::test_a_truncated_answer_in_progress_ends_without_its_transcript, "
        "test_interruption.py::test_a_small_overshoot_is_forgiven",
    ),
    (
        "openai-agents-js: reads what is left of a truncated answer",
        "Its audio, without a transcript.",
        "test_interruption.py::test_a_truncated_answer_keeps_what_was_heard, trace truncate",
    ),
    (
        "openai-agents-js: a function is called once its item is completed",
        "So it is in every event that shows the item as done.",
        "test_clients.py::test_a_call_is_completed_wherever_it_is_shown_when_it_is_done",
    ),
    (
        'openai-agents-js: sets `tracing` to "auto" before all else',
        "Accepted, shown, and accepted again.",
        "test_clients.py::test_tracing_is_accepted_as_the_first_thing_and_again_with_everything",
    ),
    (
        "openai-agents-js and LiveKit: send the whole session again and again, model and voice too",
        "What did not change is no mistake, also after audio and while an answer is made.",
        "test_session_update.py::test_its_own_session_can_be_sent_back, "
        "test_session_update.py::test_a_changed_session_can_be_sent_back_after_audio, "
        "test_clients.py::test_everything_may_be_sent_again_while_an_answer_is_made",
    ),
    (
        "openai-agents-js: sends members of both kinds of turn detection, and some of its own",
        "What does not belong to the kind is ignored, even by a strict server.",
        "test_clients.py::test_members_of_the_other_detection_are_no_mistake, "
        "test_strict.py::test_a_strict_server_takes_what_clients_are_known_to_send_too_much",
    ),
    (
        "openai-agents-js: names each `response.create`, and finds its error by that",
        "`error.event_id` is the client's.",
        "test_interruption.py::test_a_second_response_is_refused_while_one_is_in_progress",
    ),
    (
        "openai-agents-js: shows why a call could not be made",
        "Every failure over HTTP has `error.message`.",
        "test_clients.py::test_a_call_that_cannot_be_made_says_why_in_words",
    ),
    (
        "LiveKit agents: knows its response by `metadata`, and waits ten seconds for it",
        "`response.created` has it, and waits for neither recogniser nor model.",
        "test_livekit.py::"
        "test_a_response_is_announced_with_its_metadata_before_the_model_says_anything, "
        "trace voice-turn",
    ),
    (
        "LiveKit agents: writes null for what it does not set",
        "That is the default, or for a response what the session says.",
        "test_livekit.py::test_what_a_client_does_not_set_of_a_session_may_be_null, "
        "test_livekit.py::test_what_a_client_does_not_set_of_a_response_may_be_null",
    ),
    (
        "LiveKit agents: waits five seconds for an item to be created or deleted",
        "Both are told at once, also during an answer.",
        "test_livekit.py::test_items_are_acknowledged_while_an_answer_runs",
    ),
    (
        'LiveKit agents: puts items to the front as behind "root"',
        "So it is read.",
        "test_items.py::test_root_is_the_front",
    ),
    (
        "LiveKit agents: replaces an item by deleting it and creating it with the same id",
        "The id is free at once.",
        "test_livekit.py::test_an_item_is_replaced_by_deleting_and_creating_it",
    ),
    (
        "LiveKit agents: deletes an answer of which nothing was heard",
        "Allowed once its response is done.",
        "test_livekit.py::test_an_answer_that_nobody_heard_can_be_deleted",
    ),
    (
        "LiveKit agents: reconnects, and tells the new session what was said",
        "Items can be created as they were shown, with their ids.",
        "test_livekit.py::test_the_next_session_takes_the_history_of_the_one_before",
    ),
    (
        "LiveKit agents: forgives errors about cancelling nothing and committing nothing",
        'The one begins with "Cancellation failed", the other has the code that it knows.',
        "test_bad_input.py::test_cancelling_nothing_says_so_in_the_words_clients_know, "
        "test_bad_input.py::test_less_than_a_tenth_of_a_second_is_no_turn",
    ),
    (
        "LiveKit agents: a response has one message",
        "All speech of a response is one part of one item, before, beside and behind its calls.",
        "test_livekit.py::test_an_answer_beside_a_call_is_one_message, "
        "test_livekit.py::test_words_on_both_sides_of_a_call_are_one_message",
    ),
    (
        "LiveKit agents: text follows the item that it belongs to",
        "`response.output_item.added` comes before the deltas.",
        "test_text_turn.py::test_a_text_turn_comes_in_the_order_of_the_reference",
    ),
    (
        "Clients that run functions: answer as soon as they have the arguments",
        "The output is taken at once; a response may be asked for when the one before is done.",
        "test_livekit.py::test_a_result_may_come_before_its_response_is_done",
    ),
    (
        "LiveKit's recogniser: names its model in the URL, beside `intent`",
        "Taken as the model of the transcription.",
        "test_transcription.py::test_a_client_that_names_its_recogniser_in_the_url_is_served",
    ),
    (
        "LiveKit's recogniser: needs start, stop, deltas and end of a turn by one id, and no error",
        "So it is with what it sends.",
        "test_livekit.py::"
        "test_a_listener_is_told_when_speech_starts_and_stops_and_hears_no_error",
    ),
    (
        "pipecat: ends with the first event that it does not know",
        "Only what its models have is sent, unless the client asked for more.",
        "test_clients.py::test_a_whole_talk_has_no_event_and_no_error_that_ends_pipecat",
    ),
    (
        "pipecat: does not know `input_audio_buffer.timeout_triggered`",
        "Without `idle_timeout_ms`, which is null until somebody sets it, it never comes.",
        "test_clients.py::test_nobody_who_did_not_ask_hears_of_a_silent_user",
    ),
    (
        "pipecat, LiveKit's recogniser: most errors end the session",
        "What goes wrong in a response is told in the response, and what is only odd in the log.",
        "test_remote.py::test_a_broken_model_fails_the_response_and_not_the_session, "
        "test_strict.py::test_unknown_members_are_ignored",
    ),
    (
        "pipecat: forgives the errors of a second response and of its own retrieves",
        "By their codes, and the id of the event.",
        "test_interruption.py::test_a_second_response_is_refused_while_one_is_in_progress, "
        "test_clients.py::test_a_retrieve_that_finds_nothing_names_its_event",
    ),
    (
        "pipecat: a response that is done has its usage",
        "However it ended, with zeros where nothing was used.",
        "test_clients.py::test_a_response_has_its_usage_however_it_ends, "
        "test_interruption.py::test_cancel_before_the_first_word_gives_an_empty_response, "
        "test_remote.py::test_a_voice_that_fails_fails_the_response",
    ),
    (
        "pipecat: transcription events say which part was heard",
        "Deltas and ends have `content_index`.",
        "test_voice_turn.py::test_speech_is_understood, trace items",
    ),
    (
        "pipecat: a session's `transcription` has three members",
        "`model`, `language` and `prompt`; others only where the client set them.",
        "test_session_update.py::test_null_switches_off",
    ),
    (
        "pipecat: PCM has 24000 hertz",
        "Unless the client says otherwise.",
        "test_clients.py::"
        "test_pcm_is_24000_hertz_after_every_update_that_says_nothing_of_it",
    ),
    (
        "pipecat: a call is named from the start",
        "`conversation.item.added` has `name` and `call_id`.",
        "test_clients.py::test_a_call_is_named_when_it_enters_the_conversation",
    ),
    (
        "pipecat: names items with 32 characters, and writes nulls",
        "Both are taken.",
        "test_clients.py::test_a_client_names_its_items_with_32_characters, "
        "test_clients.py::test_members_that_an_item_does_not_use_may_be_null",
    ),
    (
        "pipecat, openai-agents-js: a session shows `audio` and `output_modalities`",
        "All members are there, from the first event on.",
        "test_text_turn.py::test_session_created_shows_the_whole_session",
    ),
    (
        "SDKs: usage in tokens needs its details",
        "Transcripts are counted in seconds.",
        "test_voice_turn.py::test_speech_is_understood",
    ),
    (
        "openai-agents-js: a call of an MCP tool has `output`, and texts for name and arguments",
        "From its beginning; `output` is null until there is one.",
        "test_mcp.py::test_a_call_has_all_its_members_before_it_has_run",
    ),
    (
        "openai-agents-js: the tools of an MCP server have descriptions",
        '`""` where the server gives none.',
        "test_mcp.py::test_a_tool_that_nobody_describes_has_an_empty_description",
    ),
    (
        "openai-agents-js: `response.mcp_call_arguments.delta` has `obfuscation`",
        "An empty text.",
        "test_mcp.py::test_what_is_written_of_a_call_comes_with_its_padding",
    ),
    (
        "openai-agents-js: hears of a list, asks for the next response when a call is done",
        "The list begins before `session.updated`; what a call gave is in "
        "`conversation.item.done`, and nothing is said of it unasked.",
        "test_mcp.py::test_without_approval_the_order_is_that_of_the_reference, "
        "test_mcp.py::test_the_model_goes_on_only_when_it_is_asked_to",
    ),
    (
        "openai-agents-js: reads the items of MCP tools again",
        "As every item.",
        "trace mcp-call",
    ),
    (
        "Speaches: beta's names without a mark, `speech_model`, one shape for every session",
        "With the dialect `speaches`.",
        "test_transcription.py::test_a_client_of_speaches_needs_no_mark",
    ),
    (
        "Speaches: language and recogniser in the URL",
        "Read in the other dialects too.",
        "test_transcription.py::test_language_and_recogniser_may_stand_in_the_url",
    ),
    (
        "Speaches, LocalAI: a key in the URL or in a header of its own",
        "Both, beside the usual places.",
        "test_handshake.py::test_a_key_may_come_in_a_header, "
        "test_handshake.py::test_a_key_may_come_in_the_url",
    ),
    ("Speaches: events in pieces on a data channel", "Not there yet.", CALLS),
    (
        "Azure's older service: has texts as `text` where it speaks GA",
        "Its clients translate; from Parley they hear GA or beta, and never both.",
        "test_text_turn.py::test_the_answer_is_a_message_of_the_assistant, "
        "test_beta.py::test_a_spoken_turn_comes_in_the_order_of_the_reference",
    ),
    ("Browsers: a data channel, its first event, events of playout", "Not there yet.", CALLS),
    ("openai-agents-js: cancels, then clears what is not played yet", "Not there yet.", CALLS),
    ("openai-agents-js: accepts a telephone call with less than all", "Not there yet.", CALLS),
]


def proofs(row):
    """The tests and traces that a row names."""
    return [] if row[2] in REASONS else row[2].split(", ")


def exists(proof):
    """Whether the test or the trace is there."""
    if proof.startswith("trace "):
        return (TRACES / f"{proof.removeprefix('trace ')}.trace").exists()
    file, _, test = proof.partition("::")
    path = TESTS / file
    return path.exists() and re.search(rf"def {re.escape(test)}\(", path.read_text()) is not None


def table(head, rows):
    """Rows as a table of Markdown."""
    lines = [f"| {head} | what Parley does | proof, or why not |", "| --- | --- | --- |"]
    for what, choice, proof in rows:
        shown = ", ".join(map(_shown, proofs((what, choice, proof)))) or proof
        lines.append(f"| {what} | {choice} | {shown} |")
    return "\n".join([*lines, ""])


def _shown(proof):
    trace = proof.removeprefix("trace ")
    return f"`{proof}`" if trace == proof else f"trace `{trace}`"
