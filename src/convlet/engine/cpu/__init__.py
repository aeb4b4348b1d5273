"""The Numba engine: one file an op; README.md explains layout and blocking."""
