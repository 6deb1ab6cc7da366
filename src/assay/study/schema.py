"""The JSON Schema of study files, for editors: completion, descriptions, and slips underlined.

It knows the fields of every kind that is installed. What only the program can know, such as whether
an experiment that a claim names is there, is left to it.
"""

from collections.abc import Iterable
from typing import Any

from assay.config import kind_named, kind_names
from assay.outcomes.reading import FORMS
from assay.statements import STATEMENTS
from assay.study.file import StudyFile

DRAFT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]

_SCALAR = {"type": ["boolean", "integer", "number", "string"]}


def study_schema() -> Schema:
    """The schema of a study file, by draft 2020-12."""
    schema = StudyFile.model_json_schema()
    tables = schema["$defs"]
    kinds = {name: kind_named(name).config.model_json_schema() for name in kind_names()}
    for found in kinds.values():
        tables |= found.get("$defs", {})
    fields = _fields(kinds.values())
    fields["kind"] = {"enum": list(kinds), "description": "What is trained."}
    for name in ("ExperimentTable", "ExperimentProfile"):
        tables[name]["properties"] |= fields
        tables[name]["additionalProperties"] = _SCALAR  # a value of an own command or function
        tables[name]["properties"]["grid"] = {
            "type": "object",
            "description": "Values of settings: an arm for each combination.",
            "additionalProperties": {"type": "array", "items": _SCALAR},
        }
    part = tables["Part"]["properties"]
    part["test"] = {"enum": list(STATEMENTS), "description": "What is stated of the numbers."}
    part["at"] = {
        "description": f"How a logged number is read: {FORMS}.",
        "anyOf": [
            {"type": "string"},
            {
                "type": "object",
                "properties": {"update": {"type": "integer", "minimum": 0}},
                "required": ["update"],
                "additionalProperties": False,
            },
        ],
    }
    tables.pop("At", None)
    own = {name: {"type": "object", "properties": _fields([kinds[name]])} for name in kinds}
    schema["properties"]["defaults"] = {
        "type": "object",
        "description": "Settings of every experiment; those of one kind in a table of its name.",
        "properties": {
            # Such as `command`, which is a kind and a setting.
            name: {"anyOf": [each[name] for each in (fields, own) if name in each]}
            for name in fields | own
        },
        "additionalProperties": _SCALAR,
    }
    return {"$schema": DRAFT, **schema}


def _fields(kinds: Iterable[Schema]) -> Schema:
    """The settings of some kinds; one that several have may be as any of them says."""
    found: dict[str, list[Schema]] = {}
    for kind in kinds:
        for name, field in kind["properties"].items():
            if name != "kind" and field not in found.setdefault(name, []):
                found[name].append(field)
    return {name: each[0] if len(each) == 1 else {"anyOf": each} for name, each in found.items()}
