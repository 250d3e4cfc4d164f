"""What an import would do, and every fault with its place."""

from ui import notices
from ui.look import section
from ui.tables import Cell, Column, figures, table
from ui.texts import say, t, tn
from workflow.intake import ImportPlan


def show_plan(plan: ImportPlan) -> None:
    """Counts of rows by what taking them would do."""
    figures(
        [
            (t("New"), str(plan.count("new")), t("applications not here yet")),
            (t("Answers"), str(plan.count("answer")), t("to requests for supplement: new versions")),
            (t("Differing"), str(plan.count("differs")), t("here with other content")),
            (t("Unchanged"), str(plan.count("unchanged")), t("here already")),
            (t("Faulty"), str(plan.faulty_rows), tn("{n} fault", "{n} faults", len(plan.faults))),
        ]
    )


def show_warnings(plan: ImportPlan) -> None:
    """What an officer should look at before taking the rows."""
    if plan.outside_window:
        notices.warning(
            tn(
                "{n} application arrived outside the window of this call. Is the file of this call?",
                "{n} applications arrived outside the window of this call. Is the file of this call?",
                plan.outside_window,
            )
        )
    if plan.late_answers:
        cases = ", ".join(plan.late_answers)
        notices.warning(t("The supplement arrived after the deadline of its request: {cases}.", cases=cases))


def show_faults(plan: ImportPlan) -> None:
    """Every fault: sheet, row, column, value, what is wrong and what is accepted."""
    section(t("Faults"))
    rows: list[list[Cell]] = [
        [
            str(fault.row),
            fault.column,
            say(fault.field),
            fault.value,
            say(fault.problem),
            say(fault.accepted),
        ]
        for fault in plan.faults[:500]
    ]
    table(
        t("Sheet {sheet}: {n} faults", sheet=plan.intake.sheet, n=len(plan.faults)),
        [
            Column(t("Row"), figures=True),
            Column(t("Column")),
            Column(t("Field")),
            Column(t("Value")),
            Column(t("What is wrong")),
            Column(t("What is accepted")),
        ],
        rows,
    )
