"""Hostile requests without number, each answer held to the contract: what is behind `make fuzz`.

It must not know how anything is decided or stored.
"""
