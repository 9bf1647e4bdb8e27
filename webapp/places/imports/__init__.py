"""Lists of buildings and doors from files: read, recognised, checked, written.

    data → tables.read → layout.find → rows.read → engine.run

Everything up to the engine is pure. What goes wrong is a `Finding`: a code and what it is about;
sentences are made at the edge.
"""
