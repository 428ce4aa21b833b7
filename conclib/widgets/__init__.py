"""Panels to press and turn, in a notebook: each is a thin shell over plain functions.

Whatever a panel can do, code can do too, and each panel says how. Importing this package loads no
ipywidgets: its modules do.
"""
