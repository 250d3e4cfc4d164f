"""What the solver prints by itself never reaches standard output, and its one line nobody."""

import os

import pytest

from allocation.quiet import solver_output_to_stderr

LINE = b"HighsMipSolverData::transformNewIntegerFeasibleSolution tmpSolver.run();\n"


def test_the_line_of_the_solver_is_left_out_and_other_output_goes_to_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    with solver_output_to_stderr(), solver_output_to_stderr():
        os.write(1, LINE)
        os.write(1, b"Something else\n" + LINE)
    print("after")
    assert capfd.readouterr() == ("after\n", "Something else\n")


def test_nothing_printed_leaves_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with solver_output_to_stderr():
        pass
    os.write(1, b"after\n")
    assert capfd.readouterr() == ("after\n", "")
