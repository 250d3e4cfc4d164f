"""The fields of what is said of single projects: groups that exclude each other, dependencies, and force with reason."""

from dataclasses import replace

from allocation import Dependent, Exclusive, Kind
from ui.scenario_numbers import read_count
from ui.scenario_proposal import Editor, Proposal
from ui.scenario_words import dependent_words, exclusive_words
from ui.texts import t

LONGEST_REASON = 1000


def exclusive_fields(editor: Editor) -> Proposal:
    """A group of which only so many are funded."""
    scenario, cases = editor.scenario, editor.cases()
    old = next((one for one in scenario.exclusive if one.name == editor.old), None)
    members = editor.fields.some_of(
        t("Projects"), list(cases), old.members if old else (), "members", lambda case: cases.get(case, case)
    )
    most = editor.fields.read(
        t("How many of them can be funded"), old.most if old else 1, str(old.most if old else 1), "most", read_count
    )
    one = Exclusive("", members, 1 if most is None else most, old.on if old else True)
    name = editor.name(exclusive_words(one).rstrip(".")[:100] if members else "", old.name if old else "")
    one = replace(one, name=name)
    problems = [] if len(members) > one.most else [t("Choose more projects than can be funded.")]
    problems += editor.taken(name, scenario.exclusive)
    return Proposal(
        replace(scenario, exclusive=editor.put(one, scenario.exclusive)),
        exclusive_words(one) if members else "",
        frozenset({"exclusive"}),
        problems,
    )


def dependent_fields(editor: Editor) -> Proposal:
    """A project that is funded only with others."""
    scenario, cases = editor.scenario, editor.cases()
    old = next((one for one in scenario.dependent if one.name == editor.old), None)
    project = _project(editor, t("Project that depends on others"), old.project if old else "")
    needs = editor.fields.some_of(
        t("Projects that must be funded too"),
        [case for case in cases if case != project],
        tuple(case for case in old.needs if case != project) if old else (),
        "needs",
        lambda case: cases.get(case, case),
    )
    one = Dependent("", project, needs, old.on if old else True)
    whole = bool(project and needs)
    name = editor.name(dependent_words(one).rstrip(".")[:100] if whole else "", old.name if old else "")
    one = replace(one, name=name)
    problems = [] if whole else [t("Choose the project and at least one that it depends on.")]
    problems += [t("A project cannot depend on itself.")] if project in needs else []
    problems += editor.taken(name, scenario.dependent)
    return Proposal(
        replace(scenario, dependent=editor.put(one, scenario.dependent)),
        dependent_words(one) if whole else "",
        frozenset({"dependent"}),
        problems,
    )


def forced_fields(editor: Editor) -> Proposal:
    """A project funded in any case or not at all, with the reason that must be given."""
    scenario = editor.scenario
    kind: Kind = "force_in" if editor.kind == "force_in" else "force_out"
    project = _project(editor, t("Project"), editor.old or "")
    reason = editor.fields.text(
        t("Reason"),
        scenario.reasons.get(editor.old or "", ""),
        "reason",
        about=t("It goes into the decision workbook."),
        longest=LONGEST_REASON,
    )
    problems = [] if project else [t("Choose the project.")]
    problems += [] if reason else [t("The reason is missing. Write why.")]
    ins, outs = scenario.force_in - {editor.old}, scenario.force_out - {editor.old}
    reasons = {case: why for case, why in scenario.reasons.items() if case != editor.old}
    other = outs if kind == "force_in" else ins
    if project in other:
        problems.append(
            t("{case} is funded in any case and not funded at the same time. Remove one first.", case=project)
        )
    ins, outs = (ins | {project}, outs) if kind == "force_in" else (ins, outs | {project})
    changed = replace(
        scenario, force_in=frozenset(ins), force_out=frozenset(outs), reasons={**reasons, project: reason}
    )
    return Proposal(changed, "", frozenset({kind}), problems)


def _project(editor: Editor, label: str, old: str) -> str:
    cases = editor.cases()
    options = ["", *cases, *([old] if old and old not in cases else [])]
    return editor.fields.one_of(label, options, old, "project", lambda case: cases.get(case, case) or t("Choose"))
