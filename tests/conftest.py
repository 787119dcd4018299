"""What holds for every test."""

from hypothesis import settings

settings.register_profile("here", deadline=None)
settings.load_profile("here")
