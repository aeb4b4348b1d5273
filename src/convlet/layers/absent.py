"""Keras's layers that are not here, and what to do instead."""

from convlet.absent import each

ABSENT = {
    **each(
        "AveragePooling3D AvgPool3D Conv3D Conv3DTranspose Convolution3D Convolution3DTranspose "
        "Cropping3D GlobalAveragePooling3D GlobalAvgPool3D GlobalMaxPool3D GlobalMaxPooling3D "
        "MaxPool3D MaxPooling3D SpatialDropout3D UpSampling3D ZeroPadding3D",
        "It is made for images: take the slices of a volume as channels, with the 2D layer.",
    ),
    **each(
        "Bidirectional ConvLSTM1D ConvLSTM2D ConvLSTM3D GRU GRUCell LSTM LSTMCell RNN SimpleRNN "
        "SimpleRNNCell StackedRNNCells",
        "There are no recurrent layers: use Conv1D, with padding='causal' if need be.",
    ),
    **each(
        "AdditiveAttention Attention GroupQueryAttention MultiHeadAttention",
        "There is no attention: use convolutions.",
    ),
    **each(
        "CategoryEncoding Discretization Embedding HashedCrossing Hashing IntegerLookup "
        "MelSpectrogram ReversibleEmbedding STFTSpectrogram StringLookup TextVectorization",
        "It is made for images: turn other data into arrays of numbers with NumPy first.",
    ),
    **each(
        "FlaxLayer JaxLayer TFSMLayer TorchModuleWrapper",
        "It has no other framework inside: write the layer anew of the layers that are here.",
    ),
    **each(
        "AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D "
        "AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D",
        "The sizes of images are known: use the pooling with the pool_size that gives the output.",
    ),
    **each(
        "AugMix ContrastLimitedAdaptiveHistogramEqualization Equalization MaxNumBoundingBoxes "
        "Pipeline RandAugment RandomPerspective",
        "Use a Sequential of RandomFlip, RandomRotation, RandomZoom, RandomColorJitter.",
    ),
    **each(
        "Lambda",
        "convlet differentiates its own layers, not Python code: use Add, Subtract, Multiply, "
        "Rescaling, Reshape, Cropping2D, Activation and the like, or a Layer of your own whose "
        "call composes them.",
    ),
    **each("Dot dot", "Use Multiply and, where a sum along the channels is wanted, Dense."),
    **each("EinsumDense", "Use Dense, with Permute and Reshape around it."),
    **each("InputSpec", "A layer checks the shapes of its inputs itself: leave it out."),
    **each("Masking", "There are no masks: cut all sequences to one length with NumPy first."),
    **each("SpectralNormalization", "Use kernel_constraint='unit_norm'."),
    **each("TimeDistributed Wrapper", "Call the layer itself: Dense works along the last axis."),
    **each(
        "Conv1DTranspose Convolution1DTranspose DepthwiseConv1D SeparableConv1D "
        "SeparableConvolution1D",
        "Use the 2D layer on images of one row: Reshape((1, steps, channels)) first.",
    ),
}
