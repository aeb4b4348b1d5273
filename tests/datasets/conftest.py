"""Empty folders in place of the user's own, so that no test finds or leaves anything there."""

import pytest


@pytest.fixture
def empty_machine(tmp_path, monkeypatch):
    """A machine without data sets; returns the folder that holds cache/ and keras/."""
    monkeypatch.delenv("CONVLET_DATASETS", raising=False)
    monkeypatch.setenv("CONVLET_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path
