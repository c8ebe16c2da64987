"""Peers: other methods, measured under the same protocol as Triptych."""

from triptych.evaluation.peers.peer import Peer, PeerRecord, Predictions
from triptych.evaluation.peers.prepared import Examples, PreparedPeer
from triptych.evaluation.peers.registry import PAPER_SPECS, PEERS, RECORD_SPECS, PeerSpec, chosen_peers

__all__ = [
    "PAPER_SPECS",
    "PEERS",
    "RECORD_SPECS",
    "Examples",
    "Peer",
    "PeerRecord",
    "PeerSpec",
    "Predictions",
    "PreparedPeer",
    "chosen_peers",
]
