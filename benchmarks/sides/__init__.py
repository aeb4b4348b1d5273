"""One module for each way of building, training and running a network.

`training(package, precision, network, x, labels, batch, seed)` returns what has
`fit(images, epochs, epoch_ended)`: it trains on the first `images` and tells each epoch's seconds.
`prediction(package, precision, network, x, call)` returns a function that predicts `x`.
"""
