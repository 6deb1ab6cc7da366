"""Commands that do what they should not: one sentence, nothing lost, nobody left behind."""

import resource
import signal
import sys
import time
import uuid

import pytest

from assay.errors import AssayError
from assay.kinds.command import KIND
from assay.kinds.own import output
from tests.kinds.command.helpers import Trial, running


def after(seconds: float):
    """Ask for a stop once so much time has passed since it was first asked."""
    began: list[float] = []

    def stop() -> bool:
        began.append(time.monotonic())
        return began[-1] - began[0] > seconds

    return stop


def test_not_found(trial: Trial) -> None:
    config = trial.config(command="no-such-program --x")
    with pytest.raises(AssayError, match="there is no program 'no-such-program' on the PATH"):
        KIND.check(config)
    with pytest.raises(AssayError, match=r"no program './x.sh' in /"):
        KIND.check(trial.config(command="./x.sh"))
    result = trial.run(command="no-such-program")
    assert result.status == "failed"
    assert result.message == "no-such-program cannot be run: No such file or directory"
    assert trial.at.status == "failed"


def test_nothing_that_matches(trial: Trial) -> None:
    result = trial.run("print('loss 3')")
    assert result.status == "failed"
    assert result.message == (
        "the command ended well and told no number: no line of its output, which is in "
        f"{trial.at.path}/output.txt, matches 'accuracy {{accuracy}}'"
    )


def test_a_number_that_a_claim_reads_and_it_never_tells(trial: Trial) -> None:
    result = trial.run("print('loss 3 acc 4')", pattern=["loss {loss}", "acc {acc}", "f1 {f1}"])
    assert result.status == "finished"
    result = trial.run(
        expects=["loss", "f1"], pattern=["loss {loss}", "acc {acc}", "f1 {f1}"], seed=1
    )
    assert result.status == "failed"
    assert result.message == (
        "the command ended well and told no number 'f1', which it has to: it told acc, loss"
    )


def test_no_file_of_numbers(trial: Trial) -> None:
    result = trial.run("print('done')", metrics="m.jsonl")
    assert result.message.endswith("work/m.jsonl is not there")


def test_an_exit_code(trial: Trial) -> None:
    result = trial.run("print('accuracy 1'); raise SystemExit('no data')")
    assert result.status == "failed"
    assert (
        "ended with exit code 1; the last line of its output: no data; its output" in result.message
    )
    trial.script("other.py", "")
    again = trial.run("print('accuracy 1')")  # other source, other run
    assert again.status == "finished"


def test_a_failed_run_can_be_tried_again(trial: Trial) -> None:
    code = "import pathlib, sys\nprint('accuracy 1')\nsys.exit(not pathlib.Path('there').exists())"
    assert trial.run(code).status == "failed"
    (trial.folder / "there").touch()
    assert trial.run(code).status == "finished"
    assert trial.at.status == "finished"


def test_a_signal(trial: Trial) -> None:
    result = trial.run("import os; os.kill(os.getpid(), 9)")
    assert "ended by signal SIGKILL (which is also how a system out of memory" in result.message


def test_twice_a_step_the_last_counts(trial: Trial) -> None:
    code = "for at in 1, 1, 2:\n  for acc in 3, 4: print('step', at, 'acc', acc + at)"
    assert trial.run(code, pattern="step {step} acc {acc}").status == "finished"
    assert trial.points("acc") == [(1, 5), (2, 6)]


def test_half_a_line(trial: Trial) -> None:
    code = """
import os, pathlib
path = pathlib.Path(os.environ["ASSAY_FOLDER"], "m.jsonl")
path.write_text('{"step": 1, "a": 2}\\n{"step": 2, "a"')
"""
    assert trial.run(code, metrics="m.jsonl").status == "finished"
    assert trial.points("a") == [(1, 2)]
    assert "1 line of its file of numbers could not be read" in trial.at.record().alarms[0]


