"""One package a PBX: each knows its own wire format and the model, and nothing above."""
