"""Every state with every verb, and every role with every act, against what is declared."""

import pytest

from contracts.models import Contract
from contracts.states import ContractState
from organisation.permissions import may, registered_acts
from organisation.roles import Role
from tests.factories import contracts as make
from tests.factories import organisation as people

STARTS_FROM = {
    "award": {"drafted"},
    "withdraw": {"drafted", "awarded"},
    "sign_for_council": {"awarded"},
    "sign_for_supplier": {"awarded"},
    "begin_mobilisation": {"signed"},
    "enter_in_register": {"mobilising", "live"},
    "go_live": {"mobilising"},
}
OF_THE_SYSTEM = {"award", "withdraw", "begin_mobilisation"}
OWN = ("contract.", "mobilisation.", "handover.", "indicator.")
KEEPERS = {Role.CONTRACT_MANAGER, Role.COMMISSIONER, Role.CCPS_OFFICER}
WHO = {
    "contract.edit": KEEPERS,
    "contract.sign": {Role.SERVICE_LEADER, Role.BUDGET_HOLDER},
    "contract.record_supplier_signature": KEEPERS | {Role.SERVICE_LEADER},
    "contract.register": KEEPERS,
    "contract.go_live": {Role.CONTRACT_MANAGER},
    "mobilisation.plan": {Role.CONTRACT_MANAGER, Role.COMMISSIONER, Role.SERVICE_LEADER},
    "mobilisation.finish": {Role.CONTRACT_MANAGER, Role.COMMISSIONER, Role.SERVICE_LEADER},
    "handover.prepare": {Role.CCPS_OFFICER, Role.CCPS_MANAGER},
    "handover.answer": {Role.CONTRACT_MANAGER},
    "indicator.edit": KEEPERS,
    "indicator.record": {Role.CONTRACT_MANAGER},
}


def test_every_verb_is_in_the_tables() -> None:
    assert set(Contract.verbs()) == set(STARTS_FROM)
    assert {name for name, rules in Contract.verbs().items() if rules.by_system_only} == OF_THE_SYSTEM
    assert {code for code in registered_acts() if code.startswith(OWN)} == set(WHO)


@pytest.mark.parametrize("state", ContractState.values)
@pytest.mark.parametrize("verb", STARTS_FROM)
def test_verb_starts_from(state, verb) -> None:
    assert Contract(state=state).can_go(verb) == (state in STARTS_FROM[verb])


@pytest.mark.parametrize("code", WHO)
@pytest.mark.parametrize("role", list(Role))
def test_role_may(where, code, role) -> None:
    contract = make.in_register(where)

    assert may(people.person(role, at=where.organisation), code, contract) == (role in WHO[code])
    assert not may(people.person(role), code, contract)
