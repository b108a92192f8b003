"""How much of the published protocol Parley speaks, and what proves it."""
