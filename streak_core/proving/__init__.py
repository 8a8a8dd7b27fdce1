"""Everything stored of a user compared with what the ledger leads to.

It must not know who asks, nor write: what would mend a user is data.
"""
