"""The commands behind `make deploy`, `make rollback` and `make smoke`: planned as data, printed or run.

It must not know what the functions do, and nothing that is deployed imports it.
"""
