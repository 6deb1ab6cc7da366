"""Own files: every format, and every way in which one may be unusable."""

import hashlib
import pickle
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay import tasks
from assay.config import MemoryConfig
from assay.errors import DataError
from assay.tasks.files import read_sequences
from assay.tasks.tables import from_table

DIGITS = np.array([[0, 1, 2], [0, 1, 0], [3, 4, 3], [9, 0, 9]])
LABELS = np.array([0, 1, 1, 2])


def refused(path, message):
    """The one sentence with which `path` is refused, which matches `message`."""
    with pytest.raises(DataError, match=message) as caught:
        read_sequences(path)
    text = str(caught.value)
    assert "\n" not in text
    assert path.name in text
    return text


@pytest.fixture
def csv(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "own.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.fixture
def parquet(tmp_path):
    def write(**columns):
        path = tmp_path / "own.parquet"
        pq.write_table(pa.table(columns), path)
        return path

    return write


@pytest.fixture
def npz(tmp_path):
    def write(**arrays):
        path = tmp_path / "own.npz"
        np.savez(path, **arrays)
        return path

    return write


def is_digits(data):
    assert data.inputs.dtype == np.uint8
    assert data.inputs.tolist() == DIGITS.tolist()
    assert data.targets.tolist() == LABELS.tolist()
    assert (data.symbols, data.classes) == (10, 3)


def steps():
    return {f"t{step}": DIGITS[:, step] for step in range(3)}


class TestRoundTrip:
    def test_npz(self, npz):
        is_digits(read_sequences(npz(sequences=DIGITS, labels=LABELS)))

    def test_csv_of_digit_strings_keeps_leading_zeros(self, csv):
        is_digits(read_sequences(csv("label,sequence\n0,012\n1,010\n1,343\n2,909\n")))

    def test_csv_with_a_column_a_step(self, csv):
        text = "a,label,b,c\n0,0,1,2\n0,1,1,0\n3,1,4,3\n9,2,0,9\n"
        is_digits(read_sequences(csv(text)))

    def test_csv_with_a_mark_at_its_beginning(self, csv):
        is_digits(read_sequences(csv("label,sequence\n0,012\n1,010\n1,343\n2,909\n", "utf-8-sig")))

    @pytest.mark.parametrize(
        "text",
        [
            pa.string_view(),
            pa.large_string(),
            pa.dictionary(pa.int32(), pa.string()),
            pa.dictionary(pa.int8(), pa.large_string()),
        ],
        ids=str,
    )
    def test_parquet_of_texts_in_every_form(self, parquet, text):
        sequences = ["".join(map(str, row)) for row in DIGITS]
        columns = {"sequence": sequences, "label": ["a", "b", "b", "c"]}
        written = {name: pa.array(each, pa.string()).cast(text) for name, each in columns.items()}
        data = read_sequences(parquet(**written))
        is_digits(data)
        assert data.names == ("a", "b", "c")

    @pytest.mark.parametrize(
        "kind",
        [
            pa.large_list(pa.int16()),
            pa.list_view(pa.int64()),
            pa.large_list_view(pa.uint8()),
            pa.list_(pa.dictionary(pa.int8(), pa.int64())),
        ],
        ids=str,
    )
    def test_parquet_of_lists_in_every_form(self, parquet, kind):
        is_digits(read_sequences(parquet(sequence=pa.array(DIGITS.tolist(), kind), label=LABELS)))

    def test_parquet_of_decimals(self, parquet):
        def exact(values):
            return pa.array([Decimal(int(value)) for value in values], pa.decimal128(5, 2))

        data = read_sequences(
            parquet(a=exact(DIGITS[:, 0]), b=exact(DIGITS[:, 1]), label=exact(LABELS))
        )
        assert data.inputs[:, :, 0].tolist() == DIGITS[:, :2].tolist()
        assert data.targets.tolist() == LABELS.tolist()

    def test_parquet_of_runs(self, tmp_path):
        column = pa.RunEndEncodedArray.from_arrays([1, 3, 4], ["a", "b", "c"])
        table = pa.table({"sequence": DIGITS.tolist(), "label": column})
        assert from_table(table, "x")[1].tolist() == ["a", "b", "b", "c"]

    def test_csv_of_a_spreadsheet(self, csv):
        text = '"sequence","label"\r\n"012","0"\r\n"010","1"\r\n"343","1"\r\n"909","2"\r\n'
        is_digits(read_sequences(csv(text, "utf-8-sig")))

    def test_parquet_of_lists(self, parquet):
        is_digits(read_sequences(parquet(sequence=DIGITS.tolist(), label=LABELS)))

    def test_parquet_of_fixed_lists(self, parquet):
        lists = pa.FixedSizeListArray.from_arrays(pa.array(DIGITS.ravel()), 3)
        is_digits(read_sequences(parquet(sequence=lists, label=LABELS)))

    def test_parquet_of_strings(self, parquet):
        strings = ["".join(map(str, row)) for row in DIGITS.tolist()]
        is_digits(read_sequences(parquet(sequence=strings, label=LABELS)))

    def test_parquet_with_a_column_a_step(self, parquet):
        is_digits(read_sequences(parquet(**steps(), label=LABELS)))

    def test_parquet_in_several_row_groups(self, tmp_path):
        path = tmp_path / "own.parquet"
        table = pa.table({"sequence": DIGITS.tolist(), "label": LABELS})
        pq.write_table(table, path, row_group_size=1)
        is_digits(read_sequences(path))

    def test_parquet_in_a_folder_that_looks_like_a_partition(self, tmp_path):
        folder = tmp_path / "step=7"
        folder.mkdir()
        pq.write_table(pa.table({**steps(), "label": LABELS}), folder / "own.parquet")
        is_digits(read_sequences(folder / "own.parquet"))

    def test_the_row_index_of_pandas_is_no_time_step(self, parquet):
        is_digits(read_sequences(parquet(**steps(), label=LABELS, __index_level_0__=LABELS)))

    def test_other_columns_beside_a_sequence_are_left_aside(self, csv):
        text = "id,sequence,label\nx,012,0\ny,010,1\nz,343,1\nw,909,2\n"
        is_digits(read_sequences(csv(text)))

    def test_the_case_of_the_suffix_does_not_matter(self, npz):
        path = npz(sequences=DIGITS, labels=LABELS)
        is_digits(read_sequences(path.rename(path.with_suffix(".NPZ"))))

    def test_a_path_as_a_string(self, npz):
        is_digits(read_sequences(str(npz(sequences=DIGITS, labels=LABELS))))


class TestMeaning:
    def test_real_values_are_continuous(self, npz):
        values = np.random.default_rng(0).normal(size=(4, 3))
        data = read_sequences(npz(sequences=values, labels=LABELS))
        assert data.inputs.dtype == np.float32
        np.testing.assert_array_equal(data.inputs, values.astype(np.float32)[:, :, None])
        assert data.symbols is None

    def test_several_features_are_continuous(self, npz):
        data = read_sequences(npz(sequences=np.ones((4, 3, 5), int), labels=LABELS))
        assert (data.inputs.shape, data.symbols) == ((4, 3, 5), None)

    @pytest.mark.parametrize("extreme", [256, -1])
    def test_integers_beyond_a_byte_are_continuous(self, npz, extreme):
        data = read_sequences(npz(sequences=[[0, 1], [2, extreme]], labels=[0, 1]))
        assert data.symbols is None
        assert data.inputs[1, 1, 0] == extreme

    def test_the_largest_symbol(self, npz):
        assert read_sequences(npz(sequences=[[0, 1], [2, 255]], labels=[0, 1])).symbols == 256

    def test_a_column_that_turns_real_late_in_the_file(self, csv):
        """Arrow infers types from the first block only, which by default is 1 MB."""
        data = read_sequences(csv("a,b,label\n" + "1,2,0\n" * 250_000 + "0.5,2,1\n"))
        assert data.inputs[-1, 0, 0] == 0.5
        assert data.symbols is None

    @pytest.mark.parametrize(
        ("labels", "targets", "classes"),
        [
            ([3, 1, 3, 0], [3, 1, 3, 0], 4),
            ([999, 0, 1, 2], [999, 0, 1, 2], 1000),
            ([1000, 0, 7, 7], [2, 0, 1, 1], 3),
            ([-1, 1, -1, 1], [0, 1, 0, 1], 2),
            ([True, False, True, False], [1, 0, 1, 0], 2),
            (["b", "a", "c", "b"], [1, 0, 2, 1], 3),
        ],
    )
    def test_labels_that_are_classes(self, npz, parquet, labels, targets, classes):
        for path in (
            npz(sequences=DIGITS, labels=labels),
            parquet(sequence=DIGITS.tolist(), label=labels),
        ):
            data = read_sequences(path)
            assert data.targets.tolist() == targets
            assert data.classes == classes

    def test_categories_of_pandas(self, parquet):
        names = pa.array(["b", "a", "c", "b"]).dictionary_encode()
        data = read_sequences(parquet(sequence=DIGITS.tolist(), label=names))
        assert data.targets.tolist() == [1, 0, 2, 1]

    def test_real_labels_are_regression(self, csv):
        data = read_sequences(csv("sequence,label\n012,0.5\n010,2\n343,-1\n"))
        assert data.targets.dtype == np.float32
        assert data.targets.tolist() == [0.5, 2, -1]
        assert data.classes is None


class TestRefused:
    def test_unknown_suffix(self, tmp_path):
        refused(tmp_path / "own.txt", r"'\.txt': allowed are \.parquet, \.csv, \.npz")

    @pytest.mark.parametrize("suffix", [".csv", ".parquet", ".npz"])
    def test_missing_file(self, tmp_path, suffix):
        refused(tmp_path / f"own{suffix}", "no such file")

    @pytest.mark.parametrize("suffix", [".csv", ".parquet", ".npz"])
    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"PAR1PAR1", b"\x00\xff\xfe" * 99])
    def test_not_such_a_file(self, tmp_path, suffix, content):
        path = tmp_path / f"own{suffix}"
        path.write_bytes(content)
        refused(path, "readable|columns|save it as UTF-8")

    def test_truncated_files(self, parquet, npz):
        for path in (
            parquet(sequence=DIGITS.tolist(), label=LABELS),
            npz(sequences=DIGITS, labels=LABELS),
        ):
            whole = path.read_bytes()
            for share in (0.1, 0.5, 0.9, 0.99):
                path.write_bytes(whole[: int(share * len(whole))])
                refused(path, "not a readable (Parquet|NPZ) file")

    @pytest.mark.parametrize("kind", ["csv", "parquet", "npz"])
    def test_a_damaged_file_raises_nothing_else(self, request, kind):
        write = request.getfixturevalue(kind)
        if kind == "csv":
            path = write("sequence,label\n012,a\n010,b\n343,b\n909,a\n")
        elif kind == "parquet":
            path = write(sequence=DIGITS.tolist(), label=["a", "b", "b", "c"])
        else:
            path = write(sequences=DIGITS, labels=LABELS)
        whole = path.read_bytes()
        rng = np.random.default_rng(0)
        outcomes, lines = set(), set()
        for place in rng.integers(0, len(whole), 300).tolist():
            damaged = bytearray(whole)
            damaged[place] = int(rng.integers(256))
            path.write_bytes(damaged)
            try:
                read_sequences(path)
                outcomes.add("read")
            except DataError as error:
                outcomes.add("refused")
                lines.add(len(str(error).splitlines()))
        assert outcomes == {"read", "refused"}
        assert lines == {1}

    def test_npz_without_its_arrays(self, npz):
        refused(
            npz(x=DIGITS, labels=LABELS), "the arrays are 'x', 'labels': needed are 'sequences'"
        )

    def test_npz_with_pickled_arrays(self, npz):
        ragged = np.array([[1, 2], [1]], dtype=object)
        refused(npz(sequences=ragged, labels=[0, 1]), "plain arrays .*allow_pickle")

    def test_a_pickle_named_npz_is_not_run(self, tmp_path):
        path = tmp_path / "own.npz"
        path.write_bytes(pickle.dumps(DIGITS))
        refused(path, "not a readable NPZ file of plain arrays")

    def test_npy_named_npz(self, tmp_path):
        path = tmp_path / "own.npz"
        with path.open("wb") as file:
            np.save(file, DIGITS)
        refused(path, "not a readable NPZ file")

    def test_npz_with_a_value_that_is_not_finite(self, npz):
        values = np.ones((4, 3))
        values[2, 1] = np.inf
        refused(npz(sequences=values, labels=LABELS), "row 3, step 2 .*allowed are finite")

    def test_npz_with_a_value_beyond_float32(self, npz):
        refused(npz(sequences=[[1.0], [1e300]], labels=[0, 1]), "row 2, step 1 .*finite float32")

    def test_npz_with_a_label_that_is_not_finite(self, npz):
        labels = [0.5, np.nan, 1.0, 2.0]
        refused(npz(sequences=DIGITS, labels=labels), "row 2, label is nan: allowed are finite")

    @pytest.mark.parametrize(
        ("arrays", "message"),
        [
            ({"sequences": DIGITS, "labels": [0, 1]}, "4 sequences and 2 labels"),
            ({"sequences": DIGITS[0], "labels": LABELS}, r"sequences have shape \(3,\)"),
            ({"sequences": DIGITS[:, :0], "labels": LABELS}, r"sequences have shape \(4, 0\)"),
            ({"sequences": DIGITS.astype(str), "labels": LABELS}, "type <U"),
            ({"sequences": DIGITS + 1j, "labels": LABELS}, "type complex128"),
            ({"sequences": DIGITS, "labels": LABELS[:, None]}, r"labels have shape \(4, 1\)"),
            ({"sequences": DIGITS[:1], "labels": LABELS[:1]}, "at least 2"),
            ({"sequences": 3, "labels": 4}, r"sequences have shape \(\)"),
        ],
    )
    def test_npz_of_the_wrong_form(self, npz, arrays, message):
        refused(npz(**arrays), message)

    def test_more_classes_than_allowed(self, npz):
        arrays = {"sequences": np.zeros((1500, 2), int), "labels": np.arange(1500)}
        refused(npz(**arrays), "1500 different values: allowed are up to 1000 classes, or floats")

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("sequence,label\n", "0 rows: at least 2"),
            ("sequence,label\n012,1\n", "1 rows: at least 2"),
            ("sequence,label\n012,1\n01,2\n", "'sequence', row 2 differs in length .*here 3"),
            ("sequence,label\n012,1\n0a1,2\n", "'sequence', row 2 is no string of digits"),
            ("sequence,label\n012,1\n01²,2\n", "'sequence', row 2 is no string of digits"),
            ("sequence,label\n012,1\n,2\n", "'sequence', row 2 is empty"),
            ("sequence,label\n012,a\n010,\n", "'label', row 2 is empty"),
            ("sequence,label\n012,1.5\n010,nan\n", "'label', row 2 is empty or NaN"),
            ("sequence,label\n012,2020-01-01\n010,2020-01-02\n", "'label' has type date"),
            ("sequence;label\n012;1\n010;2\n", "set apart by semicolons: save it with commas"),
            ("a;b;label\n1,5;2;0\n1;2;1\n", "set apart by semicolons: save it with commas"),
            ("a\tb\tlabel\n1\t2\t0\n", "set apart by tabs: save it with commas"),
            ("a,b\n1,2\n3,4\n", "columns are 'a', 'b': one column 'label' is needed"),
            ("label,label,a\n1,2,3\n1,2,4\n", "one column 'label' is needed"),
            ("label,sequence,sequence\n1,2,3\n1,2,4\n", "either one 'sequence'"),
            ("label\n1\n2\n", "beside 'label' a column 'sequence', or one a step"),
            ("a,b,label\n1,2,0\n1,2\n3,4,1\n", "line 3: Expected 3 columns, got 2"),
            ("a,b,label\n1,2,0\n1,x,1\n", "column 'b', row 2 is no number"),
            ("a,b,label\n1,2,0\n1,,1\n", "column 'b', row 2 is empty"),
            ("a,b,label\n1,2,0\n1,NaN,1\n", "column 'b', row 2 is empty or NaN"),
            ("a,b,label\n1,2.5,0\n1,inf,1\n", "row 2, step 2 .*finite"),
            ("a,b,label\n1,2020-01-01,0\n1,2020-01-01,1\n", "column 'b' is of type date"),
            (",a,label\n0,1,0\n1,2,1\n", "column 1 has no name"),
        ],
    )
    def test_csv(self, csv, text, message):
        refused(csv(text), message)

    def test_csv_that_is_not_utf8(self, csv):
        latin = "is not UTF-8, Latin-1 perhaps: save it as UTF-8"
        refused(csv("sequence,label\n012,é\n010,b\n", "latin-1"), f"line 2: {latin}")
        refused(csv("séquence,label\n012,a\n010,b\n", "latin-1"), f"line 1: {latin}")
        refused(csv("sequence,label\n012,é\n010,b\n", "utf-16"), "is UTF-16: save it as UTF-8")

    @pytest.mark.parametrize(
        ("column", "message"),
        [
            ([[1, 2], [1]], "row 2 differs in length from row 1: .*here 2"),
            ([[1, 2], None], "row 2 is empty"),
            ([[1, 2], [1, None]], "row 2, step 2 is missing"),
            ([[1.5, 2.0], [float("nan"), 1.0]], "row 2, step 1 is missing"),
            (pa.array([[], []], pa.list_(pa.int8())), "row 1 is an empty list"),
            ([[1, 2], []], "row 2 differs in length"),
            ([["a"], ["b"]], "is of type list.*allowed are lists of numbers and strings"),
            ([[[1], [2]], [[3], [4]]], "is of type list"),
            ([12344, 1233], "is of type int64: allowed are lists"),
            (["012", "01"], "row 2 differs in length"),
            (["012", "01-"], "row 2 is no string of digits"),
        ],
    )
    def test_parquet_sequences(self, parquet, column, message):
        refused(parquet(sequence=column, label=[0, 1]), "column 'sequence'.*" + message)

    def test_parquet_steps(self, parquet):
        refused(parquet(a=[1, None], label=[0, 1]), "column 'a', row 2 is empty")
        refused(parquet(a=[[1], [2]], label=[0, 1]), "column 'a' is of type list")

    def test_parquet_labels(self, parquet):
        refused(parquet(a=[1, 2], label=[[0], [1]]), "column 'label' has type list")
        refused(parquet(a=[1, 2], label=[None, "x"]), "column 'label', row 1 is empty")
        refused(parquet(a=[1, 2], labels=[0, 1]), "one column 'label' is needed")


