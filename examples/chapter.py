# %% [markdown]
# # A first convnet, and why it pools
#
# This walk builds a small convolutional network, trains it on handwritten digits, compares it
# with a network of dense layers, and then takes its pooling apart: what happens without it, with
# strides in its place, and with averages in place of maxima.
#
# It runs on MNIST where MNIST is found or can be downloaded, and otherwise on the 1,797 digits
# that come with scikit-learn. (`CONVLET_EXAMPLE_DATASET` and `CONVLET_EXAMPLE_EPOCHS` change the
# data and the epochs.)

# %%
import os

from convlet import layers, models
from convlet.datasets import digits, mnist
from convlet.errors import DatasetError
from convlet.layers.windows import receptive_field
from convlet.utils import set_random_seed, to_categorical

DATASET = os.environ.get("CONVLET_EXAMPLE_DATASET", "mnist")
set_random_seed(1)

# %% tags=["active-ipynb"]
# %matplotlib inline
# from convlet import figures

# %% [markdown]
# ## The convolutional base
#
# A convnet takes images of shape (height, width, channels); a grey image has one channel. Two
# kinds of layer take turns: `Conv2D(32, (3, 3))` slides a 3×3 window over its input and computes
# 32 numbers at every position; `MaxPooling2D((2, 2))` keeps the largest of every 2×2 numbers.

# %%
model = models.Sequential()
model.add(layers.Conv2D(32, (3, 3), activation="relu", input_shape=(28, 28, 1)))
model.add(layers.MaxPooling2D((2, 2)))
model.add(layers.Conv2D(64, (3, 3), activation="relu"))
model.add(layers.MaxPooling2D((2, 2)))
model.add(layers.Conv2D(64, (3, 3), activation="relu"))
model.summary()

# %% [markdown]
# Height and width shrink on the way down, while the channels grow. A 3×3 window fits 26 times
# into 28 positions, so a convolution loses a border of one pixel; a pooling halves what is left.
# The first convolution has 3·3·1·32 weights and 32 biases: 320 parameters, however large the
# image is.
#
# ## A classifier on top
#
# What comes out is a map of 3×3 positions with 64 channels. Flattened to 576 numbers, it goes
# through two dense layers, the last of which gives one probability per class.

# %%
model.add(layers.Flatten())
model.add(layers.Dense(64, activation="relu"))
model.add(layers.Dense(10, activation="softmax"))
model.summary()

# %% [markdown]
# ## The data
#
# Pixels are bytes from 0 to 255; the network gets them as numbers from 0 to 1, with the channel
# axis that it expects. Labels become rows of zeros with a single one.

# %%
if DATASET == "mnist":
    try:
        (train_images, train_labels), (test_images, test_labels) = mnist.load_data()
    except DatasetError:
        DATASET = "digits"
if DATASET == "digits":
    (train_images, train_labels), (test_images, test_labels) = digits.load_data()
print(f"{DATASET}: {len(train_images)} training images, {len(test_images)} test images")
EPOCHS = int(os.environ.get("CONVLET_EXAMPLE_EPOCHS", "5" if DATASET == "mnist" else "20"))

train_images = train_images.reshape((-1, 28, 28, 1)).astype("float32") / 255
test_images = test_images.reshape((-1, 28, 28, 1)).astype("float32") / 255
train_targets = to_categorical(train_labels)
test_targets = to_categorical(test_labels)


# %% [markdown]
# ## Training
#
# All networks below are trained and tested in the same way, so one function does both.


# %%
def train_and_test(network):
    """The network's accuracy on the test images after EPOCHS passes over the training images."""
    network.compile(optimizer="rmsprop", loss="categorical_crossentropy", metrics=["accuracy"])
    network.fit(train_images, train_targets, epochs=EPOCHS, batch_size=64)
    _, accuracy = network.evaluate(test_images, test_targets)
    return accuracy


convnet_accuracy = train_and_test(model)
print(f"test accuracy of the convnet: {convnet_accuracy:.2%}")