def test_200_megabytes_of_output(trial: Trial) -> None:
    code = """
import sys
print("accuracy 0.25")
for _ in range(200): sys.stdout.write(("x" * 99 + "\\n") * 10_000)
print("accuracy 0.75")
"""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert trial.run(code).status == "finished"
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 60_000  # kB
    kept = (trial.at.path / "output.txt").read_bytes()
    assert len(kept) < 2 * output.KEPT + 100
    assert kept.startswith(b"accuracy 0.25\n")
    assert kept.endswith(b"accuracy 0.75\n")
    assert b"[assay left out 190 MB here]" in kept
    assert trial.points("accuracy") == [(1, 0.25), (2, 0.75)]


def test_too_many_numbers(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assay.kinds.command.gathered.MOST", 1000)
    result = trial.run("while True: print('accuracy 1')", grace=1.0)
    assert result.message.startswith("the command told more than 1,000,000 numbers") or (
        "told more than 1,000 numbers: let it tell fewer" in result.message
    )


@pytest.mark.parametrize("own_session", [False, True])
def test_children_left_behind(trial: Trial, own_session: bool) -> None:
    word = uuid.uuid4().hex
    code = f"""
import subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60) # {word}"],
                 start_new_session={own_session})
print("accuracy 1")
"""
    result = trial.run(code)
    assert result.status == "finished"
    assert result.notices == ("the command left a process behind, which was ended",)
    assert not running(word)


def test_one_that_ignores_being_asked_to_end(trial: Trial) -> None:
    word = uuid.uuid4().hex
    code = f"""
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60) # {word}"])
print("accuracy 1")
time.sleep(60)
"""
    began = time.monotonic()
    assert trial.run(code, after(0.5), grace=0.5).status == "stopped"
    assert time.monotonic() - began < 20
    assert not running(word)
    assert trial.at.record() is None


def test_a_terminal_is_not_there(trial: Trial) -> None:
    result = trial.run("print('accuracy 1'); open('/dev/tty')", seed=1)
    assert result.status == "failed"
    assert "/dev/tty" in result.message
    result = trial.run("print('accuracy 1'); input('continue? ')")
    assert result.status == "failed"
    assert "EOFError" in result.message


def test_sources_that_change_while_it_runs(trial: Trial) -> None:
    trial.script("helper.py", "x = 1")
    code = """
import pathlib, helper
pathlib.Path("helper.py").write_text("x = 22")
print("accuracy 1")
"""
    assert trial.run(code).status == "finished"
    assert "helper.py changed while the command ran" in trial.at.record().alarms[0]


def test_sources_that_have_changed_before_it_runs(trial: Trial) -> None:
    config = trial.config("print('accuracy 1')")
    trial.script("script.py", "print('accuracy 2')")
    from assay.execution.runner import execute

    result = execute(config, trial.store, lambda at: None, lambda: False)
    assert result.status == "failed"
    assert "script.py is not what this run was planned with" in result.message


def test_a_time_limit(trial: Trial) -> None:
    code = "import time; print('accuracy 1'); time.sleep(60)"
    result = trial.run(code, time_limit=0.5)
    assert "took longer than its time_limit of 0.5 seconds, and was ended" in result.message
    assert trial.at.status == "failed"


@pytest.mark.skipif(sys.platform != "linux", reason="memory is looked up in /proc")
def test_a_memory_limit(trial: Trial) -> None:
    code = "import time; print('accuracy 1'); x = b'1' * 300_000_000; time.sleep(60)"
    result = trial.run(code, memory_limit="200 MB")
    assert "in memory, more than its memory_limit of 200 MB, and were ended" in result.message


def test_ctrl_c_means_to_it_what_it_means_to_any(trial: Trial) -> None:
    code = "import signal; print('accuracy', int(signal.getsignal(2) is signal.SIG_IGN))"
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        trial.run(code)
    finally:
        signal.signal(signal.SIGINT, before)
    assert trial.points("accuracy") == [(1, 0)]
