"""Benchmarks and simulations: how fast the project is, and how far it goes.

Speed is measured here and nowhere in the tests. It must not be imported by anything that is deployed.
"""
