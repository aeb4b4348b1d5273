"""Keras's layers that are not here, and what to do instead."""

from convlet.absent import each

_ONE_ROW = "on images of one row, between two Reshape layers."

ABSENT = {
    **each(
        "AdaptiveAveragePooling3D AdaptiveMaxPooling3D AveragePooling3D AvgPool3D Conv3D "
        "Conv3DTranspose Convolution3D Convolution3DTranspose Cropping3D GlobalAveragePooling3D "
        "GlobalAvgPool3D GlobalMaxPool3D GlobalMaxPooling3D MaxPool3D MaxPooling3D "
        "SpatialDropout3D UpSampling3D ZeroPadding3D",
        "Images and sequences only. Use the layer's 1D or 2D form on slices.",
    ),
    **each(
        "Bidirectional ConvLSTM1D ConvLSTM2D ConvLSTM3D GRU GRUCell LSTM LSTMCell RNN SimpleRNN "
        "SimpleRNNCell StackedRNNCells",
        "Use Conv1D with padding='causal' and dilation_rate.",
    ),
    **each(
        "AdditiveAttention Attention GroupQueryAttention MultiHeadAttention",
        "Use convolutions, or Multiply with a sigmoid of a pooled branch.",
    ),
    **each(
        "Embedding Masking ReversibleEmbedding StringLookup TextVectorization",
        "convlet is for images. Turn texts into numbers first, with scikit-learn.",
    ),
    **each(
        "CategoryEncoding Discretization HashedCrossing Hashing IntegerLookup",
        "Prepare columns with scikit-learn before they come to the model.",
    ),
    **each(
        "MelSpectrogram STFTSpectrogram",
        "Make spectrograms first, with scipy.signal, and give them as images.",
    ),
    **each(
        "FlaxLayer JaxLayer TFSMLayer TorchModuleWrapper",
        "A model has convlet's own layers. Rebuild the module with them.",
    ),
    **each(
        "Lambda",
        "It differentiates its own layers, not Python code. Use Add, Subtract, Multiply, "
        "Rescaling, Reshape, Cropping2D, Activation and the like, or a Layer whose call composes "
        "them.",
    ),
    **each("Wrapper", "Make a Layer whose call composes layers that are there."),
    **each("InputSpec", "Leave it out: a layer checks the shapes of its inputs itself."),
    **each(
        "AdaptiveAveragePooling1D AdaptiveAveragePooling2D",
        "Use average pooling with the pool_size and strides that give the output's size.",
    ),
    **each(
        "AdaptiveMaxPooling1D AdaptiveMaxPooling2D",
        "Use max pooling with the pool_size and strides that give the output's size.",
    ),
    **each("AugMix RandAugment", "Put several of the Random layers after one another."),
    **each(
        "ContrastLimitedAdaptiveHistogramEqualization Equalization",
        "Use AutoContrast, or equalize the images before they come to the model.",
    ),
    **each("Conv1DTranspose Convolution1DTranspose", f"Use Conv2DTranspose {_ONE_ROW}"),
    **each("DepthwiseConv1D", f"Use DepthwiseConv2D {_ONE_ROW}"),
    **each("SeparableConv1D SeparableConvolution1D", f"Use SeparableConv2D {_ONE_ROW}"),
    **each("Dot dot", "Use Multiply, then Dense with ones, not trainable."),
    **each("EinsumDense", "Use Permute, Reshape and Dense."),
    **each("MaxNumBoundingBoxes", "Models classify whole images: there are no boxes."),
    **each("Pipeline", "Use a Sequential as a layer of the model."),
    **each("RandomPerspective", "Use RandomShear with RandomZoom."),
    **each("SpectralNormalization", "Use kernel_constraint=UnitNorm()."),
    **each("TimeDistributed", "Dense works on the last axis of any input already."),
}
