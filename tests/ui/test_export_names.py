"""Names of the files of a decision: no two of them share one."""

from itertools import product

from ui.export_form import FORMS, VARIANTS, Choice
from ui.texts import set_language


def test_file_of_a_decision_is_named_by_what_it_is() -> None:
    set_language("fi")
    choice = Choice("2020", ("decision", 7), "xlsx", "pseudonymised", "sv", "Päätös 1")
    assert choice.filename == "paatoslista-2020-paatos-1-pseudonymisoitu-sv.xlsx"


def test_different_files_have_different_safe_names() -> None:
    set_language("fi")
    stages = ("Päätös 1", "Päätös 2", "luonnos Skenaario ”x/y”: <1>")
    made = {
        Choice("2020", ("decision", 1), form, variant, lang, stage).filename
        for form, variant, lang, stage in product(("xlsx", "csv"), VARIANTS, ("fi", "sv", "en"), stages)
    } | {Choice("2020", ("decision", 1), form, "full", "fi", stage).filename for form, stage in product(FORMS, stages)}
    assert len(made) == 2 * len(VARIANTS) * 3 * 3 + 3 * 3
    assert all(name.isascii() and name.replace("-", "").replace(".", "").isalnum() for name in made)
