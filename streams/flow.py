"""Faust's flow of messages into its queues, without its habit of throwing away what is in them (ADR 15)."""

from __future__ import annotations

from functools import cached_property

import faust
from mode.utils.queues import FlowControlEvent


class Flow(FlowControlEvent):
    """Resuming what flows already is no reason to empty the queues.

    After a recovery Faust lets the partitions flow, waits for the broker's answer about where to read, and
    then resumes. What the broker has delivered meanwhile was emptied out by that, with the position behind
    it: nobody ever saw these messages. When a rebalance begins, Faust empties the queues by itself.
    """

    def resume(self) -> None:
        """Let messages into the queues, which are emptied if they were suspended until now."""
        if not self.is_active():
            super().resume()


class App(faust.App):
    """A Faust application with that flow."""

    @cached_property
    def flow_control(self) -> FlowControlEvent:
        """The flow into the streams' queues."""
        return Flow(loop=self.loop)
