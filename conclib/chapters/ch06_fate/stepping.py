"""Eight hearts to be stepped through, back and forth; the walls come with the last step."""

from conclib.chapters.ch06_fate import heartbeats
from conclib.plots.lane_data import Lane, lanes_of
from conclib.plots.moving import Moving, moving
from conclib.plots.moving_lanes import Layout
from conclib.results import Observation

CONTROLS = 140  # pixels of a frame below its drawing


def stepped(item: Observation, *, title: str) -> Moving:
    """Draw the eight hearts of an observation step by step; the still shows all, with walls.

    Args:
        item: an observation of ``hearts``; ``title``: the question that the picture answers.
    """
    layout = Layout(ordered(item))
    scene = layout.scene(walls=True)
    steps = [(scene.to_svg(step), layout.sentence(step)) for step in range(len(layout.moments))]
    still = heartbeats.hearts(item, walls=True, title=title)
    return moving(steps, title=title, still=still, height=scene.height + CONTROLS)


def ordered(item: Observation) -> list[Lane]:
    """Return the hearts' lanes, those of a process beside each other."""
    by_name = {lane.actor.name: lane for lane in lanes_of(item)}
    return [by_name[name] for name in heartbeats.in_order(item) if name in by_name]
