"""The dashboard with the data of the drill's recordings: a picture, and an error for what is empty.

Nothing that is deployed imports it.
"""
