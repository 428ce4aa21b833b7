"""The probes: what runs *inside* a worker. One question per file, written to be read.

They lie in folders by topic, and are asked for by name alone, so no two have the same name. Files
here that begin with an underscore are shared by them. A probe has a literal ``PROBE`` that says
what it is, and these functions:

    setup(params)          make what is needed, return it as ``state``
    body(state, loops)     do the measured thing ``loops`` times
    baseline(state, loops) the same work without the thing measured
    verify(state)          prove that it really happened, say how
    teardown(state)        leave nothing behind

A *timed* probe's driver times the whole body; a body that times a part of each round returns the
nanoseconds itself. A *facts* probe has ``report(params)`` instead, and returns the facts that its
``PROBE["facts"]`` declares, by name and type. One that watches others for a while has
``observe(params, tell)``: it also tells who they are and what happens to them as it happens
(``_telling.py``), in the phases that ``PROBE["phases"]`` may name, each with its deadline in seconds.

What a probe takes at its most, beside its own process, ``PROBE["takes"]`` says as arithmetic on its
parameters: ``mb``, ``processes``, ``threads``, ``descriptors``. More than is allowed is refused
before the probe is started.
"""
