"""The register of contracts and what hangs on each."""

from contracts.models.contract import Contract
from contracts.models.mobilisation import MobilisationTask
from contracts.models.signature import Signature
from contracts.models.terms import ContractTerm, ContractValue, ExtensionOption

__all__ = [
    "Contract",
    "ContractTerm",
    "ContractValue",
    "ExtensionOption",
    "MobilisationTask",
    "Signature",
]
