"""Vocabulary rules by theme, validated before they reach the engine. There are none yet: words mean what they say."""
