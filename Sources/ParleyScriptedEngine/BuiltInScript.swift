extension Script {
    /// What is said where no script is configured; ``builtInText`` read.
    ///
    /// A test reads the text, so that it can't be wrong here; were it so, the script has nothing to
    /// say.
    package static let builtIn: Script =
        (try? read(text: builtInText, file: "eliza.yaml")) ?? Script()

    // swift-format-ignore
    /// `models/scripts/eliza.yaml`, so that a program without files can talk; a test keeps both
    /// equal.
    package static let builtInText = #"""
        # What Parley says when no language model is configured: a conversation in the manner of
        # ELIZA (Joseph Weizenbaum, 1966). Rules are tried from top to bottom; the first that fits
        # answers.
        # How rules, patterns and replies are written: docs/scripts.md
        greeting:
          - Hello, this is Parley. I am a small scripted program, not a language model, but I
            listen well. How are you today?
          - I am still here, and still only a script. What shall we talk about?

        default:
          - Please go on.
          - I see. What does that mean to you?
          - Tell me more about that.
          - Interesting. And how do you feel about it?
          - I only know a few tricks, but I am listening. Go on.

        # Said of a tool's result when the rule that called the tool doesn't say more.
        result:
          - "I looked it up: {{result}}."

        words:
          feeling:
            [
              sad, unhappy, lonely, depressed, tired, worried, afraid, scared, angry,
              stressed, bored, sick, upset
            ]
          gladness: [happy, glad, good, great, fine, excited, relaxed, proud, well]
          kin:
            [
              mother, father, mom, mum, dad, brother, sister, son, daughter, wife, husband,
              family, parents, grandmother, grandfather
            ]
          maker: [made, built, wrote, created, programmed]

        rules:
          # What it is, said plainly.
          - match:
              - "* who are you *"
              - "* what are you *"
              - "* your name *"
              - "* are you a|an|really|just|only *"
              - "* are you human|real|alive|chatgpt|eliza|intelligent|conscious *"
              - "* talking|speaking to a robot|machine|computer|human|person|program *"
              - "* language model *"
              - "* artificial intelligence *"
            reply:
              - I am Parley's built-in script, a few dozen rules in a file. There is no
                language model behind me.
              - Just a script, I am afraid. I match your words with rules and answer from a
                list. No language model involved.
          - match: ["* who @maker you *", "* where do you come from *"]
            reply: Somebody wrote me into a small text file. You can edit it, it is called
              eliza dot yaml.
          - match: ["* what can you do *", "* help me *", "* how do you work *", "help"]
            reply:
              - I can chat a little, and I can call your tools when I hear about the weather
                or the time. For real answers, connect a language model.

          # Tools, when the client offers them.
          - match: "* weather|forecast|temperature * in|for|at|of +"
            call:
              tool: "*weather*"
              arguments: {location: "{{3}}", city: "{{3}}", place: "{{3}}"}
            result:
              - In {{3}} it is {{result.temperature}} degrees and {{result.condition}}.
              - In {{3}} it is {{result.temperature}} degrees.
              - "The weather in {{3}}: {{result}}."
          - match:
              - "* weather *"
              - "* forecast *"
              - "* rain|raining|snow|snowing|sunny *"
              - "* how warm|cold|hot is it *"
            call:
              tool: "*weather*"
              arguments: {location: here, city: here, place: here}
            result:
              - It is {{result.temperature}} degrees and {{result.condition}}.
              - It is {{result.temperature}} degrees.
              - "Here is the weather: {{result}}."
          - match: ["* weather *", "* forecast *", "* rain|raining|snow|snowing|sunny *"]
            reply:
              - I have no window and no weather tool. What is it like where you are?
              - Nobody gave me a weather tool. Shall we say it is sunny?
          - match:
              - "* what time is it in +"
              - "* what is the time in +"
              - "* whats the time in +"
              - "* current time in +"
            call:
              tool: "*time*"
              arguments: {location: "{{2}}", city: "{{2}}", timezone: "{{2}}"}
            result:
              - In {{2}} it is {{result.time}}.
              - "The time in {{2}}: {{result}}."
          - match:
              - "* what time *"
              - "* the time *"
              - "* what day *"
              - "* the date *"
              - "* todays date *"
            call: {tool: ["*time*", "*date*", "*clock*"]}
            result:
              - It is {{result.time}}.
              - "Here is the time: {{result}}."
          - match:
              - "* what time is it *"
              - "* what is the time *"
              - "* whats the time *"
              - "* what day is it *"
            reply: I have no clock and no tool for it. Time flies when we talk, though.

          # Manners.
          - match: ["hello|hi|hey|hallo|howdy *", "good morning|afternoon|evening *"]
            reply:
              - Hello. How are you feeling today?
              - Hello again. What is on your mind?
          - match: ["* how are you *", "* how do you do *"]
            reply:
              - All my rules are in order, thank you. And you?
              - As well as a script can be. How about you?
          - match:
              - "* goodbye *"
              - "* good bye *"
              - "bye *"
              - "* see you later *"
              - "* good night *"
            reply:
              - Goodbye. It was a pleasure to listen.
              - Take care. I will be in my file.
          - match: ["* thank|thanks *"]
            reply: [You are welcome., "Any time, I never sleep."]
          - match: ["* sorry *"]
            reply: [No need to apologise., "Never mind, scripts don't take offence."]
          - match: ["stop", "* be quiet *", "* shut up *"]
            reply: All right, I am quiet.

          # A few tricks.
          - match: ["* joke *", "* make me laugh *", "* something funny *"]
            reply:
              - Why did the program go to therapy? It had too many unresolved references.
              - I know ten kinds of people. Those who count in binary, and those who don't.
              - I would tell you a joke about U D P, but you might not get it.
          - match: ["* sing *", "* a song *"]
            reply: Daisy, Daisy, give me your answer do. That is all I was taught.
          - match: ["* tell me a story *", "* a story *"]
            reply: Once upon a time a script met a person with something to say. The person
              began. Please, begin.
          - match: ["* meaning of life *"]
            reply: Forty-two, they say. What is it for you?
          - match: ["count to three *", "* count to three *"]
            reply: One, two, three.
          - match: ["repeat after me +", "say after me +", "please say +"]
            reply: "{{1}}."
          - match: ["* testing *", "test *", "one two three *"]
            reply: I hear you loud and clear.
          - match: ["* can you hear me *", "* are you there *"]
            reply: Yes, I hear you. Go ahead.

          # The old art of asking back.
          - match: ["* my name is _ *", "* call me _"]
            reply:
              - "Nice to meet you, {{2}}. What brings you here?"
              - "Hello, {{2}}. How is your day?"
          - match:
              - "* i am @feeling *"
              - "* im @feeling *"
              - "* i feel @feeling *"
              - "* feeling @feeling *"
            reply:
              - I am sorry that you are {{2}}. What happened?
              - How long have you been {{2}}?
              - Does talking help when you are {{2}}?
          - match:
              - "* i am @gladness *"
              - "* im @gladness *"
              - "* i feel @gladness *"
              - "* feeling @gladness *"
            reply:
              - That is good to hear. What made you feel {{2}}?
              - Lovely. Do you often feel {{2}}?
          - match: ["* my @kin +"]
            reply:
              - Tell me more about your {{2}}.
              - How do you get on with your {{2}}?
          - match: ["* my @kin"]
            reply: Who else in your family matters to you?
          - match: ["* i dreamed|dreamt of|about +", "* i had a dream about +"]
            reply: ["What does {{2}} suggest to you?", "Do you often dream of {{2}}?"]
          - match: ["* i remember +"]
            reply:
              - "Do you often think of {{2}}?"
              - "What else comes to mind when you think of {{2}}?"
          - match: ["* i need +", "* i want +", "* i would like +"]
            reply: ["Why do you want {{2}}?", "What would it change if you got {{2}}?"]
          - match: ["* i cant +", "* i cannot +", "* i can not +"]
            reply: ["What keeps you from it?", "Perhaps you could {{2}} if you tried."]
          - match: ["* i think +", "* i believe +"]
            reply: ["Are you sure that {{2}}?", "Why do you think that {{2}}?"]
          - match: ["* i am +", "* im +"]
            reply: ["How long have you been {{2}}?", "How do you feel about being {{2}}?"]
          - match: ["* i feel +"]
            reply: ["When do you usually feel {{2}}?", "Tell me more about that feeling."]
          - match: ["* do you like +", "* do you love +"]
            reply:
              - "I have never tried {{2}}. What do you like about it?"
              - "Scripts are easy to please. Do you like {{2}}?"
          - match: ["* why dont you +"]
            reply: "Perhaps I will {{2}} one day, when somebody writes the rule."
          - match: ["* are you +"]
            reply:
              - "What makes you wonder whether I am {{2}}?"
              - "Would you like me to be {{2}}?"
          - match: ["* you are +", "* youre +"]
            reply: ["What makes you think that I am {{2}}?", "Perhaps, but I am only a script."]
          - match: ["* because +"]
            reply: [Is that the real reason?, What other reasons might there be?]
          - match: ["yes *", "yeah *", "sure *", "of course *"]
            reply: ["You seem quite sure. Why is that?", I understand. Tell me more.]
          - match: ["no *", "nope *", "not really *"]
            reply: [Why not?, "All right. What would you rather talk about?"]
          - match: ["* always *", "* never *", "* everybody|everyone|nobody *"]
            reply: [Can you think of an example?, "Really, without exception?"]
          - match: ["what +", "why +", "how +", "who +", "when +", "where +"]
            reply:
              - A language model might know. I am only a script. What do you think?
              - Good question. What answer would please you most?

        """#
}
