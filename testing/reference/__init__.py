"""The reference model: docs/semantics.md once more, slow and plain, sharing nothing with the real code.

It must not know anything of the product; it keeps all that ever happened and judges it anew for every question.
"""
