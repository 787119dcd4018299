"""Acting from the screens: which action a key means for a row, the question, and its steps.

Nothing is imported here: what acts is first needed after the first frame.
"""
