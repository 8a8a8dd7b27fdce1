"""The maintenance job: due users only, by shard, resumable, paced; it writes down what time has decided already.

It must not decide a verdict (replay does) or know HTTP. Each module is imported by its own name.
"""
