"""The publishers: who publishes reports where, one YAML file per province under publishers/.

Belongs here: reading and checking the registry. Does not: fetching, reading pages (recipes.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import yaml

PUBLISHERS = Path(__file__).parent / "publishers"
SCHEMA = "schema.yaml"
PACE_SECONDS = 2.0
OFFICIAL = ".gov.cn"


class RegistryError(ValueError):
    """A publisher's entry is not what the schema or the rules of the registry ask for."""


@dataclass(frozen=True)
class Publisher:
    """One publisher; `organ` is a name, `territory` a division code, at least one of them is not empty.

    pace: seconds between two requests to one host. verified: the day somebody saw the listing, "" if nobody did.
    """

    id: str
    province: str
    listings: tuple[str, ...]
    family: str
    floor: int
    organ: str = ""
    territory: str = ""
    hosts: tuple[str, ...] = ()
    pace: float = PACE_SECONDS
    tls: tuple[str, ...] = ()
    verified: str = ""

    @property
    def allowed(self) -> tuple[str, ...]:
        """The hosts that may be asked for it."""
        return tuple(dict.fromkeys((*(urlsplit(one).hostname or "" for one in self.listings), *self.hosts)))

    def listings_of(self, year: str) -> tuple[str, ...]:
        """Return its listing addresses for a report year."""
        return tuple(one.replace("{year}", year) for one in self.listings)


def load_folder(folder: Path = PUBLISHERS) -> dict[str, Publisher]:
    """Return {id: publisher} of every file in `folder`; RegistryError names file, entry and what is wrong."""
    found: dict[str, Publisher] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name == SCHEMA:
            continue
        for publisher in _load(path):
            if publisher.id in found:
                raise RegistryError(f"{path.name}: {publisher.id} stands twice in the registry")
            found[publisher.id] = publisher
    return found


def chosen(publishers: dict[str, Publisher], names: Iterable[str], unverified: bool = False) -> list[Publisher]:
    """Return the publishers named, or all that somebody verified; RegistryError for a name that there is not."""
    wanted = list(names)
    absent = sorted(set(wanted) - set(publishers))
    if absent:
        raise RegistryError(f"no such publisher: {', '.join(absent)}")
    return [publishers[name] for name in wanted] or [one for one in publishers.values() if one.verified or unverified]


def _load(path: Path) -> list[Publisher]:
    content: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), _Texts)
    error = next(iter(sorted(_validator().iter_errors(content), key=str)), None)
    if error is not None:
        raise RegistryError(f"{path.name}: {'/'.join(map(str, error.absolute_path))}: {error.message}")
    return [_publisher(path, content["province"], entry) for entry in content["publishers"]]


def _publisher(path: Path, province: str, entry: dict[str, Any]) -> Publisher:
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    reason = fields.pop("not_gov_cn", "")
    fields.pop("note", None)
    publisher = Publisher(province=province, **fields)
    foreign = [host for host in publisher.allowed if not host.endswith(OFFICIAL)]
    if foreign and not reason:
        raise RegistryError(f"{path.name}: {publisher.id}: {foreign[0]} is not under {OFFICIAL}; say why in not_gov_cn")
    if publisher.territory and publisher.territory[:2] != province[:2]:
        raise RegistryError(f"{path.name}: {publisher.id}: {publisher.territory} lies in another province")
    return publisher


class _Texts(yaml.SafeLoader):
    """Reads days as text."""


_Texts.yaml_implicit_resolvers = {
    key: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for key, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@cache
def _validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(yaml.safe_load((PUBLISHERS / SCHEMA).read_text(encoding="utf-8")))
