"""Every error that convlet raises on purpose.

```
ConvletError
├── ArgumentError (ValueError)              an argument of the wrong kind or out of its range
│   └── UnknownNameError                    a name that is on no list, with the one probably meant
├── ShapeError (ValueError)                 arrays or layers whose shapes do not fit together
├── UnsupportedError (NotImplementedError)  a part of Keras's interface that convlet does not have
├── StateError (RuntimeError)               a call that comes too early: not compiled, not fitted
│   ├── NotBuiltError (AttributeError)      what only a built layer or model has
│   └── NotCompiledError (AttributeError)   what only a compiled model has or does
├── ModelFileError (ValueError)             a file that is not a model, or a damaged one
│   └── ModelFileNotFoundError (FileNotFoundError)
├── ExportError (RuntimeError)              an exported file that does not compute what it should
├── DatasetError (OSError)                  a data set that is not there, or not what it should be
└── MissingExtraError (ImportError)         a package that an optional part needs

DataWarning (UserWarning)                   data that can be used, but hardly as they are meant
StatisticsWarning (UserWarning)             statistics of the data not yet what they stand for
```

Each is also the built-in error in brackets, so `except ValueError` written for Keras keeps working.
A message says who needs what, then what was received, then the way out where there is one.
"""

from __future__ import annotations


class ConvletError(Exception):
    """What every error of convlet is.

    Attributes:
        place: The layers, from the model inwards, that a file or configuration puts around what
            the error is about; none where it is about something else.
    """

    place: tuple[str, ...] = ()


class ArgumentError(ConvletError, ValueError):
    """An argument is of the wrong kind or out of its range."""


class UnknownNameError(ArgumentError):
    """A name is on no list of known names."""


class ShapeError(ConvletError, ValueError):
    """Shapes of arrays or layers do not fit together."""


class UnsupportedError(ConvletError, NotImplementedError):
    """A setting that Keras has and convlet does not."""


class StateError(ConvletError, RuntimeError):
    """A call came before what it depends on."""


class NotBuiltError(StateError, AttributeError):
    """Something was asked of a layer or model that only a built one has."""


class NotCompiledError(StateError, AttributeError):
    """Something was asked of a model that only a compiled one has or does."""


class ModelFileError(ConvletError, ValueError):
    """A file does not hold a model, or holds a damaged one."""


class ModelFileNotFoundError(ModelFileError, FileNotFoundError):
    """There is no file at the path of a model."""


class ExportError(ConvletError, RuntimeError):
    """An exported file does not compute what its model computes."""


class DatasetError(ConvletError, OSError):
    """A data set was not found, or its file is not what it should be."""


class MissingExtraError(ConvletError, ImportError):
    """A package that an optional part of convlet needs is not installed."""


class DataWarning(UserWarning):
    """Data can be used, but hardly as they are meant."""


class StatisticsWarning(UserWarning):
    """Statistics that a layer keeps of the data are not yet what they stand for."""
