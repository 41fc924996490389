"""The interface against its own document: whatever a program sends, it gets what the document says, and never a 5xx.

schemathesis makes requests of the document, good ones and bad ones, and compares each answer with it. The requests are
the same in every run. Each operation has an application of its own, so that no limit of requests is reached.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy, one_of
from schemathesis import Case, GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bangui.domain.accounts import Role
from bangui.web.api.document import build_document
from bangui.web.api.operations import BASE_PATH, Operation
from bangui.web.api.table import all_operations
from packages.bangui.tests.web.api.programs import Prepared, program_over
from packages.bangui.tests.web.api.sites import a_site
from packages.bangui.tests.web.client import HOST

OPERATIONS = all_operations(a_site())
_CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
_EXAMPLES = 12


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
async def test_every_answer_is_one_that_the_document_names(
    tmp_path: Path, prepared: Prepared, operation: Operation, mode: GenerationMode
) -> None:
    async with program_over(tmp_path, prepared=prepared) as program:
        schema = schemathesis.openapi.from_dict(build_document(OPERATIONS, version="1"))
        schema.app = program.app
        tested = schema[operation.path][operation.method]
        headers = {"Authorization": f"Bearer {program.tokens[Role.ADMIN]}"}

        @settings(
            max_examples=_EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(_cases(tested, mode))
        def check(case: Case[Any]) -> None:
            response = case.call(base_url=f"http://{HOST}{BASE_PATH}", headers=headers)
            case.validate_response(response, checks=_CHECKS)

        check()


def _cases(operation: Any, mode: GenerationMode) -> SearchStrategy[Case[Any]]:
    """Return what makes requests: of good ones also those of the document's examples."""
    made = operation.as_strategy(generation_mode=mode)
    examples: Sequence[SearchStrategy[Case[Any]]] = ()
    if mode is GenerationMode.POSITIVE:
        examples = operation.get_strategies_from_examples()
    return one_of(made, *examples)
