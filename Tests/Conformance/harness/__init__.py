"""The server as a process, clients that check what they hear, recorded speech."""
