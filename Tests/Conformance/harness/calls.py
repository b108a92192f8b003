"""The promises about MCP: lists and calls begin and end once, results follow their responses."""


class Call:
    """A call of a tool, from its item to its end."""

    def __init__(self, response):
        self.response = response
        self.arguments = ""
        self.stage = "written"


class Calls:
    """All lists and calls of one connection; `expect` notes what is wrong."""

    def __init__(self, expect):
        self._expect = expect
        self.lists = set()
        self.calls = {}
        self.ended_responses = set()

    def begin_list(self, one):
        self._expect(one not in self.lists, "a list begins once")
        self.lists.add(one)

    def end_list(self, one):
        if self._expect(one in self.lists, "a list ends once, after it began"):
            self.lists.remove(one)

    def add(self, one, response):
        self._expect(one not in self.calls, "an output item is a new one")
        self.calls[one] = Call(response)

    def write(self, one, delta):
        if self._expect(one in self.calls, "arguments belong to a call that began"):
            self.calls[one].arguments += delta

    def end_writing(self, one, arguments):
        if self._expect(one in self.calls, "arguments belong to a call that began"):
            call = self.calls[one]
            self._expect(call.arguments == arguments, "deltas add up to the arguments")
            self._expect(call.stage == "written", "arguments are done once")
            call.stage = "whole"

    def begin(self, one):
        if self._expect(one in self.calls, "a call that runs has an item"):
            self._expect(self.calls[one].stage == "whole", "a call runs once, when it is whole")
            self.calls[one].stage = "running"

    def end(self, one):
        if self._expect(one in self.calls, "a call that ends has an item"):
            call = self.calls[one]
            self._expect(call.stage == "running", "a call ends once, after it began")
            self._expect(call.response in self.ended_responses, "results follow response.done")
            call.stage = "ended"

    def finish(self, item, response):
        if not self._expect(item["id"] in self.calls, "an output item is done after it was added"):
            return
        call = self.calls.pop(item["id"])
        self._expect(call.response == response, "an item stays with its response")
        if item["type"] == "mcp_call":
            has_output = item.get("output") is not None
            self._expect(has_output != (item.get("error") is not None), "a call has one result")
            ran = call.stage == "ended"
            self._expect(ran or not has_output, "what never ran has no output")

    def end_response(self, one):
        self.ended_responses.add(one)