class TestMake:
    """The task 'file'."""

    @pytest.fixture
    def config(self, tmp_path):
        rng = np.random.default_rng(0)
        sequences = rng.integers(0, 4, (200, 3))  # 64 different ones: nearly all have copies
        np.savez(tmp_path / "own.npz", sequences=sequences, labels=sequences[:, 0])
        return MemoryConfig(task="file", data="own.npz", folder=str(tmp_path))

    @pytest.mark.parametrize("seed", range(10))
    def test_copies_never_straddle_the_split(self, config, seed):
        split = tasks.make(config.replace(seed=seed))
        train, validation = (
            {row.tobytes() for row in part.inputs} for part in (split.train, split.validation)
        )
        assert not train & validation
        assert len(split.train) + len(split.validation) == 200
        assert abs(len(split.train) - 160) < 10

    def test_at_most_data_size_sequences(self, config):
        first, again, other = (
            tasks.make(config.replace(data_size=50, seed=seed)) for seed in (1, 1, 2)
        )
        assert len(first.train) + len(first.validation) == 50
        assert np.array_equal(first.train.inputs, again.train.inputs)
        assert not np.array_equal(first.train.inputs, other.train.inputs)

    def test_the_hash_must_be_that_of_the_file(self, config, tmp_path):
        path = tmp_path / "own.npz"
        right = hashlib.sha256(path.read_bytes()).hexdigest()
        tasks.make(config.replace(data_sha256=right))
        with pytest.raises(DataError, match=r"own\.npz: the file has changed.*" + right):
            tasks.make(config.replace(data_sha256="0" * 64))

    def test_a_constant_label_is_refused_by_the_name_of_the_file(self, config, tmp_path):
        np.savez(tmp_path / "own.npz", sequences=np.eye(20, dtype=int), labels=np.ones(20, int))
        with pytest.raises(DataError, match=r"own\.npz: 100 % of the labels are class 1"):
            tasks.make(config)

    def test_a_missing_file(self, config):
        with pytest.raises(DataError, match=r"other\.csv"):
            tasks.make(config.replace(data="other.csv"))