# %% [markdown]
# ## What it sees
#
# The first layer's filters, then what every layer makes of one test image: the channels that it
# excites most. Blue weights add, orange ones subtract. The first maps still look like the digit,
# drawn by edges; the last ones say where in the image some larger pattern was found.

# %% tags=["active-ipynb"]
# figures.filters(model)

# %% tags=["active-ipynb"]
# figures.feature_maps(model, test_images[0])

# %% [markdown]
# ## A dense network for comparison
#
# It sees the image as a list of 784 numbers: nothing tells it which pixels are neighbours.

# %%
dense = models.Sequential()
dense.add(layers.Flatten(input_shape=(28, 28, 1)))
dense.add(layers.Dense(512, activation="relu"))
dense.add(layers.Dense(10, activation="softmax"))
dense_accuracy = train_and_test(dense)

remaining = (1 - convnet_accuracy) / (1 - dense_accuracy)
print(f"dense network: {dense_accuracy:.2%} with {dense.count_params():,} parameters")
print(f"convnet:       {convnet_accuracy:.2%} with {model.count_params():,} parameters")
print(f"The convnet makes {remaining:.0%} of the dense network's errors.")

# %% [markdown]
# ## Without pooling
#
# The same convolutions, one after the other:

# %%
without_pooling = models.Sequential()
without_pooling.add(layers.Conv2D(32, (3, 3), activation="relu", input_shape=(28, 28, 1)))
without_pooling.add(layers.Conv2D(64, (3, 3), activation="relu"))
without_pooling.add(layers.Conv2D(64, (3, 3), activation="relu"))
without_pooling.summary()

_, height, width, channels = without_pooling.output_shape
coefficients = height * width * channels
print(f"{coefficients:,} coefficients an image")
print(f"{coefficients * 512 + 512:,} parameters in a dense layer of 512 on top of them")
print(f"one of them sees a window of {receptive_field(without_pooling.layers)} pixels of the image")
print(f"in the convnet with pooling:  {receptive_field(model.layers[:5])}")

# %% [markdown]
# Two things are wrong. A number at the end sees only 7×7 pixels, too small a part of the image to
# tell one digit from another; with pooling between, it sees 18×18. And there are so many numbers
# that a dense layer on top would have millions of weights, far more than there are pixels to
# learn them from.

# %% tags=["active-ipynb"]
# figures.receptive_field(without_pooling, test_images[0])

# %% tags=["active-ipynb"]
# figures.receptive_field(model, test_images[0])

# %% [markdown]
# ## Other ways to a smaller map
#
# A convolution may move its window two pixels at a time, or a pooling may take the mean instead
# of the maximum.


# %%
def classifier_on(*base):
    """A convolutional base with the classifier of the first network on top."""
    return models.Sequential(
        [
            *base,
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )


strided = classifier_on(
    layers.Conv2D(32, (3, 3), strides=2, activation="relu", input_shape=(28, 28, 1)),
    layers.Conv2D(64, (3, 3), strides=2, activation="relu"),
    layers.Conv2D(64, (3, 3), activation="relu"),
)
averaging = classifier_on(
    layers.Conv2D(32, (3, 3), activation="relu", input_shape=(28, 28, 1)),
    layers.AveragePooling2D((2, 2)),
    layers.Conv2D(64, (3, 3), activation="relu"),
    layers.AveragePooling2D((2, 2)),
    layers.Conv2D(64, (3, 3), activation="relu"),
)
strided_accuracy = train_and_test(strided)
averaging_accuracy = train_and_test(averaging)

for name, accuracy in [
    ("max pooling", convnet_accuracy),
    ("strides", strided_accuracy),
    ("average pooling", averaging_accuracy),
    ("no convolution", dense_accuracy),
]:
    print(f"{name:16} {accuracy:.2%}")

# %% [markdown]
# A single run with a single seed says little about differences of a tenth of a percent. `convlet
# compare` repeats this with several seeds and gives every accuracy its interval.
