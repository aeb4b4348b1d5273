"""Keras's ready-made architectures are not here: asking for one says what to do instead."""

from convlet.absent import each, refuser

__getattr__ = refuser(
    "applications",
    each(
        """
        ConvNeXtBase ConvNeXtLarge ConvNeXtSmall ConvNeXtTiny ConvNeXtXLarge DenseNet121
        DenseNet169 DenseNet201 EfficientNetB0 EfficientNetB1 EfficientNetB2
        EfficientNetB3 EfficientNetB4 EfficientNetB5 EfficientNetB6 EfficientNetB7
        EfficientNetV2B0 EfficientNetV2B1 EfficientNetV2B2 EfficientNetV2B3
        EfficientNetV2L EfficientNetV2M EfficientNetV2S InceptionResNetV2 InceptionV3
        MobileNet MobileNetV2 MobileNetV3Large MobileNetV3Small NASNetLarge NASNetMobile
        ResNet101 ResNet101V2 ResNet152 ResNet152V2 ResNet50 ResNet50V2 VGG16 VGG19
        Xception convnext densenet efficientnet efficientnet_v2 imagenet_utils
        inception_resnet_v2 inception_v3 mobilenet mobilenet_v2 mobilenet_v3 nasnet resnet
        resnet50 resnet_v2 vgg16 vgg19 xception
        """,
        "It has no weights to download. Make the model in Keras, save it with "
        "model.save('model.keras'), and read it with convlet.models.load_model.",
    ),
)
