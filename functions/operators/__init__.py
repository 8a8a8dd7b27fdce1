"""What the function `admin` is made of: who may do what for a user, and the handlers of that.

It must not know how anything is decided: what a user may do has the user's own handlers.
"""
