#!/usr/bin/env bash
# The wheel in dist/ and the faster tests, on each other Python that assay supports and is found here.
set -euo pipefail
cd "$(dirname "$0")/.."

VERSIONS="3.12 3.13"
TESTS="tests/config tests/store tests/tasks tests/training tests/models/test_model_contract.py
  --ignore=tests/training/test_adversarial.py --ignore=tests/training/test_learning.py
  --deselect=tests/store/test_log.py::test_a_trainings_lines_have_their_form"
# Tests run what was installed, not the checkout.
unset PYTHONPATH
export OMP_NUM_THREADS=1

interpreter() { # VERSION: the path of its Python, where there is one with venv
  local python
  for python in "python$1" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$1".*/bin/python; do
    if "$python" -c "import venv, sys; sys.exit('%d.%d' % sys.version_info[:2] != '$1')" 2> /dev/null; then
      command -v "$python"
      return
    fi
  done
}

try_on() { # PYTHON FOLDER
  "$1" -m venv "$2"
  "$2/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt \
    dist/assay-*.whl pytest pytest-xdist hypothesis
  "$2/bin/python" -m pytest -p no:cacheprovider -n 0 $TESTS
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tried=()
for version in $VERSIONS; do # side by side: to unpack PyTorch takes one core a minute
  python=$(interpreter "$version")
  if [ -z "$python" ]; then
    echo "Python $version: not found here, not tested"
    continue
  fi
  try_on "$python" "$folder/$version" > "$folder/$version.log" 2>&1 &
  tried+=("$version $!")
done
failed=0
for pair in ${tried[@]+"${tried[@]}"}; do
  read -r version process <<< "$pair"
  if wait "$process"; then
    echo "Python $version: $(tail -1 "$folder/$version.log")"
  else
    failed=1
    echo "Python $version: failed"
    cat "$folder/$version.log"
  fi
done
exit $failed
