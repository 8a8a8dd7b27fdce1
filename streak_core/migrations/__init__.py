"""How stored documents become those of the next form and of the one before: a module for each step, `NNNN_name`.

They must not know Firestore, nor who brings documents along: a step is told everything that it goes by.
"""
