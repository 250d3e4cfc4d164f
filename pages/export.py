"""Export: the files of a decision, or of a draft of it, made when they are asked for."""

from ui.decision_files import files_part
from ui.look import heading
from ui.session import refusals_shown, visit
from ui.texts import t

here = visit()
heading(
    t("Export"), t("The decision workbook, its tables and the letters: of a decision, or of a draft by a scenario.")
)
with refusals_shown():
    files_part(here)
