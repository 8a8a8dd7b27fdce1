"""The deployed functions, one module each, and the HTTP edge that they share."""

import logging

# What libraries have to say to developers is a line of the log as well, from the first import on: whatever else is
# written is no JSON. Said before there is a log, it is lost.
logging.captureWarnings(capture=True)
