"""Chapter 03: can one task touch another's memory?"""
