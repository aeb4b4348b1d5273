"""Whole pieces of work: training a network from a recipe, comparing networks."""
