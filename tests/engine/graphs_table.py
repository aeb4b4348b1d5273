"""Small graphs with branches, merges and several ends: name, and what makes the model."""

from convlet import layers, models
from convlet.layers import BatchNormalization, Concatenate, Conv2D, Dense, Flatten, Input


def residual():
    x = Input((7, 6, 3))
    a = Conv2D(8, 3, padding="same", activation="relu")(x)
    b = Conv2D(8, 3, padding="same")(a)
    y = layers.ReLU()(layers.Add()([a, b]))
    return models.Model(x, Dense(3, "softmax")(layers.GlobalAveragePooling2D()(y)))


def branches():
    x = Input((8, 8, 2))
    a = layers.MaxPooling2D(2)(Conv2D(5, 3, padding="same", activation="relu")(x))
    b = layers.AveragePooling2D(2)(Conv2D(4, 1)(x))
    c = layers.MaxPooling2D(2, strides=2)(x)
    y = Concatenate()([a, b, c])
    return models.Model(x, Dense(4, "softmax")(Flatten()(y)))


def concatenations():
    x = Input((4, 6, 2))
    rows = Concatenate(axis=1)([Conv2D(3, 1)(x), Conv2D(3, (2, 1))(x)])
    columns = Concatenate(axis=2)([rows, Conv2D(3, 1)(rows)])
    flat = Concatenate(axis=-1)([Flatten()(columns), Flatten()(x)])
    table = layers.Reshape((-1, 4))(Dense(8)(flat))
    both = Concatenate(axis=1)([table, Dense(4)(table)])
    return models.Model(x, Dense(2, "softmax")(Flatten()(both)))


def many_axes():
    x = Input((24,))
    a = layers.Reshape((2, 3, 2, 2))(Dense(24)(x))
    b = layers.Reshape((2, 2, 2, 2))(Dense(16)(x))
    both = Concatenate(axis=2)([a, b])
    return models.Model(x, Dense(2, "softmax")(Flatten()(layers.Add()([both, both]))))


def shared():
    a, b = Input((6,)), Input((6,))
    layer = Dense(5, activation="tanh")
    difference = layers.Subtract()([layer(a), layer(b)])
    return models.Model([a, b], Dense(2, "softmax")(difference))


def shared_convolution():
    x = Input((9, 9, 4))
    layer = Conv2D(4, 3, padding="same", activation="relu")
    y = layer(layer(x))
    return models.Model(x, Dense(3, "softmax")(Flatten()(layers.MaxPooling2D(2)(y))))


def two_ends():
    image, table = Input((6, 6, 1)), Input((3,))
    features = Flatten()(layers.MaxPooling2D(2)(Conv2D(4, 3, activation="relu")(image)))
    both = Concatenate()([features, Dense(4, "relu")(table)])
    kind = Dense(3, "softmax", name="kind")(both)
    return models.Model([image, table], [kind, Dense(1, name="size")(both)])


def an_end_inside():
    x = Input((5,))
    a = Dense(4, "softmax", name="first")(x)
    return models.Model(x, [a, Dense(2, "softmax")(a)])


def stretched():
    x = Input((5, 4, 8))
    features = Conv2D(8, 3, padding="same")(x)
    squeezed = layers.GlobalAveragePooling2D(keepdims=True)(features)
    weights = Dense(8, "sigmoid")(squeezed)
    weighted = layers.Multiply()([features, weights])
    one = Conv2D(1, 1)(weighted)
    row = layers.GlobalMaxPooling2D()(weighted)
    y = layers.Subtract()([layers.Multiply()([weighted, one]), row])
    return models.Model(x, Dense(3, "softmax")(Flatten()(y)))


def extremes():
    x = Input((7,))
    a, b, c = Dense(6)(x), Dense(6)(x), Dense(6)(x)
    largest, smallest = layers.Maximum()([a, b, c]), layers.Minimum()([c, b, a])
    mean, product = layers.Average()([a, b, c]), layers.Multiply()([a, b, c])
    return models.Model(x, Dense(2, "softmax")(Concatenate()([largest, smallest, mean, product])))


