"""Models: wired layers, with everything that trains, applies, shows and keeps them."""

from convlet.models.cloning import clone_model, model_from_json
from convlet.models.eager import compute
from convlet.models.functional import Functional
from convlet.models.loading import load_model
from convlet.models.model import Model
from convlet.models.saving import save_model
from convlet.models.sequential import Sequential

__all__ = [
    "Functional",
    "Model",
    "Sequential",
    "clone_model",
    "compute",
    "load_model",
    "model_from_json",
    "save_model",
]
