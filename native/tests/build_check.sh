#!/bin/sh
# Builds the two checks with the kernel under sanitizers: build_check.sh COMPILER FOLDER
set -eu
compiler=$1 folder=$2 here=$(dirname "$0")
flags="-std=c++17 -O1 -ffp-contract=fast -Wno-maybe-uninitialized
       -fsanitize=address,undefined -fno-sanitize-recover=all"
level() { # NUMBER FLAGS...
  number=$1; shift
  "$compiler" $flags "$@" -DASSAY_LEVEL="$number" -c "$here/../level.cpp" -o "$folder/$number.o"
}
avx512="-mavx2 -mfma -mavx512f -mavx512bw -mavx512dq -mavx512vl"

if [ "$(uname -m)" = x86_64 ]; then # two at a time
  { level 1 -mavx2 -mfma && level 2 $avx512; } & other=$!
  level 3 $avx512 -mavx512bf16
  level 0
  wait $other
else
  level 0
fi
for part in lstm linear; do
  "$compiler" $flags "$here/../interface.cpp" "$here/check_$part.cpp" "$folder"/?.o \
    -o "$folder/check_$part"
done
