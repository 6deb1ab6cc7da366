"""Start a script whose seed is fixed with another: python seeded.py SEED SCRIPT [ARGUMENT ...]."""

import runpy
import sys

import torch

manual_seed = torch.manual_seed
shift = int(sys.argv[1])
torch.manual_seed = lambda seed: manual_seed(seed + shift)
sys.argv = sys.argv[2:]
sys.path[0] = ""
runpy.run_path(sys.argv[0], run_name="__main__")
