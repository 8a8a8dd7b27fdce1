"""Renders what the contract has of the policy and of the code. Must not know how anybody is answered."""
