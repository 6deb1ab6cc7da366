# %% [markdown]
# # A GAN on MNIST
#
# The second half of the report trains a generative adversarial network of linear layers on
# handwritten digits, looks at its samples over the training and at images between two samples.
# This walk-through does the same and measures what the report judged by eye.
#
# The study is [gan_on_mnist.toml](gan_on_mnist.toml). Its profile `quick` takes some minutes and
# gets as far as digits in noise; `full` makes the report's 187,600 iterations and takes more than
# an hour. What is saved here below the cells is of the profile that the first of them prints. One
# seed is trained, so these are examples and no verdicts; the shipped study `cs324_a3` has the
# claims.

# %%
# %matplotlib inline
import os

from assay import Study
from assay.figures.audit import audit_figure
from assay.figures.samples import interpolation_figure

PROFILE = os.environ.get("ASSAY_PROFILE", "quick")  # or "full"
study = Study("gan_on_mnist.toml", store="../store")
PROFILE

# %% [markdown]
# ## Two networks against each other
#
# The *generator* $G$ turns noise $z \sim N(0, I)$ of 100 numbers into an image. The
# *discriminator* $D$ gives the probability that an image is a real one. The report's equation 10
# is their game:
#
# $$\min_G \max_D \; \mathbb{E}_x[\log D(x)] + \mathbb{E}_z[\log(1 - D(G(z)))]$$
#
# $D$ learns to tell real from generated, $G$ to be taken for real. In practice $G$ maximises
# $\log D(G(z))$ in place of minimising $\log(1 - D(G(z)))$: the same aim, but with a gradient
# where $D$ is still sure. One iteration is one update of each on 64 images, and 938 of them are
# an epoch.
#
# The report's generator has layers of 128, 256, 512 and 1,024 units; the last makes the 784
# pixels.

# %%
for planned in study.plan(PROFILE):
    print(f"{planned.arm.title}: {planned.config.epochs} epochs, {planned.status}")


# %%
def tell(event):
    """Print a line for each run that ends."""
    if hasattr(event, "status"):
        print(event.run_id, event.status)


study.run(PROFILE, watch=tell)
run = study.runs(PROFILE, only="linear")[0]

# %% [markdown]
# The losses say little about the images: a generator that gets better meets a discriminator that
# got better too. What they show is the balance. Here the discriminator stays ahead.

# %%
study.figure("losses", PROFILE)

# %% [markdown]
# ## Samples over the training
#
# Each grid shows the images of the same 25 noises. They begin as pure noise; strokes come first,
# and the single white pixels around them, the report's *noise points*, go last.

# %%
study.figure("samples", PROFILE)

# %% [markdown]
# ## Quality in numbers
#
# How good are 10,000 generated images? A classifier of digits turns every image, real or
# generated, into a list of features, and the two clouds of points are compared:
#
# * the **Fréchet distance**, by their means and covariances: 0 would be the same cloud. It is not
#   0 even for other real images; what those come to is the **floor**, the dotted line below;
# * **precision**, the share of generated images that lie among real ones, and **recall**, the
#   share of real images that lie among generated ones: a generator that makes one perfect digit
#   over and over has precision without recall;
# * **near**, the share of images no farther from a real one than 99 % of real ones are.

# %%
study.figure("quality", PROFILE)

# %%
study.table(PROFILE)

# %% [markdown]
# The report proposes convolutions as the better generator (its section 4.4.3). The second line of
# the chart is such a pair after a single epoch. Each of its 938 iterations takes several times as
# long, but they bring it to a distance for which the linear pair needs more than ten thousand: no
# digits yet, but strokes without noise points.

# %%
study.figure("convolutional", PROFILE)

# %% [markdown]
# ## From one noise to another
#
# A straight line from noise $z_1$ to noise $z_k$ gives images in between (the report's section
# 5):
#
# $$z_i = (1 - \alpha_i) \, z_1 + \alpha_i \, z_k, \qquad \alpha_i = \frac{i - 1}{k - 1}$$
#
# Its equation 11 divides by $k$ in place of $k - 1$, so that with nine images the last is at
# $\alpha_9 = 8/9$ and the end is never reached: compare the last images of the first two rows.
# And on a straight line the noise gets *shorter* in the middle. A drawn $z$ has a norm of about
# $\sqrt{100} = 10$, and hardly any is as short as the middle; a great circle keeps the length.

# %%
ENDS = (3, 8) if run.config.task == "mnist" else None  # digits are told apart on MNIST alone
PATHS = {"linear": "line", "as_reported": "equation 11", "spherical": "great circle"}
interpolation_figure(
    [(words, run.interpolate(path=path, digits=ENDS)[0]) for path, words in PATHS.items()]
)

# %% [markdown]
# The run measured 200 such lines at its end: the norms, and `third_class`, the share of images in
# between that the classifier takes for neither of the two ends.

# %%
next(line for line in run.metrics() if line.get("probe") == "passage")

# %% [markdown]
# ## From an image back to a noise
#
# Which noise makes *this* image? There is no formula; gradient descent on $z$ looks for the
# nearest image that the generator makes, here for a 3 and an 8 that were held out of the
# training. The row begins and ends with the real ones; next to each is the nearest generated one,
# and the rest is the way between those.

# %%
real = run.held_out()
three, eight = (real.images[real.labels == digit][0] for digit in (3, 8))
found, strip = run.invert([three, eight])
for digit, inversion in zip((3, 8), found, strict=True):
    print(f"the {digit} is met to {inversion.distance:.0f} of 255 gray levels (rms)")
interpolation_figure([("held out", strip)])

# %% [markdown]
# ## Does it repeat its training images?
#
# A generator could cheat and store images. Then samples would lie nearer to a training image than
# *unseen* real images do, so those are the measure. A sample counts as a copy if it is as near as
# only 1 in 100 unseen images is; about 1 % would be usual.

# %%
audited = run.audit()
print(audited.audit.sentence)
audit_figure(audited.audit.pixels, audited.audit.features, audited.samples, audited.training)

# %% [markdown]
# ## Go on from here
#
# * `run.sample(25, seed=7)` gives new images as an array, `run.sample(25, digit=3)` threes alone,
#   and `update=10_000` the generator as it was then.
# * A network of your own, other losses and own images are [a few lines of the study
#   file](../docs/how-to/own-study.md).
# * `study.report(PROFILE)` writes all of it as one page.
