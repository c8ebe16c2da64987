"""The other methods of the paper's Table 2, under the same protocol."""

from triptych.evaluation.peers.peer import Peer
from triptych.evaluation.peers.registry import PEERS, PeerSpec, chosen_peers

__all__ = ["PEERS", "Peer", "PeerSpec", "chosen_peers"]