def rectified():
    x = Input((5, 6, 3))
    a, b = Conv2D(4, 3, padding="same")(x), Conv2D(4, 1)(x)
    y = layers.ReLU()(layers.Multiply()([a, layers.GlobalAveragePooling2D(keepdims=True)(b)]))
    y = layers.ReLU()(layers.Minimum()([Conv2D(4, 3, padding="same")(y), b]))
    y = layers.ReLU()(layers.Average()([Conv2D(4, 3, padding="same")(y), a, b]))
    return models.Model(x, Dense(3, "softmax")(Flatten()(y)))


def nested():
    inner_x = Input((6, 6, 2))
    inner = models.Model(inner_x, Conv2D(4, 3, activation="relu")(inner_x))
    stack = models.Sequential([Conv2D(4, 3, padding="same"), layers.ReLU()])
    x = Input((6, 6, 2))
    y = stack(inner(x))
    return models.Model(x, Dense(2, "softmax")(Flatten()(layers.Add()([y, inner(x)]))))


def halos():
    """Convolutions of different padding look at one tensor."""
    x = Input((9, 8, 3))
    y = Conv2D(8, 3, activation="relu")(x)
    a = Conv2D(4, 3, padding="same")(y)
    b = Conv2D(4, 5, padding="same")(y)
    c = Conv2D(4, 1)(y)
    return models.Model(x, Dense(2, "softmax")(Flatten()(layers.Add()([a, b, c]))))


def sequences():
    """Convolutions that look back, ahead and nowhere share a sequence; what they lost is cut."""
    x = Input((14, 3))
    y = layers.Conv1D(6, 3, activation="relu")(x)
    back = layers.Conv1D(4, 3, padding="causal", dilation_rate=2)(y)
    both = layers.Conv1D(4, 2, padding="same")(y)
    inner = layers.Cropping1D((1, 1))(layers.Add()([back, both]))
    whole = Concatenate()([inner, layers.Conv1D(4, 3)(y)])
    return models.Model(x, Dense(2, "softmax")(layers.GlobalAveragePooling1D()(whole)))


def hourglass():
    """Down, up again, and beside it the way across, cropped and padded to fit."""
    x = Input((9, 8, 2))
    y = Conv2D(6, 3, padding="same", activation="relu")(x)
    low = Conv2D(8, 3, padding="same", activation="relu")(layers.MaxPooling2D(2)(y))
    up = layers.UpSampling2D(2, interpolation="bilinear")(low)
    across = layers.Cropping2D(((1, 0), (0, 0)))(y)
    both = Concatenate()([up, across, layers.Permute((1, 2, 3))(across)])
    turned = layers.Permute((2, 1, 3))(layers.ZeroPadding2D(((0, 1), (0, 0)))(both))
    return models.Model(x, Dense(2, "softmax")(Flatten()(Conv2D(2, 1)(turned))))


def residual_with_normalization():
    """With the relu behind the sum, and in front of the convolution."""
    x = Input((7, 6, 3))
    a = layers.ReLU()(BatchNormalization()(Conv2D(8, 3, padding="same", use_bias=False)(x)))
    b = BatchNormalization()(Conv2D(8, 3, padding="same", use_bias=False)(a))
    y = layers.ReLU()(layers.Add()([a, b]))
    c = layers.ReLU()(BatchNormalization()(y))
    y = layers.Add()([y, Conv2D(8, 3, padding="same")(c)])
    return models.Model(x, Dense(3, "softmax")(layers.GlobalAveragePooling2D()(y)))


def shared_normalization():
    """In one of its places it never takes the batch's statistics."""
    a, b = Input((6,)), Input((6,))
    layer = BatchNormalization()
    sums = [layer(a), layer(b), layer(Dense(6, "tanh")(a), training=False)]
    return models.Model([a, b], Dense(2, "softmax")(layers.Add()(sums)))


def folded_and_not():
    """What lies between a convolution and its normalization is wanted elsewhere, too."""
    x = Input((5, 6, 2))
    y = Conv2D(4, 3, use_bias=False)(x)
    z = BatchNormalization()(Conv2D(4, 1, use_bias=False)(y), training=False)
    y = layers.Add()([BatchNormalization(scale=False)(y), z, y])
    return models.Model(x, Dense(2, "softmax")(Flatten()(y)))


GRAPHS = {
    make.__name__.replace("_", " "): make
    for make in (
        residual, branches, concatenations, many_axes, shared, shared_convolution, two_ends,
        an_end_inside, stretched, extremes, rectified, nested, halos, sequences,
        hourglass, residual_with_normalization, shared_normalization, folded_and_not,
    )
}  # fmt: skip
