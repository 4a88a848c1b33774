"""What three validators from PyPI say about FHIR resources. Nothing of this project is in it.

Takes the folder of Medplum's definitions of R4 and of US Core; on standard input one JSON object of names and the texts of
resources. Says one JSON object: validator, name, and what it finds wrong.
"""

import json
import sys
import tempfile
from pathlib import Path

import fhirkit
from fhir.resources.R4B import get_fhir_model_class
from pyfhircheck import Validator
from pyfhircheck.config import ValidatorConfig

US_CORE = "testing/uscore-v5.0.1-structuredefinitions.json"


def unpacked(definitions, folder):
    """pyfhircheck wants each StructureDefinition in a file of its own."""
    bundles = [json.loads((definitions / name).read_text()) for name in ("profiles-types.json", "profiles-resources.json")]
    found = [entry["resource"] for bundle in bundles for entry in bundle["entry"]]
    found += json.loads((definitions / US_CORE).read_text())
    for number, resource in enumerate(found):
        if resource["resourceType"] == "StructureDefinition":
            (folder / f"{number}.json").write_text(json.dumps(resource))


def by_models(text):
    """fhir.resources."""
    try:
        get_fhir_model_class(json.loads(text)["resourceType"]).model_validate_json(text)
    except ValueError as error:
        return [str(error)]
    return []


def by_fhirkit(text):
    return [str(issue) for issue in fhirkit.validate(text) if str(issue).startswith("error")]


with tempfile.TemporaryDirectory() as folder:
    unpacked(Path(sys.argv[1]), Path(folder))
    # Medplum ships eight profiles of US Core; the others that are claimed are unknown to it.
    checker = Validator(ValidatorConfig(local_package_paths=[folder], error_on_unknown_profile=False))


def by_pyfhircheck(text):
    issues = checker.validate_resource(json.loads(text)).issues
    return [f"{issue.code} {issue.path}" for issue in issues if issue.severity.name in ("ERROR", "FATAL")]


resources = json.load(sys.stdin)
voters = {"fhir.resources": by_models, "fhirkit": by_fhirkit, "pyfhircheck": by_pyfhircheck}
# Its FHIRPath engine prints what an invariant traces: that is no part of the answer.
answer, sys.stdout = sys.stdout, sys.stderr
said = {voter: {name: finds(text) for name, text in resources.items()} for voter, finds in voters.items()}
json.dump(said, answer)
