# %% [markdown]
# # An LSTM and an RNN on palindromes
#
# A student's report trains an LSTM and an RNN to complete palindromes, each setting once, and
# concludes that the LSTM is better on long strings. This walk-through goes the same way, with two
# differences: every setting is trained with several seeds, and what is claimed was written down
# as a test before anything was trained.
#
# The study is [lstm_on_palindromes.toml](lstm_on_palindromes.toml), a file of six settings and
# three claims. Its profile `full` takes about five minutes on two cores. Runs that are in the
# store already are not trained again.

# %%
# %matplotlib inline
import os
from collections import Counter

import numpy as np

from assay import Study

PROFILE = os.environ.get("ASSAY_PROFILE", "full")  # or "quick": two seeds, no verdicts
study = Study("lstm_on_palindromes.toml", store="../store")

# %% [markdown]
# ## The task
#
# A palindrome reads the same in both directions, so its first half is free and the second half
# follows. The network sees all digits but the last, one a step, and has to name the last one.
# That is the first digit again: to know it, the network must carry something from its first step
# to its last. Guessing is right one time in ten.

# %%
T = 9
half = np.random.default_rng(0).integers(0, 10, (5, (T + 1) // 2))
for digits in np.concatenate([half, half[:, ::-1][:, T % 2 :]], axis=1):
    text = "".join(map(str, digits))
    print(f"the network reads {text[:-1]} and should answer {text[-1]}")

# %% [markdown]
# There are $10^{\lceil T/2 \rceil}$ palindromes of $T$ digits: 1,000 of $T = 5$, which make 7
# batches of 128 an epoch, but 100,000 or more from $T = 9$ on, which make 625. So 100 epochs of
# the short strings are 700 updates, about one epoch of the long ones. Where two lengths are
# compared, compare the updates.
#
# ## One step of each cell
#
# Both cells keep a state and renew it with every digit $x_t$. The RNN overwrites all of it:
#
# $$h_t = \tanh(W_{hx} x_t + W_{hh} h_{t-1} + b)$$
#
# The LSTM keeps a second state $c$, to which it *adds*. Three gates between 0 and 1 say how much
# is let in ($i$), kept ($f$) and shown ($o$); the numbers are those of the report's equations:
#
# $$\begin{aligned}
# g_t &= \tanh(W_{gx} x_t + W_{gh} h_{t-1} + b_g) & (1) \\
# i_t &= \sigma(W_{ix} x_t + W_{ih} h_{t-1} + b_i) & (2) \\
# f_t &= \sigma(W_{fx} x_t + W_{fh} h_{t-1} + b_f) & (3) \\
# o_t &= \sigma(W_{ox} x_t + W_{oh} h_{t-1} + b_o) & (4) \\
# c_t &= g_t \odot i_t + c_{t-1} \odot f_t & (5) \\
# h_t &= o_t \odot \tanh(c_t) & (6) \\
# p_t &= W_{ph} h_t + b_p & (7) \\
# \hat y_t &= \mathrm{softmax}(p_t) & (8)
# \end{aligned}$$
#
# Only the last answer $\hat y_T$ counts, and its cross-entropy with the right digit is the loss.
# (The report prints equation 6 as $\tanh(c_t \odot o_t)$, perhaps by a slip; the shipped study
# `cs324_a3` trains both forms.)
#
# ## Training
#
# The plan has a run for every seed of every setting. A seed decides the weights at the start,
# which strings train and in which order; two cells with one seed see the same strings in the same
# order.

# %%
for (title, epochs), seeds in Counter(
    (run.arm.title, run.config.epochs) for run in study.plan(PROFILE)
).items():
    print(f"{title}: {epochs} epochs, {seeds} seeds")


# %%
def tell(event):
    """Print a line for each run that ends."""
    if hasattr(event, "status"):
        print(event.run_id, event.status)


study.run(PROFILE, watch=tell)
Counter(run.status for run in study.plan(PROFILE))

# %% [markdown]
# ## What came of it
#
# Short strings first: both cells learn them, each a little differently with each seed. The faint
# lines are single runs, the bold one is their median.

# %%
study.figure("short", PROFILE)

# %% [markdown]
# On strings of 20 digits they part. The LSTM finds the answer within the first two epochs,
# whichever the seed; the RNN stays at the level of guessing.

# %%
study.figure("long", PROFILE)

# %% [markdown]
# The same in numbers, as the report's Table 1 has them, with the range over the seeds:

# %%
study.table(PROFILE)

# %% [markdown]
# ## The equations by hand
#
# A trained network is its weights and the eight equations, no more. Here they are once again, as
# NumPy, with the weights of a run: the probabilities are those that the run itself gives.

# %%
run = study.runs(PROFILE, only="lstm_T5")[0]
cell, readout = run.network.cell, run.network.readout
W_x, W_h, b = (weight.detach().numpy() for weight in (cell.W_x, cell.W_h, cell.b))
W_p, b_p = (weight.detach().numpy() for weight in (readout.weight, readout.bias))


def sigmoid(a):
    """1 / (1 + e^-a)."""
    return 1 / (1 + np.exp(-a))


h = c = np.zeros(cell.hidden_size)
for digit in "7373":
    x = np.array([float(digit)])
    a_i, a_f, a_g, a_o = np.split(W_x @ x + W_h @ h + b, 4)  # the four gates' weights are stacked
    g, i, f, o = np.tanh(a_g), sigmoid(a_i), sigmoid(a_f), sigmoid(a_o)  # (1) to (4)
    c = g * i + c * f  # (5)
    h = o * np.tanh(c)  # (6)
p = W_p @ h + b_p  # (7)
y = np.exp(p - p.max()) / np.exp(p - p.max()).sum()  # (8)

prediction = run.predict("7373")
print(f"by hand: {y.argmax()}, by assay: {prediction.digit}, right: {prediction.expected}")
assert np.allclose(y, prediction.probabilities, atol=1e-4)

# %% [markdown]
# ## Two claims on trial
#
# The report says that the LSTM *reaches a higher accuracy* on long inputs (R1) and *converges
# significantly faster* (R2). In the study file each is a test with a margin, the smallest
# difference that matters. What is counted is runs, not strings, and the two networks are compared
# seed by seed: six seeds are six answers to the question what happens if one trains this.
#
# For R1 a run counts as solved if it ends at 90 % or more, and the shares of solved runs are
# compared. For R2 it is the number of updates to 90 %; a run that never gets there counts as
# later than all others. Evidence of 20 to 1 says: if the claim were false, so much would turn up in
# at most 1 of 20 studies, however often one looks.

# %%
study.strip(PROFILE)

# %%
study.claim("R1", PROFILE)

# %%
study.claim("R2", PROFILE)

# %% [markdown]
# ## Why: how far the gradient reaches back
#
# To learn from its first digit, a network needs a gradient there. The loss is known after the
# last step and travels back through all of them. In the RNN every step multiplies it by
# $W_{hh}^\top \mathrm{diag}(1 - h_t^2)$, a matrix that mostly shrinks it: after $k$ steps it is
# smaller by a factor to the power of $k$. In the LSTM equation 5 gives it a second way, from
# $c_t$ to $c_{t-1}$, on which it is only multiplied by the forget gate $f_t$. Where that is near
# 1, little is lost.
#
# The figure measures it: the norm of the derivative of a string's loss with respect to the whole
# state after each step, against the steps from there to the end. A straight line that falls means
# a constant factor a step. Look at the RNN at $T = 20$ beside the LSTM, untrained and after
# training.

# %%
study.figure("gradient", PROFILE)

# %% [markdown]
# The report says that *the longer the sequence, the more likely gradients vanish or explode*
# (R7):

# %%
study.claim("R7", PROFILE)

# %% [markdown]
# ## One choice that the report never mentions
#
# All this was trained with weights drawn as the report draws them, by an `nn.Linear` for each
# gate's input, which makes the input weights large: $U(-1, 1)$ for a single input. PyTorch's own
# `nn.RNN` and `nn.LSTM` draw them from $U(-1/\sqrt H, 1/\sqrt H)$, eleven times smaller with $H =
# 128$. Nothing else changes in the next figure.

# %%
study.figure("other", PROFILE)

# %% [markdown]
# Now it is the RNN that begins to learn, and the LSTM that stays at the level of guessing for all
# four epochs. Two seeds are no verdict, but they show what R1 and R2 rest on: not on the cells
# alone, but on the cells with these weights at the start. A claim about *an LSTM* has to be tried
# over such choices too.
#
# ## Go on from here
#
# * Change the study file and run this again: other lengths, cells (`gru`), learning rates.
# * `study.data(PROFILE)` has every number as a dictionary, `study.runs(PROFILE)` every run.
# * `study.report(PROFILE)` writes all of it as one page, and with `format="ipynb"` as a notebook.
# * The shipped study `cs324_a3` has the whole report: `Study("cs324_a3")`.
