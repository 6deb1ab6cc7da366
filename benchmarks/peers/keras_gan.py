"""The report's GAN with Keras 3 on JAX: Keras's layers, losses and Adam, one compiled update.

Keras's own guide to custom training on JAX: stateless calls inside a jitted function. Images are in
memory as one array of floats.
"""

import os
from functools import partial
from typing import Any

os.environ["KERAS_BACKEND"] = "jax"

import jax
import keras
import numpy as np

from assay.tasks.images import load_mnist
from peers.serve import serve

BATCH_SIZE = 64
LATENT_DIM = 100
SLOPE = 0.2
PIXELS = 28 * 28


def make_generator() -> keras.Model:
    layers: list[Any] = [keras.Input((LATENT_DIM,)), _dense(LATENT_DIM, 128), _leaky()]
    for width_in, width in ((128, 256), (256, 512), (512, 1024)):
        normalised = keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-5)
        layers += [_dense(width_in, width), normalised, _leaky()]
    return keras.Sequential([*layers, _dense(1024, PIXELS, activation="tanh")])


def make_discriminator() -> keras.Model:
    layers = [keras.Input((PIXELS,)), _dense(PIXELS, 512), _leaky(), _dense(512, 256), _leaky()]
    return keras.Sequential([*layers, _dense(256, 1)])


def _dense(width_in: int, width: int, **options: Any) -> keras.layers.Layer:
    """With weights drawn as nn.Linear's."""
    uniform = keras.initializers.RandomUniform(-(width_in**-0.5), width_in**-0.5)
    return keras.layers.Dense(
        width, kernel_initializer=uniform, bias_initializer=uniform, **options
    )


def _leaky() -> keras.layers.Layer:
    return keras.layers.LeakyReLU(negative_slope=SLOPE)


class Jitted:
    """The compiled update in a loop; nothing waits for a loss before the end."""

    path = "keras, jax"

    def __init__(self) -> None:
        keras.utils.set_random_seed(0)
        self._networks = (make_generator(), make_discriminator())
        self._adams = [keras.optimizers.Adam(2e-4, beta_1=0.9) for _ in self._networks]
        for adam, network in zip(self._adams, self._networks, strict=True):
            adam.build(network.trainable_variables)
        self._state = [
            [variable.value for variable in variables]
            for network, adam in zip(self._networks, self._adams, strict=True)
            for variables in (
                network.trainable_variables,
                network.non_trainable_variables,
                adam.variables,
            )
        ]
        self.parameters = sum(
            int(np.prod(variable.shape))
            for network in self._networks
            for variable in network.trainable_variables
        )
        images = load_mnist().train.images.reshape(-1, PIXELS)
        self._images = images.astype(np.float32) / 127.5 - 1
        self._rng, self._key = np.random.default_rng(0), jax.random.key(0)
        self._loss = keras.losses.BinaryCrossentropy(from_logits=True)

    def train(self, updates: int) -> list[jax.Array]:
        """Make updates; the generator's losses."""
        losses = []
        for _ in range(updates):
            real = self._images[self._rng.integers(0, len(self._images), BATCH_SIZE)]
            self._state, self._key, loss = self._update(self._state, self._key, real)
            losses.append(loss)
        jax.block_until_ready(self._state)
        return losses

    @partial(jax.jit, static_argnums=0, donate_argnums=1)
    def _update(self, state: Any, key: jax.Array, real: jax.Array) -> Any:
        generator, discriminator = self._networks
        g, g_other, g_adam, d, d_other, d_adam = state
        key, fresh = jax.random.split(key)
        z = jax.random.normal(fresh, (BATCH_SIZE, LATENT_DIM))
        ones, zeros = jax.numpy.ones((BATCH_SIZE, 1)), jax.numpy.zeros((BATCH_SIZE, 1))

        def generator_loss(weights: Any) -> Any:
            fake, other = generator.stateless_call(weights, g_other, z, training=True)
            logits, _ = discriminator.stateless_call(d, d_other, fake, training=True)
            return self._loss(ones, logits), (fake, other)

        def discriminator_loss(weights: Any, fake: jax.Array) -> Any:
            on_real, _ = discriminator.stateless_call(weights, d_other, real, training=True)
            on_fake, _ = discriminator.stateless_call(weights, d_other, fake, training=True)
            return (self._loss(ones, on_real) + self._loss(zeros, on_fake)) / 2

        differentiate = jax.value_and_grad(generator_loss, has_aux=True)
        (loss, (fake, g_other)), gradient = differentiate(g)
        g, g_adam = self._adams[0].stateless_apply(g_adam, gradient, g)
        gradient = jax.grad(discriminator_loss)(d, jax.lax.stop_gradient(fake))
        d, d_adam = self._adams[1].stateless_apply(d_adam, gradient, d)
        return [g, g_other, g_adam, d, d_other, d_adam], key, loss


def build(setup: dict[str, Any]) -> Jitted:
    if setup["network"] != "mlp":
        raise ValueError(f"the {setup['network']} pair is not written here")
    return Jitted()


if __name__ == "__main__":
    serve(build)
