"""The screens: they show what the fleet holds and touch only what changed."""
