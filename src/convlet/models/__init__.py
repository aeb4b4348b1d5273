"""Models: layers in order, with everything that trains, applies, shows and keeps them."""

from convlet.models.loading import load_model
from convlet.models.model import Model
from convlet.models.saving import save_model
from convlet.models.sequential import Sequential

__all__ = ["Model", "Sequential", "load_model", "save_model"]
