"""The forms of a chapter's words: what may stand in ``chapter.toml`` and in ``to_come.toml``.

A slip there would otherwise show in front of a class, as a sentence that is missing or as a
KeyError. So words are held against these forms when they are read (``files``), and what does not
fit is refused by file, place, value and what is allowed. The words themselves stay plain data.

    files        the files as a whole, and the names that must stand elsewhere in them
    predicted    predictions, what is measured for them, curves
    asked        choices, exercises, the questions of quiz, recall and pre-test
    rules        how a measurement decides a choice
    shown        races, stories, the ruler, the case file, what is recorded
    parts        what all of them are made of

A new kind of words is a class for one entry of it, and a field of ``files.Chapter``. What only the
chapter's own functions can tell (the words of a rule of its own) stays open here. All of it is
imported where words are read, because msgspec is.
"""
