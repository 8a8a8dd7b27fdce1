"""Checks what Google's APIs would judge, before it reaches them; each answers its complaints, in words, or nothing.

It must not talk to anything but files. `python -m tools.monitoring.checks` runs all of them on the project's own files.
"""
