"""The invented company on which `auskunft demo` and the end-to-end tests run, and the servers it runs on.

Everybody and everything in here is invented; addresses lie below `.example`, telephone numbers in the ranges that
the Bundesnetzagentur keeps free for fiction.
"""
