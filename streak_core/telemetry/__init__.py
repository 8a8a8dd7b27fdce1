"""What the service says of itself: events in the log, metrics made from them, and the gauges of the job.

It must not decide anything, and nothing in it may make a request fail.
"""
