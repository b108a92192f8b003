"""Configuration for the servers of the tests."""

KEY = "sk-conformance-1234567890"

# Goes on for minutes: whoever breaks it off is in time, however slow the machine is.
ENDLESS = "One sentence follows upon another. " * 2_000

# Answers that the tests know beforehand. Patterns are words, replies may hold what was said.
SCRIPT = f"""\
greeting: Hello, this is the test script.
default: "You said {{{{user}}}}."
result: "The tool says {{{{result}}}}."
rules:
  - match: "ping *"
    reply: Pong.
  - match: "* tell me everything *"
    reply: >-
      This is the first sentence of a long answer. Here comes the second one, which is a
      little longer than the first. The third sentence follows at once. A fourth sentence
      makes it longer still. The fifth sentence says nothing new. A sixth sentence is spoken
      as well. The seventh is the last sentence but one. This is the end of the long answer.
    word_delay_ms: 40
  - match: "* talk on and on *"
    reply: "{ENDLESS}"
    word_delay_ms: 40
  - match: "* take your time *"
    reply: "Here I am."
    delay_ms: 20000
  - match: "* young man"
    into: es
    reply: No era un joven malvado.
    delay_ms: 1500
  - match: "* been made *"
    into: es
    reply: "¿Y él mismo? Quizás."
  - match: "* weather in +"
    call: {{tool: get_weather, arguments: {{city: "{{{{2}}}}"}}}}
    result: "In {{{{2}}}} it is {{{{result.temperature}}}} degrees."
"""

PIPELINE = """\
name: scripted
description: The built-in engines, with a script of the tests.
pipeline:
  vad: silero
  transcription: pocketsphinx
  llm: {engine: scripted, script: scripts/conformance.yaml}
  tts: flite
"""

# A pipeline whose weights are missing.
BARE = """\
name: bare
pipeline:
  vad: {engine: silero, model: nowhere.onnx}
  transcription: pocketsphinx
  llm: scripted
  tts: flite
"""


def pipeline(name, **stages):
    """The built-in pipeline under another name, with some of its stages replaced."""
    lines = {"vad": "silero", "transcription": "pocketsphinx", "llm": "scripted", "tts": "flite"}
    text = "".join(f"  {role}: {value}\n" for role, value in {**lines, **stages}.items())
    return f"name: {name}\npipeline:\n{text}"


def write(folder, **files):
    """Writes a folder of pipelines; gives the arguments for `parley serve`."""
    models = folder / "models"
    scripts = models / "scripts"
    scripts.mkdir(parents=True)
    (models / "scripted.yaml").write_text(PIPELINE)
    (scripts / "conformance.yaml").write_text(SCRIPT)
    for name, text in files.items():
        (models / f"{name}.yaml").write_text(text)
    return ["--models-dir", models, "--cors-origins", "*"]
