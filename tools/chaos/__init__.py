"""Simulation: seeded lives through the real service, store and emulator, with faults at every RPC, judged by the model.

It leans on the tests' own model of the rules, and must not be imported by anything that is deployed.
"""
