"""From a message of the group chat to a draft: what it says, taken from where, and which door.

The parser is pure and never invents: what is not written stays empty.
"""
