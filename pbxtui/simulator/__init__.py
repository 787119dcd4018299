"""A simulated office that lives by itself, and faces that speak each PBX's wire over HTTP.

It knows the wire formats by hand and imports nothing else of pbxtui, so that a test compares
two readings of the same facts and never a reading with itself. This module imports nothing,
so that the rooms which need a web server are paid for only by whoever opens them:
`office` (the world), `vonage` (a face), `faults` (what can go wrong), `server` (a real port).
"""
