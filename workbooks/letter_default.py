"""The program's own template of letters, in Finnish and in Swedish: what a ministry gets to change."""

from datetime import UTC, datetime
from functools import cache

from docx.oxml.ns import qn
from docx.shared import Length, Pt

from locales import Message, msg, render
from workbooks.letter_template import placeholder
from workbooks.minutes_document import Paper

_MADE_AT = datetime(2020, 1, 1, tzinfo=UTC)
_LIST = "ListNumber"


@cache
def default_template(lang: str) -> bytes:
    """The template for letters in ``lang`` (fi or sv) as a docx file; the same bytes at any time."""
    paper = _TemplatePaper(lang)
    paper.head(*(placeholder(name) for name in ("authority", "kind", "date", "case_number")))
    paper.addressee()
    paper.title(placeholder("call"), placeholder("project"))
    paper.section(msg("Decision on the application"), "decision")
    paper.entry(msg("Amount applied for"), placeholder("applied"))
    paper.entry(msg("Amount granted"), placeholder("granted"))
    paper.section(msg("Reasons of the decision"), "reasons")
    paper.section(msg("Accepted costs and own funding"), "costs")
    paper.section(msg("Conditions of the grant"), "conditions", _LIST)
    paper.section(msg("Who decided"))
    paper.entry(msg("Decision maker"), placeholder("decision_maker"))
    paper.entry(msg("Presenting officer"), placeholder("presenter"))
    paper.to_fill_in(msg("Further information is given by"), msg("[name, telephone number and e-mail address]"))
    paper.section(msg("How to check the decision"), "verification")
    paper.instructions()
    paper.properties(render(msg("Template of decision letters"), lang), "", render(msg("Grant Panel"), lang), _MADE_AT)
    return paper.close()


class _TemplatePaper(Paper):
    """The house's paper with the parts of a letter."""

    def addressee(self) -> None:
        """To whom the letter goes."""
        self._add("Normal", placeholder("applicant")).paragraph_format.space_after = Length(0)
        self._add("Normal", msg("Business ID {id}", id=placeholder("business_id"))).paragraph_format.space_after = Pt(
            24
        )

    def section(self, title: Message, name: str = "", style: str = "Normal") -> None:
        """A heading and the placeholder below it."""
        self.heading(title)
        if name:
            self._add(style, placeholder(name))

    def instructions(self) -> None:
        """How to seek a change, on a page of its own, with a place for the address."""
        self.heading(placeholder("rectification_title"))
        paragraph = self._document.paragraphs[-1]
        paragraph.paragraph_format.page_break_before = True
        self._add("Normal", placeholder("rectification"))
        self.to_fill_in(
            msg("Contact details of the registry"),
            msg("[postal address, street address, e-mail address and opening hours]"),
        )

    def to_fill_in(self, lead: Message, text: Message) -> None:
        """What the ministry writes into its own template: no call says it."""
        paragraph = self._add("Normal")
        paragraph.add_run(render(lead, self.lang) + ". ").bold = True
        paragraph.add_run(render(text, self.lang))

    def close(self) -> bytes:
        """The template, without the many styles of Word that it does not use."""
        styles = self._document.styles.element
        used = {"Normal", "Title", "Subtitle", "Heading1", "Entry", "TableText", "TableGrid", _LIST, "Header", "Footer"}
        for style in list(styles.iter(qn("w:style"))):
            if style.get(qn("w:styleId")) not in used and style.get(qn("w:default")) is None:
                styles.remove(style)
        for latent in list(styles.iter(qn("w:latentStyles"))):
            styles.remove(latent)
        for linked in list(styles.iter(qn("w:link"), qn("w:next"))):
            linked.getparent().remove(linked)
        return super().close()
