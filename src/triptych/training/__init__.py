"""Training: the network, its three phases, and the public estimator."""

from triptych.training.assess import Assessment
from triptych.training.classifier import DefectClassifier
from triptych.training.model_folder import Model

__all__ = ["Assessment", "DefectClassifier", "Model"]
