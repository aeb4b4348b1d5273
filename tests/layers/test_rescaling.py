import re

import pytest

from convlet import layers
from convlet.errors import ArgumentError


@pytest.mark.parametrize("settings", [{"scale": "1/255"}, {"scale": 1.0, "offset": float("nan")}])
def test_refuses(settings):
    argument, value = list(settings.items())[-1]
    message = f"Rescaling needs {argument} to be a number. Received {argument}={value!r}."
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        layers.Rescaling(**settings)
