"""pbxtui: one terminal for every PBX."""

__version__ = "0.1.0"
