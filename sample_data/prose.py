"""The words of invented applications, put together from the building blocks in ``texts/``."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from calls.application import Language, Partner
from sample_data.chance import Chance
from sample_data.consortia import Consortium

_TEXTS = Path(__file__).with_name("texts")
_AND = {"fi": " ja ", "sv": " och "}


@dataclass(frozen=True, slots=True)
class Topic:
    """What a project is about: its name without place or mark, the need, and the change of working ways."""

    theme: str
    name: str
    need: str
    change: str


@dataclass(frozen=True, slots=True)
class Blocks:
    """Everything in one language's file."""

    marker: str
    first: tuple[str, ...]
    last: tuple[str, ...]
    numbers: Mapping[str, str]
    regions: Mapping[str, str]
    pools: Mapping[str, tuple[str, ...]]
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """The five texts of an application."""

    project_name: str
    summary: str
    process_change: str
    dissemination: str
    consortium: str


@cache
def blocks(language: Language) -> Blocks:
    """The building blocks of one language, read from its file."""
    data = tomllib.loads((_TEXTS / f"{language}.toml").read_text(encoding="utf-8"))
    fiction = data["fiction"]
    return Blocks(
        marker=fiction["marker"],
        first=tuple(fiction["first"]),
        last=tuple(fiction["last"]),
        numbers=data["numbers"],
        regions=data["regions"],
        pools={name: tuple(sentences) for name, sentences in data["pools"].items()},
        topics=tuple(Topic(**topic) for topic in data["topics"]),
    )


def listed(names: Sequence[str], language: Language) -> str:
    """The names as a sentence lists them: a, b and c."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + _AND[language] + names[-1]


def _with_members(partner: Partner, language: Language) -> str:
    if partner.kind == "municipality":
        return partner.name
    return f"{partner.name} ({listed([member.name for member in partner.members], language)})"


def mark_fictional(chance: Chance, language: Language, text: str) -> str:
    """The text with a sentence before or after it that says the application is invented."""
    found = blocks(language)
    if chance.happens(0.35):
        return f"{chance.pick(found.first)} {text}"
    return f"{text} {chance.pick(found.last)}"


def draw_topic(chance: Chance, language: Language, theme: str, region: str, used: set[str]) -> tuple[Topic, str]:
    """A topic of the theme and a full project name that is not in ``used`` (which gets it); fresh topics first."""
    found = blocks(language)
    topics = chance.shuffled([topic for topic in found.topics if topic.theme == theme])
    fresh = [topic for topic in topics if not any(name.startswith(topic.name) for name in used)]
    for topic in fresh or topics:
        place = f" {found.regions[region]}"
        endings = [place] if not fresh or chance.happens(0.6) else ["", place]
        for ending in endings:
            name = f"{topic.name}{ending} {found.marker}"
            if name not in used:
                used.add(name)
                return topic, name
    raise ValueError(f"no unused project name for theme {theme} in region {region}")


def write(
    chance: Chance,
    language: Language,
    topic: Topic,
    name: str,
    parties: Consortium,
    quality: float,
) -> Prose:
    """The texts of one application. ``quality``: standard normal; better applications say more."""
    pools = blocks(language).pools
    more = 1 if quality > 0.2 else 0
    most = 1 if quality > 1.0 else 0
    scope = chance.pick([text for text in pools["scope"] if "{count}" in text])
    scope = scope.format(count=blocks(language).numbers[str(len(parties.municipalities))])
    summary = [topic.need, scope[0].upper() + scope[1:]]
    if chance.happens(0.4):
        summary.append(chance.pick([text for text in pools["scope"] if "{count}" not in text]))
    change = [topic.change, *chance.some(pools["change"], chance.between(0, 1) + more + most)]
    spread = chance.some(pools["spread"], chance.between(1, 2) + most)
    spread += chance.some(pools["after"], chance.between(1, 1 + more))
    names = listed([_with_members(partner, language) for partner in parties.partners], language)
    opening = chance.pick(pools["consortium"]).format(coordinator=parties.coordinator.name, partners=names)
    return Prose(
        project_name=name,
        summary=mark_fictional(chance, language, " ".join(summary)),
        process_change=" ".join(change),
        dissemination=" ".join(spread),
        consortium=" ".join([opening, *chance.some(pools["roles"], chance.between(1, 2) + more)]),
    )
