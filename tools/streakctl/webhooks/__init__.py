"""`streakctl webhooks`: what servers of the app's were not told of, and having them told once more.

It must not know how a server is reached: the function `reminders` does, which alone has the secrets.
"""
