"""The letter of one application: what was decided on it, for the applicant, in its language of service."""

from collections.abc import Mapping

from decisions.tables import Tables, hash_of
from workbooks.letter_default import default_template
from workbooks.letter_fill import Filler
from workbooks.letter_template import read_template
from workbooks.letter_texts import LANGUAGES, Letter, Letters


class LetterWriter:
    """Writes the letters of one decision; each template is read once. ``templates``: by language, else our own."""

    def __init__(self, tables: Tables, templates: Mapping[str, bytes]) -> None:
        """``tables`` complete. Raises TemplateRefused for a template that is none."""
        self.letters = Letters(tables, hash_of(tables))
        self._fillers = {
            lang: Filler(read_template(templates.get(lang) or default_template(lang), f"{lang}.docx"), lang)
            for lang in LANGUAGES
        }

    def write(self, case_number: str) -> tuple[Letter, bytes]:
        """The letter of one application and its docx file. KeyError: there is no such application."""
        letter = self.letters.of(case_number)
        return letter, self._fillers[letter.lang].fill(letter)


def letter(tables: Tables, case_number: str, template: bytes | None) -> bytes:
    """The letter of one application as a docx file; ``template`` None: our own in its language.

    ``tables`` are complete. KeyError: there is no such application. Raises TemplateRefused for a template that is none.
    """
    given = {} if template is None else dict.fromkeys(LANGUAGES, template)
    return LetterWriter(tables, given).write(case_number)[1]
